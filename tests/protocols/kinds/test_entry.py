"""The kind *entry*: for how long a closed case may come back, and with which steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlepligt.domain.deadlines import Offset, Unit
from tests.protocols.small import refused_with, small

ENDS = "ends:\n"


def entry(line: str) -> tuple[str, str]:
    return ENDS, f"entries:\n  again:\n    {line}\n\nends:\n"


def test_an_entry_opens_no_step_by_itself(tmp_path: Path) -> None:
    found = small(tmp_path, entry("{title: Tilbage, within: 6 months}")).entries["again"]

    assert (found.title, found.within, found.steps) == ("Tilbage", Offset(6, Unit.MONTHS), ())


def test_an_entry_can_open_a_step_that_may_come_back(tmp_path: Path) -> None:
    definition = small(tmp_path, entry("{title: Tilbage, within: 90 days, steps: [finish]}"))

    assert definition.entries["again"].steps == ("finish",)


@pytest.mark.parametrize("length", ["24 hours", "30 minutes", "5 working days", "0 days", "-6 months"])
def test_a_case_may_come_back_for_days_or_months(length: str, tmp_path: Path) -> None:
    line = f"{{title: Tilbage, within: {length}}}"

    refused = refused_with(tmp_path, entry(line))

    sentence = f"'{length}' does not fit here; write at least 1 and one of days, months"
    assert refused == [("small.yaml", line, sentence)]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "{title: Tilbage, within: 6 months, steps: [visit]}",
            "'visit' may not come back; add repeats: {at_most: ...} to the step",
        ),
        (
            "{title: Tilbage, within: 6 months, steps: [vist]}",
            "unknown step 'vist'; did you mean 'visit'?",
        ),
        (
            "{title: Tilbage, within: a while}",
            "'a while' is not a length of time; write a whole number and one of minutes, hours, days, "
            "working days, weeks, months, years, for example '2 working days'",
        ),
    ],
)
def test_an_entry_nobody_could_use_is_refused(line: str, sentence: str, tmp_path: Path) -> None:
    assert refused_with(tmp_path, entry(line)) == [("small.yaml", line, sentence)]
