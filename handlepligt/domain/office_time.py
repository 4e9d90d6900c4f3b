"""When people are at work: reminders that respect quiet hours wait until an office opens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from handlepligt.domain import danish_time
from handlepligt.domain.calendars import WorkCalendar
from handlepligt.domain.deadlines import Offset, Unit, add_months, add_working_days


def office_opens(on: date, calendar: WorkCalendar) -> datetime:
    """The instant (aware UTC) at which the office of a calendar opens on a local day."""
    zone = danish_time.zone_named(calendar.zone)
    return datetime.combine(on, calendar.office.opens, zone).astimezone(UTC)


def shifted(at: datetime, offset: Offset, calendar: WorkCalendar) -> datetime:
    """`at` moved by an offset, negative or zero too: hours physically, days to when the office opens."""
    match offset.unit:
        case Unit.HOURS:
            return at.astimezone(UTC) + timedelta(hours=offset.amount)
        case Unit.MINUTES:
            return at.astimezone(UTC) + timedelta(minutes=offset.amount)
    if offset.amount == 0:
        return at
    day = danish_time.in_zone(at, calendar.zone).date()
    match offset.unit:
        case Unit.WORKING_DAYS:
            day = add_working_days(day, offset.amount, calendar, local=True)[0]
        case Unit.MONTHS | Unit.YEARS:
            day = add_months(day, offset.amount * (12 if offset.unit is Unit.YEARS else 1))
        case _:
            day += timedelta(days=offset.amount * (7 if offset.unit is Unit.WEEKS else 1))
    return office_opens(day, calendar)


def in_office_hours(at: datetime, calendar: WorkCalendar) -> datetime:
    """`at` itself when the office is open then, else the next time it opens (aware UTC)."""
    local = danish_time.in_zone(at, calendar.zone)
    day = local.date()
    if calendar.is_working_day(day, local=True) and local.time() < calendar.office.closes:
        return at if local.time() >= calendar.office.opens else office_opens(day, calendar)
    return office_opens(add_working_days(day, 1, calendar, local=True)[0], calendar)
