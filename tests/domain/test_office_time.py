"""When an office is open, and moving to when it opens."""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from handlepligt.domain.calendars import CalendarSpec, OfficeHours, calendar_for
from handlepligt.domain.deadlines import Offset
from handlepligt.domain.office_time import in_office_hours, shifted

DENMARK = CalendarSpec("DK", zone="Europe/Copenhagen")
SWEDEN = CalendarSpec(
    "SE",
    zone="Europe/Helsinki",
    working_days=frozenset(range(6)),
    office=OfficeHours(time(8, 30), time(16)),
)


def at(written: str, spec: CalendarSpec) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(spec.zone))


@pytest.mark.parametrize(
    ("spec", "when", "open_at"),
    [
        (DENMARK, "2026-11-27 16:59", "2026-11-27 16:59"),
        (DENMARK, "2026-11-27 17:00", "2026-11-30 07:00"),
        (DENMARK, "2026-11-27 03:00", "2026-11-27 07:00"),
        # Christmas Eve is a closing day, and then two holidays and a Sunday.
        (DENMARK, "2026-12-24 10:00", "2026-12-28 07:00"),
        (SWEDEN, "2026-09-04 16:00", "2026-09-05 08:30"),
        (SWEDEN, "2026-09-05 15:59", "2026-09-05 15:59"),
        (SWEDEN, "2026-09-05 16:00", "2026-09-07 08:30"),
    ],
)
def test_what_falls_outside_office_hours_waits_for_the_next_opening(
    spec: CalendarSpec, when: str, open_at: str
) -> None:
    assert in_office_hours(at(when, spec), calendar_for(spec)) == at(open_at, spec)


@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        ("2 hours", "2026-11-27 12:00"),
        ("-30 minutes", "2026-11-27 09:30"),
        ("0 days", "2026-11-27 10:00"),
        ("1 working day", "2026-11-30 07:00"),
        ("-1 working day", "2026-11-26 07:00"),
        ("1 day", "2026-11-28 07:00"),
        ("-2 weeks", "2026-11-13 07:00"),
        ("1 month", "2026-12-27 07:00"),
        ("-1 year", "2025-11-27 07:00"),
    ],
)
def test_hours_are_moved_physically_and_days_to_the_opening(offset: str, expected: str) -> None:
    friday = at("2026-11-27 10:00", DENMARK)

    assert shifted(friday, Offset.parse(offset), calendar_for(DENMARK)) == at(expected, DENMARK)


def test_a_day_later_is_at_the_opening_of_the_calendars_own_office() -> None:
    late = replace(DENMARK, office=OfficeHours(time(10), time(18)))
    friday = at("2026-11-27 10:00", DENMARK)

    assert shifted(friday, Offset.parse("1 day"), calendar_for(late)) == at("2026-11-28 10:00", DENMARK)
