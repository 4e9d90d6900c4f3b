"""How a deadline was computed, said in one Danish line that a caseworker can check by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlepligt.domain import danish_time
from handlepligt.domain.calendars import MONDAY_TO_FRIDAY, WorkCalendar
from handlepligt.domain.deadlines import Basis, ComputedDeadline, Offset, SkippedDay, Unit

# More than two weeks of weekends and holidays is a list nobody reads.
_LISTED_DAYS = 12
# What the database keeps of one explanation.
LONGEST = 2000

_UNITS = {
    Unit.MINUTES: ("minut", "minutter"),
    Unit.HOURS: ("time", "timer"),
    Unit.CALENDAR_DAYS: ("dag", "dage"),
    Unit.WORKING_DAYS: ("hverdag", "hverdage"),
    Unit.WEEKS: ("uge", "uger"),
    Unit.MONTHS: ("måned", "måneder"),
    Unit.YEARS: ("år", "år"),
}


def explain(computed: ComputedDeadline, calendar: WorkCalendar, *, received_word: str = "modtaget") -> str:
    """Say what was counted from when, what was skipped and where it ended.

    For example `modtaget fre 27-11-2026 16.55; 6 hverdage; sprunget over lør 28-11, …; = man
    07-12-2026 23.59; sikker frist fre 04-12-2026 23.59`. `received_word` says what happened at
    the base (`modtaget`, `drøftet`, `mødet`). Only the zone and the week's working days are taken from
    `calendar`; all days come from `computed`, so an old deadline is explained as it was computed, not as
    the calendar stands today. Another country's holidays keep their own names (`Långfredagen`). The line
    holds no personal data.
    """
    zone = calendar.zone
    parts = [
        f"{received_word} {danish_time.dated(computed.base_at, zone)}",
        in_danish(computed.offset) + _week(computed.offset, calendar),
        *_skipping(computed.skipped),
        *_shorter_month(computed, zone),
        *_clock_change(computed, zone),
        f"= {danish_time.dated(computed.due_at, zone)}",
        *_safe_reading(computed, zone),
    ]
    return "; ".join(parts)


def explain_extension(
    before: datetime,
    after: datetime,
    calendar: WorkCalendar,
    *,
    number: int,
    reference: str = "",
    is_capped: bool = False,
) -> str:
    """What to add after a deadline was moved from `before` to `after` (aware) by a lawful extension.

    For example `forlænget 1. gang fra man 07-12-2026 23.59 efter barnets lov § 20; = man 21-12-2026
    23.59`. The reason is a person's words and stands sealed elsewhere.
    """
    by_law = f" efter {reference}" if reference else ""
    capped = " (længere kan fristen ikke blive)" if is_capped else ""
    moved_from = danish_time.dated(before, calendar.zone)
    now_at = danish_time.dated(after, calendar.zone)
    return f"forlænget {number}. gang fra {moved_from}{by_law}; = {now_at}{capped}"


def explain_pause(
    since: datetime,
    until: datetime | None,
    calendar: WorkCalendar,
    *,
    lost: str = "",
    after: datetime | None = None,
) -> str:
    """What to add when a deadline stands still, or has stood still until `until` and is now due `after`.

    `lost` is what it was moved by (`2 hverdage`), empty when nothing was lost.
    """
    start = danish_time.dated(since, calendar.zone)
    if until is None or after is None:
        return f"står stille fra {start}"
    moved = f"flyttet {lost}" if lost else "ikke flyttet"
    return (
        f"stod stille {start} til {danish_time.dated(until, calendar.zone)}, {moved};"
        f" = {danish_time.dated(after, calendar.zone)}"
    )


def added(explanation: str, more: str, *, instead_of: str = "") -> str:
    """An explanation with one more part, in place of its last one when that is `instead_of`.

    What would grow beyond LONGEST keeps how the deadline was counted and what happened last.
    """
    if instead_of and explanation.endswith(f"; {instead_of}"):
        explanation = explanation[: -len(instead_of) - 2]
    room = LONGEST - len(more) - 5
    if len(explanation) > room:
        explanation = f"{explanation[:room].rpartition('; ')[0]}; …"
    return f"{explanation}; {more}"


def in_danish(offset: Offset) -> str:
    """`6 hverdage`, `1 time`, `2 uger før`, `straks`, `samme dag`."""
    if offset.amount == 0:
        return "straks" if offset.unit.is_physical else "samme dag"
    amount = abs(offset.amount)
    one, many = _UNITS[offset.unit]
    return f"{amount} {one if amount == 1 else many}{' før' if offset.amount < 0 else ''}"


def _week(offset: Offset, calendar: WorkCalendar) -> str:
    """Which days of the week are working days, where they are others than a reader expects."""
    if offset.unit is not Unit.WORKING_DAYS or calendar.working_days == MONDAY_TO_FRIDAY:
        return ""
    return f" ({', '.join(danish_time.SHORT_WEEKDAYS[day] for day in sorted(calendar.working_days))})"


def _skipping(skipped: tuple[SkippedDay, ...]) -> list[str]:
    return [f"sprunget over {_days(skipped)}"] if skipped else []


def _days(skipped: tuple[SkippedDay, ...]) -> str:
    named = [passed for passed in skipped if not _is_weekend(passed)]
    listed = skipped if len(skipped) <= _LISTED_DAYS else tuple(named)
    told = [_day(passed) for passed in listed]
    if len(listed) < len(skipped):
        told.insert(0, _weekends(skipped))
    return ", ".join(told)


def _weekends(skipped: tuple[SkippedDay, ...]) -> str:
    counts = [
        (sum(passed.why == short for passed in skipped), name)
        for short, name in zip(danish_time.SHORT_WEEKDAYS, danish_time.WEEKDAYS, strict=True)
    ]
    return " og ".join(f"{count} {name}{'' if count == 1 else 'e'}" for count, name in counts if count)


def _day(passed: SkippedDay) -> str:
    shown = danish_time.short_day(passed.day)
    return shown if _is_weekend(passed) else f"{shown} ({passed.why})"


def _is_weekend(passed: SkippedDay) -> bool:
    return passed.why in danish_time.SHORT_WEEKDAYS


def _shorter_month(computed: ComputedDeadline, zone: str) -> list[str]:
    if computed.offset.unit not in (Unit.MONTHS, Unit.YEARS):
        return []
    wanted = danish_time.in_zone(computed.base_at, zone).day
    due = danish_time.in_zone(computed.due_at, zone).date()
    if due.day == wanted:
        return []
    return [f"{danish_time.month(due)} har kun {due.day} dage"]


def _clock_change(computed: ComputedDeadline, zone: str) -> list[str]:
    if not computed.offset.unit.is_physical:
        return []
    first, last = sorted((computed.base_at, computed.due_at))
    before, after = danish_time.in_zone(first, zone), danish_time.in_zone(last, zone)
    if before.utcoffset() == after.utcoffset():
        return []
    shown = danish_time.clock_time(computed.due_at, zone)
    return [f"{danish_time.season(last, zone)} begynder: klokken viser {shown}"]


def _safe_reading(computed: ComputedDeadline, zone: str) -> list[str]:
    if computed.basis is not Basis.LAW or computed.safe_due_at is None:
        return []
    if computed.safe_due_at == computed.due_at:
        told = "sikker frist den samme"
    else:
        told = f"sikker frist {danish_time.dated(computed.safe_due_at, zone)}"
    if computed.safe_skipped:
        return [f"{told} (sidste hverdag før {_days(computed.safe_skipped)})"]
    last = computed.last_safe_working_day
    safe_day = danish_time.in_zone(computed.safe_due_at, zone).date()
    # A sikker frist may fall on a Saturday, when nobody is at work to keep it.
    if last is not None and safe_day - last >= timedelta(days=1):
        told = f"{told} (sidste hverdag {danish_time.short_day(last)})"
    return [told]
