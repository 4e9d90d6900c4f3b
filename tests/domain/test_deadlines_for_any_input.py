"""What holds for every deadline, whatever the base and the offset: found by search instead of by example."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from handlepligt.domain.calendars import calendar_for
from handlepligt.domain.deadlines import (
    Basis,
    Offset,
    Unit,
    add_months,
    add_working_days,
    compute_deadline,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
DENMARK = calendar_for("DK")
LARGEST = {
    Unit.MINUTES: 100_000,
    Unit.HOURS: 5_000,
    Unit.CALENDAR_DAYS: 400,
    Unit.WORKING_DAYS: 120,
    Unit.WEEKS: 60,
    Unit.MONTHS: 40,
    Unit.YEARS: 8,
}
UNITS_OF_DAYS = [unit for unit in Unit if not unit.is_physical]

FIRST_SECOND = datetime(2010, 1, 1, tzinfo=UTC)

# Microseconds and not whole seconds, so that the last second of a day is searched too.
bases = st.integers(0, 31 * 365 * 86_400_000_000).map(lambda us: FIRST_SECOND + timedelta(microseconds=us))
days = st.dates(date(2010, 1, 1), date(2040, 12, 31))
any_basis = st.sampled_from(Basis)


def for_any(*strategies: st.SearchStrategy[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Hypothesis's `given` without a time limit: the first call for a year loads its holidays."""
    return lambda test: settings(deadline=None)(given(*strategies)(test))


@st.composite
def forward(draw: st.DrawFn, units: list[Unit] | None = None) -> Offset:
    unit = draw(st.sampled_from(units or list(Unit)))
    return Offset(draw(st.integers(1, LARGEST[unit])), unit)


@st.composite
def either_way(draw: st.DrawFn) -> Offset:
    offset = draw(forward())
    return Offset(draw(st.sampled_from([1, -1])) * offset.amount, offset.unit)


@for_any(bases, bases, either_way(), any_basis)
def test_who_is_received_later_is_never_due_or_safe_earlier(
    one: datetime, other: datetime, offset: Offset, basis: Basis
) -> None:
    earlier, later = sorted((one, other))

    first = compute_deadline(earlier, offset, basis, DENMARK)
    second = compute_deadline(later, offset, basis, DENMARK)

    assert first.due_at <= second.due_at
    if first.safe_due_at is not None:
        assert second.safe_due_at is not None
        assert first.safe_due_at <= second.safe_due_at


@for_any(bases, forward(), any_basis)
def test_a_longer_offset_is_never_due_earlier(base_at: datetime, offset: Offset, basis: Basis) -> None:
    longer = Offset(offset.amount + 1, offset.unit)

    assert (
        compute_deadline(base_at, offset, basis, DENMARK).due_at
        < compute_deadline(base_at, longer, basis, DENMARK).due_at
    )


@for_any(bases, forward())
def test_the_sikker_frist_lies_after_the_base_and_not_after_the_due_instant(
    base_at: datetime, offset: Offset
) -> None:
    computed = compute_deadline(base_at, offset, Basis.LAW, DENMARK)

    assert computed.safe_due_at is not None
    assert base_at < computed.safe_due_at <= computed.due_at


@for_any(bases, forward(), any_basis)
def test_backwards_from_a_date_lies_before_it(base_at: datetime, offset: Offset, basis: Basis) -> None:
    backwards = Offset(-offset.amount, offset.unit)

    computed = compute_deadline(base_at, backwards, basis, DENMARK)

    assert computed.due_at < base_at
    assert computed.safe_due_at is None or computed.safe_due_at <= computed.due_at


@for_any(bases, any_basis)
def test_the_same_day_is_due_that_day_and_never_before_it_began(base_at: datetime, basis: Basis) -> None:
    computed = compute_deadline(base_at, Offset(0, Unit.CALENDAR_DAYS), basis, DENMARK)

    assert computed.due_at >= base_at
    assert computed.due_at.astimezone(COPENHAGEN).date() == base_at.astimezone(COPENHAGEN).date()


@for_any(bases, forward(UNITS_OF_DAYS), any_basis)
def test_what_is_counted_in_days_ends_with_the_local_day(
    base_at: datetime, offset: Offset, basis: Basis
) -> None:
    computed = compute_deadline(base_at, offset, basis, DENMARK)

    assert computed.due_at.tzinfo is UTC
    assert computed.due_at.astimezone(COPENHAGEN).time() == time(23, 59, 59)


@for_any(bases, st.integers(-5_000, 5_000))
def test_hours_are_physical_whatever_the_clock_does(base_at: datetime, hours: int) -> None:
    computed = compute_deadline(base_at, Offset(hours, Unit.HOURS), Basis.LAW, DENMARK)

    assert computed.due_at - base_at == timedelta(hours=hours)


@for_any(bases, either_way(), any_basis)
def test_the_zone_the_base_is_written_in_changes_nothing(
    base_at: datetime, offset: Offset, basis: Basis
) -> None:
    written_locally = base_at.astimezone(COPENHAGEN)

    assert compute_deadline(written_locally, offset, basis, DENMARK) == compute_deadline(
        base_at, offset, basis, DENMARK
    )


@for_any(days, st.integers(1, 120), st.booleans(), st.booleans(), st.sampled_from([1, -1]))
def test_working_days_end_on_a_working_day_with_every_day_counted_or_skipped(
    start: date, amount: int, closed: bool, saturday_counts: bool, way: int
) -> None:
    end, skipped = add_working_days(
        start, way * amount, DENMARK, local=closed, saturday_counts=saturday_counts
    )

    assert DENMARK.is_working_day(end, local=closed, saturday_counts=saturday_counts)
    assert abs((end - start).days) == amount + len(skipped)
    assert all(one.day < other.day for one, other in pairwise(skipped))
    assert all(passed.why for passed in skipped)


@for_any(days, st.integers(1, 120))
def test_one_at_a_time_reaches_the_same_working_day_as_all_at_once(start: date, amount: int) -> None:
    on = start
    for _ in range(amount):
        on, _skipped = add_working_days(on, 1, DENMARK, local=True)

    assert on == add_working_days(start, amount, DENMARK, local=True)[0]


@for_any(bases, st.integers(1, 120))
def test_the_last_safe_working_day_is_one_and_nothing_between_it_and_the_due_day_is(
    base_at: datetime, months_or_days: int
) -> None:
    unit = Unit.CALENDAR_DAYS if months_or_days > 40 else Unit.MONTHS
    computed = compute_deadline(base_at, Offset(months_or_days, unit), Basis.LAW, DENMARK)
    last, due = computed.last_safe_working_day, computed.due_at.astimezone(COPENHAGEN).date()

    assert last is not None
    assert DENMARK.is_working_day(last, local=False)
    assert len(computed.safe_skipped) == (due - last).days


@for_any(days, st.integers(-100, 100))
def test_months_land_in_the_month_asked_for_on_the_same_day_or_its_last(start: date, amount: int) -> None:
    end = add_months(start, amount)

    assert (end.year - start.year) * 12 + end.month - start.month == amount
    assert end.day == start.day or (end.day < start.day and (end + timedelta(days=1)).day == 1)


@for_any(either_way())
def test_every_offset_can_be_written_and_read_back(offset: Offset) -> None:
    assert Offset.parse(str(offset)) == offset
