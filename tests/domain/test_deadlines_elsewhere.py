"""The same arithmetic in other countries, with another week, in weeks and years, and backwards."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlepligt.domain.calendars import CalendarSpec, ClosingDay, WorkCalendar, calendar_for
from handlepligt.domain.deadlines import Basis, ComputedDeadline, Offset, SkippedDay, compute_deadline
from handlepligt.domain.explanations import explain

DENMARK = calendar_for("DK")
SWEDEN = calendar_for(CalendarSpec("SE", zone="Europe/Stockholm", language="sv"))
SIX_DAYS = calendar_for(
    CalendarSpec("SE", zone="Europe/Stockholm", language="sv", working_days=frozenset(range(6)))
)
NEW_YORK = calendar_for(CalendarSpec("US", "NY", zone="America/New_York", language="en"))


def compute(received: str, offset: str, calendar: WorkCalendar, basis: Basis = Basis.LAW) -> ComputedDeadline:
    at = datetime.fromisoformat(received).replace(tzinfo=ZoneInfo(calendar.zone))
    return compute_deadline(at, Offset.parse(offset), basis, calendar)


def local(at: datetime | None, calendar: WorkCalendar) -> str:
    assert at is not None
    return at.astimezone(ZoneInfo(calendar.zone)).strftime("%a %d-%m-%Y %H:%M:%S")


@pytest.mark.parametrize(
    ("received", "offset", "due", "safe"),
    [
        ("2026-11-27 16:55", "3 weeks", "Fri 18-12-2026 23:59:59", "Fri 18-12-2026 23:59:59"),
        ("2026-12-11 10:00", "2 weeks", "Fri 25-12-2026 23:59:59", "Thu 24-12-2026 23:59:59"),
        ("2028-02-29 10:00", "1 year", "Wed 28-02-2029 23:59:59", "Wed 28-02-2029 23:59:59"),
        ("2028-02-29 10:00", "4 years", "Sun 29-02-2032 23:59:59", "Fri 27-02-2032 23:59:59"),
        ("2028-02-29 10:00", "-1 year", "Sun 28-02-2027 23:59:59", "Fri 26-02-2027 23:59:59"),
        # Back over the whole of Easter: the tenth working day before Tuesday 6 April.
        ("2027-04-06 10:00", "-10 working days", "Thu 18-03-2027 23:59:59", "Thu 18-03-2027 23:59:59"),
    ],
)
def test_weeks_years_and_backwards_working_days(received: str, offset: str, due: str, safe: str) -> None:
    computed = compute(received, offset, DENMARK)

    assert (local(computed.due_at, DENMARK), local(computed.safe_due_at, DENMARK)) == (due, safe)


@pytest.mark.parametrize(
    ("calendar", "due", "safe"),
    [
        # Midsommardagen, a Saturday, is what the six-day week passes over.
        (SWEDEN, "Tue 23-06-2026 23:59:59", "Tue 23-06-2026 23:59:59"),
        (SIX_DAYS, "Tue 23-06-2026 23:59:59", "Tue 23-06-2026 23:59:59"),
        (DENMARK, "Tue 23-06-2026 23:59:59", "Mon 22-06-2026 23:59:59"),
    ],
)
def test_a_saturday_that_is_a_holiday_counts_nowhere(calendar: WorkCalendar, due: str, safe: str) -> None:
    computed = compute("2026-06-18 16:00", "3 working days", calendar)

    assert (local(computed.due_at, calendar), local(computed.safe_due_at, calendar)) == (due, safe)


def test_in_a_six_day_week_saturday_counts_and_is_safe() -> None:
    computed = compute("2026-09-04 10:00", "3 working days", SIX_DAYS)

    assert local(computed.due_at, SIX_DAYS) == "Tue 08-09-2026 23:59:59"
    assert computed.safe_due_at == computed.due_at
    assert computed.last_safe_working_day == date(2026, 9, 8)
    assert computed.skipped == (SkippedDay(date(2026, 9, 6), "søn"),)


def test_the_days_are_those_of_the_calendars_own_zone() -> None:
    computed = compute("2026-11-25 22:00", "2 working days", NEW_YORK)

    # In Denmark it is Thursday already, which would give Monday for another reason.
    assert computed.skipped[0] == SkippedDay(date(2026, 11, 26), "Thanksgiving Day")
    assert local(computed.due_at, NEW_YORK) == "Mon 30-11-2026 23:59:59"
    assert local(computed.safe_due_at, NEW_YORK) == "Sat 28-11-2026 23:59:59"


def test_the_explanation_is_danish_and_names_the_other_countrys_holiday_in_its_own_words() -> None:
    computed = compute("2026-04-02 10:00", "1 working day", SWEDEN)

    assert explain(computed, SWEDEN) == (
        "modtaget tor 02-04-2026 10.00; 1 hverdag; sprunget over fre 03-04 (Långfredagen),"
        " lør 04-04, søn 05-04, man 06-04 (Annandag påsk); = tir 07-04-2026 23.59;"
        " sikker frist lør 04-04-2026 23.59"
    )


def test_a_week_that_a_reader_does_not_expect_is_said() -> None:
    computed = compute("2026-09-04 10:00", "3 working days", SIX_DAYS, Basis.LOCAL)

    assert explain(computed, SIX_DAYS) == (
        "modtaget fre 04-09-2026 10.00; 3 hverdage (man, tir, ons, tor, fre, lør); sprunget over søn 06-09;"
        " = tir 08-09-2026 23.59"
    )


def test_a_six_day_week_counts_the_weekdays_it_passes_over() -> None:
    computed = compute("2026-01-05 10:00", "90 working days", SIX_DAYS, Basis.LOCAL)

    assert "sprunget over 15 søndage, tir 06-01 (Trettondedag jul), " in explain(computed, SIX_DAYS)
    assert "lørdag" not in explain(computed, SIX_DAYS)


def test_a_local_closing_day_of_another_country_counts_for_local_deadlines_only() -> None:
    eve = ClosingDay(6, 19, "midsommarafton", year=2026)
    closed = calendar_for(CalendarSpec("SE", zone="Europe/Stockholm", closed=frozenset({eve})))

    by_law = compute("2026-06-18 10:00", "1 working day", closed)
    by_us = compute("2026-06-18 10:00", "1 working day", closed, Basis.LOCAL)

    assert local(by_law.due_at, closed) == "Fri 19-06-2026 23:59:59"
    assert local(by_us.due_at, closed) == "Mon 22-06-2026 23:59:59"
