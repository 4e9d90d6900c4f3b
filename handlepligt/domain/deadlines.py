"""The arithmetic of deadlines: from an instant, an offset and a calendar to the instant something is due."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from handlepligt.domain import danish_time
from handlepligt.domain.calendars import WorkCalendar
from handlepligt.errors import HandlepligtError


class OffsetError(HandlepligtError, ValueError):
    """An offset such as `6 working days` was written in a way that cannot be understood."""

    user_message = "Fristens længde kan ikke læses. Skriv for eksempel »24 hours« eller »6 working days«."


class DeadlineOutOfRangeError(HandlepligtError):
    """The deadline falls before year 1 or after year 9999."""

    user_message = "Fristen ligger uden for det, kalenderen kan regne med."


class Unit(StrEnum):
    """What an offset counts. Minutes and hours are physical time, all others are days of the calendar."""

    MINUTES = "minutes"
    HOURS = "hours"
    CALENDAR_DAYS = "days"
    WORKING_DAYS = "working_days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"

    @property
    def is_physical(self) -> bool:
        return self in (Unit.MINUTES, Unit.HOURS)


class Basis(StrEnum):
    """What a deadline rests on (PROTOCOLS.md, Contacts; DESIGN.md section 4)."""

    LAW = "law"
    STATUTORY_GUIDANCE = "statutory_guidance"
    PROFESSIONAL_STANDARD = "professional_standard"
    NATIONAL_GUIDELINE = "national_guideline"
    LOCAL = "local"
    AGREED = "agreed"

    @property
    def danish(self) -> str:
        return _BASIS[self]


_BASIS = {
    Basis.LAW: "lovfrist",
    Basis.STATUTORY_GUIDANCE: "frist efter vejledning",
    Basis.PROFESSIONAL_STANDARD: "frist efter faglig standard",
    Basis.NATIONAL_GUIDELINE: "frist efter national retningslinje",
    Basis.LOCAL: "lokal frist",
    Basis.AGREED: "aftalt frist",
}

_WRITTEN_OFFSET = re.compile(r"([+-]?[0-9]{1,6}) (minute|hour|day|working day|week|month|year)s?")


@dataclass(frozen=True)
class Offset:
    """How far from its base a deadline lies. A negative amount counts backwards from a known date."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        # "Within 0 working days" has no answer on a Sunday, and 0 months is a slip of the pen.
        if self.amount == 0 and not self.unit.is_physical and self.unit is not Unit.CALENDAR_DAYS:
            raise OffsetError(
                f"an offset of 0 {self.unit.value} has no meaning; write 0 days for the same day"
            )

    @classmethod
    def parse(cls, text: str) -> Offset:
        """Read `24 hours`, `1 working day`, `-2 weeks`; anything else raises OffsetError."""
        found = _WRITTEN_OFFSET.fullmatch(text)
        if found is None:
            raise OffsetError(
                f"cannot read offset {text[:40]!r}; expected a whole number, one space and minutes,"
                " hours, days, working days, weeks, months or years"
            )
        return cls(int(found[1]), Unit(found[2].replace(" ", "_") + "s"))

    def __str__(self) -> str:
        unit = self.unit.value.replace("_", " ")
        return f"{self.amount} {unit[:-1] if abs(self.amount) == 1 else unit}"


@dataclass(frozen=True)
class SkippedDay:
    """A day that did not count, and why: `lør`, `søn`, a holiday's name or `lukkedag`."""

    day: date
    why: str


@dataclass(frozen=True)
class ComputedDeadline:
    """A deadline with everything needed to explain it later, whatever the calendar has become since.

    All instants are UTC. `safe_due_at` (sikker frist) exists for `law` only and is never after
    `due_at`. `last_safe_working_day` is the last Monday-to-Friday working day, after the day of
    receipt, on or before the sikker frist; None for hours and minutes, and when there is none.
    `skipped` are the days passed over on the way to `due_at`, oldest first; `safe_skipped` those
    between the last safe working day and `due_at`, for deadlines counted in days, weeks, months or years.
    """

    base_at: datetime
    due_at: datetime
    safe_due_at: datetime | None
    last_safe_working_day: date | None
    offset: Offset
    basis: Basis
    calendar_version: str
    skipped: tuple[SkippedDay, ...]
    safe_skipped: tuple[SkippedDay, ...] = ()


def compute_deadline(
    base_at: datetime, offset: Offset, basis: Basis, calendar: WorkCalendar
) -> ComputedDeadline:
    """When something is due that is `offset` from the aware instant `base_at`.

    Hours and minutes are physical. All other units end at 23:59:59 of a day in the calendar's
    zone; the day of `base_at` itself is not counted. Local closing days count for `local` only.
    Raises NaiveTimeError, CalendarMissingError when holidays are needed for a year without
    data, and DeadlineOutOfRangeError. The rules are in PROTOCOLS.md, Arithmetic of deadlines.
    """
    base_at = danish_time.require_aware(base_at).astimezone(UTC)
    try:
        if offset.unit.is_physical:
            return _in_physical_time(base_at, offset, basis, calendar)
        return _in_days(base_at, offset, basis, calendar)
    except OverflowError:
        raise DeadlineOutOfRangeError(f"{offset} from year {base_at.year} is outside the calendar") from None


def add_working_days(
    start: date, amount: int, calendar: WorkCalendar, *, local: bool, saturday_counts: bool = False
) -> tuple[date, tuple[SkippedDay, ...]]:
    """The `amount`-th working day after `start`, or before it when negative.

    Given together with the days passed over, oldest first.
    """
    one = timedelta(days=1 if amount > 0 else -1)
    on, left, skipped = start, abs(amount), []
    while left:
        on += one
        why = calendar.why_skipped(on, local=local, saturday_counts=saturday_counts)
        if why is None:
            left -= 1
        else:
            skipped.append(SkippedDay(on, why))
    return on, tuple(sorted(skipped, key=lambda passed: passed.day))


def add_months(start: date, amount: int) -> date:
    """The same day number `amount` months later (or earlier), or the month's last day if it is shorter."""
    months = start.year * 12 + start.month - 1 + amount
    year, month = months // 12, months % 12 + 1
    # Checked by hand because monthrange accepts years that date does not.
    if not 1 <= year <= 9999:
        raise OverflowError("year outside 1-9999")
    return date(year, month, min(start.day, monthrange(year, month)[1]))


def end_of_day(on: date, zone: str) -> datetime:
    """23:59:59 of `on` in the named zone, as UTC."""
    return datetime.combine(on, time(23, 59, 59), danish_time.zone_named(zone)).astimezone(UTC)


def _in_physical_time(
    base_at: datetime, offset: Offset, basis: Basis, calendar: WorkCalendar
) -> ComputedDeadline:
    length = timedelta(hours=offset.amount) if offset.unit is Unit.HOURS else timedelta(minutes=offset.amount)
    due_at = base_at + length
    # Clock hours run through weekends and holidays, so the stricter reading is the same instant.
    safe_due_at = due_at if basis is Basis.LAW else None
    return ComputedDeadline(base_at, due_at, safe_due_at, None, offset, basis, calendar.version, ())


def _in_days(base_at: datetime, offset: Offset, basis: Basis, calendar: WorkCalendar) -> ComputedDeadline:
    received = danish_time.in_zone(base_at, calendar.zone).date()
    due, skipped = _due_day(received, offset, calendar, local=basis is Basis.LOCAL)
    # Only "0 days" received in the day's last second can end before it began.
    due_at = end_of_day(due, calendar.zone)
    due_at = max(due_at, base_at) if offset.amount == 0 else due_at
    if basis is not Basis.LAW:
        return ComputedDeadline(base_at, due_at, None, None, offset, basis, calendar.version, skipped)

    safe = _strict_day(received, due, offset, calendar)
    last = _last_working_day(safe, calendar, after=received if offset.amount >= 0 else date.min)
    safe_skipped: tuple[SkippedDay, ...] = ()
    if offset.unit is not Unit.WORKING_DAYS and last is not None:
        safe, safe_skipped = last, _days_passed_over(last, due, calendar)
    return ComputedDeadline(
        base_at=base_at,
        due_at=due_at,
        safe_due_at=due_at if safe == due else end_of_day(safe, calendar.zone),
        last_safe_working_day=last,
        offset=offset,
        basis=basis,
        calendar_version=calendar.version,
        skipped=skipped,
        safe_skipped=safe_skipped,
    )


def _due_day(
    received: date, offset: Offset, calendar: WorkCalendar, *, local: bool
) -> tuple[date, tuple[SkippedDay, ...]]:
    match offset.unit:
        case Unit.WORKING_DAYS:
            return add_working_days(received, offset.amount, calendar, local=local)
        case Unit.MONTHS:
            return add_months(received, offset.amount), ()
        case Unit.YEARS:
            return add_months(received, 12 * offset.amount), ()
        case Unit.WEEKS:
            return received + timedelta(weeks=offset.amount), ()
        case _:
            return received + timedelta(days=offset.amount), ()


def _strict_day(received: date, due: date, offset: Offset, calendar: WorkCalendar) -> date:
    # Counting forward, a Saturday that counts brings the end nearer. Counting backward it would
    # push the day later, so there the ordinary reading is already the stricter one.
    if offset.unit is Unit.WORKING_DAYS and offset.amount > 0:
        return add_working_days(received, offset.amount, calendar, local=False, saturday_counts=True)[0]
    return due


def _last_working_day(on: date, calendar: WorkCalendar, *, after: date) -> date | None:
    while on > after:
        if calendar.is_working_day(on, local=False):
            return on
        on -= timedelta(days=1)
    return None


def _days_passed_over(last: date, due: date, calendar: WorkCalendar) -> tuple[SkippedDay, ...]:
    days = (last + timedelta(days=n) for n in range(1, (due - last).days + 1))
    return tuple(SkippedDay(on, why) for on in days if (why := calendar.why_skipped(on, local=False)))
