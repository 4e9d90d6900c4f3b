"""The kind *followup*: when a case is first looked at again."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlepligt.domain.deadlines import Offset, Unit
from tests.protocols.small import refused_with, small

ENDS = "ends:\n"


def followup(line: str) -> tuple[str, str]:
    return ENDS, f"followup:\n  {line}\n\nends:\n"


def test_a_definition_may_leave_the_first_follow_up_to_others(tmp_path: Path) -> None:
    assert small(tmp_path).followup is None


def test_a_first_follow_up_is_a_default_until_somebody_decides(tmp_path: Path) -> None:
    found = small(tmp_path, followup("first: 5 working days")).followup

    assert found is not None
    assert (found.first, found.decided) == (Offset(5, Unit.WORKING_DAYS), False)


def test_a_follow_up_at_no_time_is_refused(tmp_path: Path) -> None:
    [(file, line, sentence)] = refused_with(tmp_path, followup("first: soon"))

    assert (file, line) == ("small.yaml", "first: soon")
    assert sentence.startswith("'soon' is not a length of time")


@pytest.mark.parametrize("length", ["4 hours", "30 minutes", "1 month", "0 days", "5 days before"])
def test_a_first_follow_up_is_on_a_later_day(length: str, tmp_path: Path) -> None:
    refused = refused_with(tmp_path, followup(f"first: {length}"))

    sentence = f"'{length}' does not fit here; write at least 1 and one of days, working days"
    assert refused == [("small.yaml", f"first: {length}", sentence)]


def test_a_first_follow_up_can_count_every_day(tmp_path: Path) -> None:
    found = small(tmp_path, followup("first: 14 days")).followup

    assert found is not None
    assert found.first == Offset(14, Unit.CALENDAR_DAYS)


def test_there_is_one_follow_up_and_not_several_by_name(tmp_path: Path) -> None:
    said = {sentence for *_, sentence in refused_with(tmp_path, followup("second: {first: 5 days}"))}

    assert said == {"'first' is missing; add it", "unknown key 'second'; known here: decided, first"}
