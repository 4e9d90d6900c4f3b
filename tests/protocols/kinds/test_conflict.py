"""The kind *conflict*: what the source says twice and differently, and which reading was built."""

from __future__ import annotations

from pathlib import Path

from protocols.checking import check
from tests.protocols.small import refused_with, small, write

ENDS = "ends:\n"


def conflict(line: str) -> tuple[str, str]:
    return ENDS, f"conflicts:\n  letters:\n    {line}\n\nends:\n"


def test_a_conflict_says_what_where_and_what_was_built(tmp_path: Path) -> None:
    line = "{text: To breve., where: [side 3, side 5], built: Det første., contacts: [hotline]}"

    found = small(tmp_path, conflict(line)).conflicts["letters"]

    assert (found.text, found.where, found.built) == ("To breve.", ("side 3", "side 5"), "Det første.")
    assert (found.contacts, found.cautions) == (("hotline",), ())


def test_a_conflict_is_listed_when_the_definition_is_checked(tmp_path: Path) -> None:
    path = write(tmp_path, conflict("{text: To breve., where: [side 3], built: Det første.}"))

    report = check(path)

    assert report.is_clean
    assert report.conflicts == ("small: letters: To breve. Bygget: Det første.",)


def test_a_conflict_about_a_contact_or_caution_that_is_not_there_is_refused(tmp_path: Path) -> None:
    line = "{text: To., where: [side 3], built: Ét., contacts: [hotlin], cautions: [bold]}"

    assert refused_with(tmp_path, conflict(line)) == [
        ("small.yaml", line, "unknown contact 'hotlin'; did you mean 'hotline'?"),
        ("small.yaml", line, "unknown caution 'bold'; declare it under cautions"),
    ]


def test_a_conflict_that_does_not_say_what_was_built_is_refused(tmp_path: Path) -> None:
    refused = refused_with(tmp_path, conflict("{text: To breve., where: [side 3]}"))

    assert refused == [("small.yaml", "letters:", "'built' is missing; add it")]
