"""Times that have not come yet: refused where something happened, and limited where something is agreed."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.state import AnswerValue
from protocols.times_ahead import times_ahead
from tests.protocols.small import refused_with, small
from tests.protocols.walk import FRIDAY

ASKED = "      talked_on:\n        ask: Hvornår?\n        type: date\n"
AHEAD = f"{ASKED}        may_be_ahead: true\n"
TOO_FAR = "Det må højst være 6 hverdage fra nu. Vælg senest 07-12-2026."


def said(folder: Path, written: str, value: AnswerValue) -> dict[str, str]:
    definition = small(folder, (ASKED, written))
    return times_ahead(definition, "talk", {"talked_on": value}, FRIDAY)


def test_what_happened_cannot_have_happened_tomorrow(tmp_path: Path) -> None:
    refused = {"talked_on": "Datoen ligger i fremtiden. Skriv, hvornår det skete."}

    assert said(tmp_path, ASKED, "2026-11-28") == refused
    assert said(tmp_path, ASKED, "2026-11-27") == {}


def test_what_may_be_ahead_may_be_so_far_ahead_as_it_likes(tmp_path: Path) -> None:
    assert said(tmp_path, AHEAD, "2031-11-28") == {}


@pytest.mark.parametrize(("value", "problems"), [("2026-12-07", {}), ("2026-12-08", {"talked_on": TOO_FAR})])
def test_a_limit_counts_as_a_deadline_does(value: str, problems: dict[str, str], tmp_path: Path) -> None:
    assert said(tmp_path, f"{AHEAD}        ahead_at_most: 6 working days\n", value) == problems


def test_an_instant_is_limited_to_the_instant(tmp_path: Path) -> None:
    written = f"{AHEAD}        ahead_at_most: 2 hours\n".replace("type: date\n", "type: datetime\n")

    assert said(tmp_path, written, "2026-11-27T17:55:00+00:00") == {}
    assert said(tmp_path, written, "2026-11-27T17:55:01+00:00") == {
        "talked_on": "Det må højst være 2 timer fra nu. Vælg senest 27-11-2026 kl. 18.55."
    }


@pytest.mark.parametrize(
    ("written", "line", "sentence"),
    [
        (ASKED, "ahead_at_most: 2 weeks", "say may_be_ahead: true too, or remove this"),
        (AHEAD, "ahead_at_most: 2 weeks before", "say how far ahead it may lie, such as 14 days"),
        (AHEAD, "ahead_at_most: soon", "'soon' is not a length of time"),
    ],
)
def test_a_limit_that_limits_nothing_is_refused(
    written: str, line: str, sentence: str, tmp_path: Path
) -> None:
    [(_, refused_line, refused)] = refused_with(tmp_path, (ASKED, f"{written}        {line}\n"))

    assert refused_line == line
    assert refused.startswith(sentence)
