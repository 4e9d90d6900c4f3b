"""The kind *legal reference*: what was cited, what holds today, and what a page may print."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.checking import check
from tests.protocols.small import refused_with, small, write

ACT = 'act: {about: Besøg, cited: "Den gamle lov § 1", successor: "Den nye lov § 2"}'


def test_a_reference_is_printed_and_nobody_has_checked_it(tmp_path: Path) -> None:
    reference = small(tmp_path).legal_references["act"]

    assert (reference.about, reference.printed, reference.mapping_inferred) == ("Besøg", True, False)
    assert (reference.checked_by, reference.checked_at) == ("", "")


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        (ACT, "Den nye lov § 2 (før Den gamle lov § 1)"),
        ('act: {about: Besøg, cited: "Loven § 1"}', "Loven § 1"),
        ('act: {about: Besøg, successor: "Loven § 2"}', "Loven § 2"),
        ('act: {about: Besøg, successor: "Loven § 2", printed: false}', None),
        ("act: {about: Besøg}", None),
    ],
)
def test_a_page_prints_what_holds_today_and_what_it_was_before(
    line: str, printed: str | None, tmp_path: Path
) -> None:
    assert small(tmp_path, (ACT, line)).legal_references["act"].danish == printed


def test_a_successor_of_our_own_reading_is_noted_until_somebody_has_looked(tmp_path: Path) -> None:
    path = write(tmp_path, (ACT, ACT.replace("}", ", mapping_inferred: true}")))

    notes = check(path).notes

    assert "small: henvisning act: Den nye lov § 2 er udledt af Den gamle lov § 1" in notes
    assert "small: frist visited: lovhenvisningen act er ikke efterprøvet" in notes


def test_a_reference_that_does_not_say_what_it_is_about_is_refused(tmp_path: Path) -> None:
    line = 'act: {cited: "Loven § 1"}'

    assert refused_with(tmp_path, (ACT, line)) == [("small.yaml", line, "'about' is missing; add it")]
