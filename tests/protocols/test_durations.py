"""A length of time is read in every form a definition may write it in, and in no other."""

from __future__ import annotations

import pytest

from handlepligt.domain.deadlines import Offset, Unit
from protocols.durations import read_offset


@pytest.mark.parametrize(
    ("written", "offset"),
    [
        ("24 hours", Offset(24, Unit.HOURS)),
        ("+2 hours", Offset(2, Unit.HOURS)),
        ("-8 hours", Offset(-8, Unit.HOURS)),
        ("0 minutes", Offset(0, Unit.MINUTES)),
        ("14 days", Offset(14, Unit.CALENDAR_DAYS)),
        ("1 working day before", Offset(-1, Unit.WORKING_DAYS)),
        ("1 working_days before", Offset(-1, Unit.WORKING_DAYS)),
        ("6 working days", Offset(6, Unit.WORKING_DAYS)),
        ("2 weeks", Offset(2, Unit.WEEKS)),
        ("4 months", Offset(4, Unit.MONTHS)),
        ("1 year", Offset(1, Unit.YEARS)),
        ("10 working days before", Offset(-10, Unit.WORKING_DAYS)),
    ],
)
def test_a_length_of_time_is_read(written: str, offset: Offset) -> None:
    assert read_offset(written) == offset


@pytest.mark.parametrize(
    "written", ["a fortnight", "2", 2, "1.5 hours", "2 hours ago", "2 decades", "", None]
)
def test_anything_else_is_refused_with_an_example(written: object) -> None:
    with pytest.raises(
        ValueError, match=r"is not a length of time; write a whole number .* '2 working days'"
    ):
        read_offset(written)


def test_a_length_that_no_calendar_can_count_is_refused() -> None:
    with pytest.raises(ValueError, match="0 working_days has no meaning; write 0 days"):
        read_offset("0 working days")
