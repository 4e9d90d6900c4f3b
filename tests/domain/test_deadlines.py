"""The arithmetic of deadlines: the vectors of the protocol page, clock changes and month ends."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlepligt.domain.calendars import CalendarMissingError, calendar_for
from handlepligt.domain.danish_time import NaiveTimeError
from handlepligt.domain.deadlines import (
    Basis,
    ComputedDeadline,
    DeadlineOutOfRangeError,
    Offset,
    SkippedDay,
    Unit,
    compute_deadline,
)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
DENMARK = calendar_for("DK")
FRIDAY = datetime(2026, 11, 27, 16, 55, tzinfo=COPENHAGEN)
BEFORE_SUMMER_TIME = datetime(2027, 3, 27, 12, 0, tzinfo=COPENHAGEN)
SATURDAY = datetime(2026, 10, 31, 9, 0, tzinfo=COPENHAGEN)


def compute(base_at: datetime, offset: str, basis: Basis = Basis.LAW) -> ComputedDeadline:
    return compute_deadline(base_at, Offset.parse(offset), basis, DENMARK)


def local(at: datetime | None) -> str:
    assert at is not None
    return at.astimezone(COPENHAGEN).strftime("%a %d-%m-%Y %H:%M:%S")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (FRIDAY, "Sat 28-11-2026 16:55:00"),
        (BEFORE_SUMMER_TIME, "Sun 28-03-2027 13:00:00"),
        (SATURDAY, "Sun 01-11-2026 09:00:00"),
    ],
)
def test_24_hours_are_24_physical_hours_and_safe_at_the_same_instant(received: datetime, due: str) -> None:
    computed = compute(received, "24 hours")

    assert local(computed.due_at) == due
    assert computed.due_at - received.astimezone(UTC) == timedelta(hours=24)
    assert computed.safe_due_at == computed.due_at
    assert computed.last_safe_working_day is None


@pytest.mark.parametrize(
    ("received", "due", "safe", "last_safe"),
    [
        (FRIDAY, "Mon 07-12-2026 23:59:59", "Fri 04-12-2026 23:59:59", date(2026, 12, 4)),
        (BEFORE_SUMMER_TIME, "Tue 06-04-2027 23:59:59", "Mon 05-04-2027 23:59:59", date(2027, 4, 5)),
        (SATURDAY, "Mon 09-11-2026 23:59:59", "Sat 07-11-2026 23:59:59", date(2026, 11, 6)),
    ],
)
def test_6_working_days_end_with_the_sixth_and_are_safe_when_saturday_counts(
    received: datetime, due: str, safe: str, last_safe: date
) -> None:
    computed = compute(received, "6 working days")

    assert local(computed.due_at) == due
    assert local(computed.safe_due_at) == safe
    assert computed.last_safe_working_day == last_safe


@pytest.mark.parametrize(
    ("received", "due", "safe", "last_safe"),
    [
        (FRIDAY, "Sat 27-03-2027 23:59:59", "Wed 24-03-2027 23:59:59", date(2027, 3, 24)),
        (BEFORE_SUMMER_TIME, "Tue 27-07-2027 23:59:59", "Tue 27-07-2027 23:59:59", date(2027, 7, 27)),
        (SATURDAY, "Sun 28-02-2027 23:59:59", "Fri 26-02-2027 23:59:59", date(2027, 2, 26)),
    ],
)
def test_4_months_keep_the_day_number_and_are_safe_on_the_last_working_day(
    received: datetime, due: str, safe: str, last_safe: date
) -> None:
    computed = compute(received, "4 months")

    assert local(computed.due_at) == due
    assert local(computed.safe_due_at) == safe
    assert computed.last_safe_working_day == last_safe


def test_a_computed_deadline_names_what_it_passed_over_and_with_which_calendar() -> None:
    computed = compute(BEFORE_SUMMER_TIME, "6 working days")

    assert computed.skipped == (
        SkippedDay(date(2027, 3, 28), "søn"),
        SkippedDay(date(2027, 3, 29), "anden påskedag"),
        SkippedDay(date(2027, 4, 3), "lør"),
        SkippedDay(date(2027, 4, 4), "søn"),
    )
    assert computed.calendar_version == DENMARK.version


def test_the_way_from_the_last_safe_working_day_to_the_due_day_is_kept() -> None:
    computed = compute(FRIDAY, "4 months")

    assert computed.safe_skipped == (
        SkippedDay(date(2027, 3, 25), "skærtorsdag"),
        SkippedDay(date(2027, 3, 26), "langfredag"),
        SkippedDay(date(2027, 3, 27), "lør"),
    )


@pytest.mark.parametrize("basis", [basis for basis in Basis if basis is not Basis.LAW])
@pytest.mark.parametrize("offset", ["24 hours", "6 working days", "4 months"])
def test_only_a_deadline_of_law_has_a_sikker_frist(basis: Basis, offset: str) -> None:
    computed = compute(FRIDAY, offset, basis)

    assert computed.safe_due_at is None
    assert computed.last_safe_working_day is None
    assert computed.due_at == compute(FRIDAY, offset).due_at


def test_hours_over_the_autumn_night_come_an_hour_early_on_the_clock() -> None:
    received = datetime(2026, 10, 24, 12, 0, tzinfo=COPENHAGEN)

    assert local(compute(received, "24 hours").due_at) == "Sun 25-10-2026 11:00:00"


def test_an_hour_inside_the_repeated_hour_shows_the_same_clock_time() -> None:
    first_half_past_two = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    computed = compute(first_half_past_two, "60 minutes")

    assert computed.due_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert local(computed.base_at) == local(computed.due_at)


def test_days_end_at_the_local_days_end_on_both_sides_of_a_clock_change() -> None:
    assert compute(BEFORE_SUMMER_TIME, "1 day").due_at == datetime(2027, 3, 28, 21, 59, 59, tzinfo=UTC)
    assert compute(SATURDAY, "1 day").due_at == datetime(2026, 11, 1, 22, 59, 59, tzinfo=UTC)


def test_the_day_of_receipt_is_the_local_day_and_not_the_utc_day() -> None:
    after_midnight = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)

    assert local(compute(after_midnight, "1 day").due_at) == "Fri 03-07-2026 23:59:59"


@pytest.mark.parametrize(
    ("received", "offset", "due"),
    [
        (date(2028, 2, 29), "12 months", "Wed 28-02-2029 23:59:59"),
        (date(2028, 2, 29), "1 year", "Wed 28-02-2029 23:59:59"),
        (date(2028, 2, 29), "4 years", "Sun 29-02-2032 23:59:59"),
        (date(2027, 10, 31), "4 months", "Tue 29-02-2028 23:59:59"),
        (date(2026, 12, 31), "2 months", "Sun 28-02-2027 23:59:59"),
        (date(2026, 12, 31), "-1 month", "Mon 30-11-2026 23:59:59"),
        (date(2027, 1, 15), "-1 month", "Tue 15-12-2026 23:59:59"),
        (date(2026, 12, 31), "1 day", "Fri 01-01-2027 23:59:59"),
        (date(2026, 12, 31), "1 working day", "Mon 04-01-2027 23:59:59"),
        (date(2026, 12, 28), "3 weeks", "Mon 18-01-2027 23:59:59"),
        (date(2026, 12, 28), "0 days", "Mon 28-12-2026 23:59:59"),
        (date(2023, 5, 4), "1 working day", "Mon 08-05-2023 23:59:59"),
        (date(2024, 4, 25), "1 working day", "Fri 26-04-2024 23:59:59"),
    ],
)
def test_month_ends_leap_days_new_year_and_store_bededag(received: date, offset: str, due: str) -> None:
    at_noon = datetime(received.year, received.month, received.day, 12, tzinfo=COPENHAGEN)

    assert local(compute(at_noon, offset).due_at) == due


def test_local_deadlines_skip_closing_days_and_deadlines_of_law_do_not() -> None:
    wednesday = datetime(2026, 12, 23, 10, tzinfo=COPENHAGEN)

    assert local(compute(wednesday, "1 working day", Basis.LAW).due_at) == "Thu 24-12-2026 23:59:59"
    assert local(compute(wednesday, "1 working day", Basis.AGREED).due_at) == "Thu 24-12-2026 23:59:59"
    assert local(compute(wednesday, "1 working day", Basis.LOCAL).due_at) == "Mon 28-12-2026 23:59:59"


@pytest.mark.parametrize(
    ("offset", "due"),
    [
        ("-90 minutes", "Fri 27-11-2026 15:25:00"),
        ("-24 hours", "Thu 26-11-2026 16:55:00"),
        ("-5 days", "Sun 22-11-2026 23:59:59"),
        ("-6 working days", "Thu 19-11-2026 23:59:59"),
        ("-2 weeks", "Fri 13-11-2026 23:59:59"),
        ("-4 months", "Mon 27-07-2026 23:59:59"),
        ("-18 years", "Thu 27-11-2008 23:59:59"),
    ],
)
def test_a_negative_offset_counts_backwards_in_every_unit(offset: str, due: str) -> None:
    assert local(compute(FRIDAY, offset).due_at) == due


def test_counting_backwards_a_saturday_that_counts_does_not_loosen_the_sikker_frist() -> None:
    computed = compute(FRIDAY, "-6 working days")

    assert computed.safe_due_at == computed.due_at


def test_counting_weeks_backwards_to_a_saturday_is_safe_on_the_friday_before() -> None:
    computed = compute(SATURDAY, "-2 weeks")

    assert local(computed.due_at) == "Sat 17-10-2026 23:59:59"
    assert local(computed.safe_due_at) == "Fri 16-10-2026 23:59:59"


def test_the_sikker_frist_counts_local_closing_days_as_the_law_does() -> None:
    wednesday = datetime(2026, 12, 23, 10, tzinfo=COPENHAGEN)

    assert local(compute(wednesday, "2 working days").safe_due_at) == "Mon 28-12-2026 23:59:59"
    assert local(compute(wednesday, "1 day").safe_due_at) == "Thu 24-12-2026 23:59:59"


def test_the_same_day_in_a_weekend_is_not_safe_before_it_was_received() -> None:
    computed = compute(SATURDAY, "0 days")

    assert local(computed.safe_due_at) == "Sat 31-10-2026 23:59:59"
    assert computed.last_safe_working_day is None


def test_the_same_day_received_in_its_last_second_is_due_at_once() -> None:
    last_half_second = datetime(2026, 11, 27, 23, 59, 59, 500_000, tzinfo=COPENHAGEN)

    assert compute(last_half_second, "0 days").due_at == last_half_second


def test_with_no_working_day_after_receipt_the_sikker_frist_is_the_due_day() -> None:
    computed = compute(FRIDAY, "2 days")

    assert local(computed.safe_due_at) == "Sun 29-11-2026 23:59:59"
    assert computed.last_safe_working_day is None


@pytest.mark.parametrize("offset", ["6 working days", "4 months", "3 weeks"])
def test_a_year_without_holidays_refuses_instead_of_counting_every_day(offset: str) -> None:
    december_2050 = datetime(2050, 12, 27, 12, tzinfo=UTC)

    with pytest.raises(CalendarMissingError):
        compute(december_2050, offset)


def test_hours_need_no_calendar_and_run_past_its_last_year() -> None:
    last_evening = datetime(2050, 12, 31, 20, tzinfo=UTC)

    assert compute(last_evening, "24 hours").due_at == datetime(2051, 1, 1, 20, tzinfo=UTC)


def test_a_base_without_zone_is_refused() -> None:
    with pytest.raises(NaiveTimeError):
        compute(datetime(2026, 11, 27, 16, 55), "24 hours")  # noqa: DTZ001 - it is the point


@pytest.mark.parametrize("offset", ["999999 years", "-9999 years", "999999 months", "999999 weeks"])
def test_a_deadline_outside_the_calendar_is_refused(offset: str) -> None:
    with pytest.raises(DeadlineOutOfRangeError):
        compute(FRIDAY, offset, Basis.LOCAL)


@pytest.mark.parametrize("amount", [10**12, -(10**12), 10**30])
def test_hours_beyond_all_time_are_refused(amount: int) -> None:
    with pytest.raises(DeadlineOutOfRangeError):
        compute_deadline(FRIDAY, Offset(amount, Unit.HOURS), Basis.LOCAL, DENMARK)


def test_every_basis_has_a_danish_name() -> None:
    assert len({basis.danish for basis in Basis}) == len(Basis)
    assert (Basis.LAW.danish, Basis.LOCAL.danish) == ("lovfrist", "lokal frist")
