"""The kind *head*: which protocol it is, whose, and for whom it is suggested."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.loader import Library
from tests.protocols.small import refused_with, small

RAISED_BY = "raised_by: [adviser]"
APPLIES = 'applies_when: "true"'


def test_a_head_says_which_protocol_it_is_and_whose(tmp_path: Path) -> None:
    definition = small(tmp_path)

    assert (definition.key, definition.version, definition.title) == ("small", "2026-1", "Lille forløb")
    assert definition.head.organisation.name == "Prøveby"
    assert (definition.head.organisation.address, definition.head.organisation.registration) == ("", "")


@pytest.mark.parametrize(
    ("age", "role", "suggested"), [(17, "adviser", ("small",)), (18, "adviser", ()), (17, "leader", ())]
)
def test_a_protocol_is_suggested_to_those_who_may_raise_it_for_that_age(
    age: int, role: str, suggested: tuple[str, ...], tmp_path: Path
) -> None:
    definition = small(tmp_path, (APPLIES, "applies_when: age != null && age < 18"))

    assert Library([definition]).suggest(age, role) == suggested


@pytest.mark.parametrize(
    ("old", "line", "sentence"),
    [
        (
            "key: small",
            "key: Small Talk",
            "'Small Talk' is not allowed for 'key'; write for",
        ),
        (
            'version: "2026-1"',
            'version: "1.0"',
            "'1.0' is not allowed for 'version'; write for",
        ),
        ("zone: Europe/Copenhagen", "zone: Europe/Aalborg", "unknown time zone 'Europe/Aalborg'; write for"),
        ("country: DK", "country: ZZ", "nothing is known of the country 'ZZ'; write for example DK"),
        ("calendar: DK", "calendar: ZZ", "no calendar 'ZZ'; known: DK"),
        (RAISED_BY, "raised_by: [wizard]", "unknown staff role 'wizard'; there are adviser, "),
        (APPLIES, "applies_when: fact.child == 'yes'", "unknown name 'fact.child'"),
        ("  source: Opfundet\n", "", "'source' is missing; add it"),
    ],
)
def test_a_head_that_cannot_be_used_is_refused(old: str, line: str, sentence: str, tmp_path: Path) -> None:
    [(file, written, said)] = refused_with(tmp_path, (old, line))

    assert (file, written) == ("small.yaml", line or "head:")
    assert said.startswith(sentence)
