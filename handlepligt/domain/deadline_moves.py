"""How a deadline moves after it was set: by a lawful extension, and by the time it stood still."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from handlepligt.domain import danish_time
from handlepligt.domain.calendars import WorkCalendar
from handlepligt.domain.deadlines import (
    Basis,
    ComputedDeadline,
    Offset,
    Unit,
    add_working_days,
    compute_deadline,
    end_of_day,
)


def extended(
    *,
    base_at: datetime,
    due_at: datetime,
    by: Offset,
    cap: Offset | None,
    basis: Basis,
    calendar: WorkCalendar,
) -> tuple[ComputedDeadline, bool]:
    """A deadline counted `by` more from its present end, and whether the cap cut it short.

    The cap is counted from the deadline's base, as the definition says it ("in all no more than 4
    months"). The result may lie no later than `due_at` when the cap has been reached: then there is
    nothing left to extend. Raises what `compute_deadline` raises.
    """
    longer = compute_deadline(due_at, by, basis, calendar)
    if cap is None:
        return longer, False
    latest = compute_deadline(base_at, cap, basis, calendar)
    return (latest, True) if latest.due_at < longer.due_at else (longer, False)


def offset_until(due_at: datetime, until: date | datetime, calendar: WorkCalendar) -> Offset:
    """How much longer a deadline becomes when it is to end on a local day, or at an aware instant.

    Zero or negative when that is no later than it ends already.
    """
    if isinstance(until, datetime):
        # In UTC: between two wall times of one zone Python forgets the change of the clock.
        longer = until.astimezone(UTC) - due_at.astimezone(UTC)
        return Offset(longer // timedelta(minutes=1), Unit.MINUTES)
    days = (until - danish_time.in_zone(due_at, calendar.zone).date()).days
    return Offset(days, Unit.CALENDAR_DAYS)


def moved_by_standstill(
    due_at: datetime, counted_in: Unit, *, since: datetime, until: datetime, calendar: WorkCalendar
) -> tuple[datetime, str]:
    """When a deadline is due that stood still between two instants, and in Danish what was lost.

    What is counted in minutes or hours loses physical time. What is counted in days of any kind loses the
    working days that ended meanwhile: the day on which it stopped is lost, the day on which it goes on
    again is not, and local closing days are none. So a pause within one day, or over a weekend, costs
    nothing, and the deadline still ends with a day. All instants are aware; the answer is UTC.
    """
    if counted_in.is_physical:
        lost = max(until.astimezone(UTC) - since.astimezone(UTC), timedelta())
        return due_at.astimezone(UTC) + lost, danish_time.duration(lost) if lost else ""
    first = danish_time.in_zone(since, calendar.zone).date()
    last = danish_time.in_zone(until, calendar.zone).date()
    days = sum(
        calendar.is_working_day(first + timedelta(days=n), local=True) for n in range((last - first).days)
    )
    if days == 0:
        return due_at.astimezone(UTC), ""
    due = danish_time.in_zone(due_at, calendar.zone).date()
    later, _ = add_working_days(due, days, calendar, local=True)
    return end_of_day(later, calendar.zone), f"{days} {'hverdag' if days == 1 else 'hverdage'}"
