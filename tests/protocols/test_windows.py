"""Rolling windows: what lies in them now, and when it leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from protocols.state import StepState, StepStatus
from protocols.windows import leaves_at, next_to_leave, window
from tests.protocols.family import NONE_OPEN, visit_opens
from tests.protocols.small import small
from tests.protocols.walk import FRIDAY, fresh

ZONE = "Europe/Copenhagen"
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("length", "left"),
    [
        ("90 minutes", datetime(2026, 10, 24, 14, 0, tzinfo=UTC)),
        ("48 hours", datetime(2026, 10, 26, 12, 30, tzinfo=UTC)),
        # The clocks go back on 25 October: the same time of day is an hour later in UTC.
        ("2 days", datetime(2026, 10, 26, 13, 30, tzinfo=UTC)),
        ("1 week", datetime(2026, 10, 31, 13, 30, tzinfo=UTC)),
        ("4 months", datetime(2027, 2, 24, 13, 30, tzinfo=UTC)),
        ("1 year", datetime(2027, 10, 24, 12, 30, tzinfo=UTC)),
    ],
)
def test_an_instant_leaves_its_window_at_the_same_time_of_day(length: str, left: datetime) -> None:
    instant = datetime(2026, 10, 24, 12, 30, tzinfo=UTC)

    assert leaves_at(instant, window(length), ZONE) == left


@pytest.mark.parametrize("written", ["5 working days", "3 days before", "a month", "", "0 days"])
def test_what_is_no_window_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(ValueError, match=r"\w+ \w+ \w+"):
        window(written)


def test_the_rules_are_asked_again_when_the_next_counted_round_leaves_its_window(tmp_path: Path) -> None:
    counts = visit_opens('done("talk") && count_within("talk", "30 days") > 0')
    definition = small(tmp_path, counts, NONE_OPEN)
    rounds = tuple(
        StepState("talk", number, StepStatus.DONE, FRIDAY + days * DAY, FRIDAY + days * DAY)
        for number, days in ((1, 0), (2, 10))
    )
    state = replace(fresh(), steps=rounds)

    leaving = [next_to_leave(definition, replace(state, now=FRIDAY + days * DAY)) for days in (0, 30, 40)]

    assert leaving == [FRIDAY + 30 * DAY, FRIDAY + 40 * DAY, None]


def test_nothing_leaves_where_nothing_is_counted(tmp_path: Path) -> None:
    assert next_to_leave(small(tmp_path), fresh()) is None
