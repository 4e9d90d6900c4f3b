"""Working days, public holidays and local closing days."""

from datetime import date
from hashlib import sha256

import pytest

from handlepligt.domain.calendars import (
    CalendarMissingError,
    ClosingDay,
    ClosingDayError,
    WorkCalendar,
    calendar_for,
)

DENMARK = calendar_for("DK")
HOLIDAYS_2027 = {
    date(2027, 1, 1): "Nytårsdag",
    date(2027, 3, 25): "Skærtorsdag",
    date(2027, 3, 26): "Langfredag",
    date(2027, 3, 28): "Påskedag",
    date(2027, 3, 29): "Anden påskedag",
    date(2027, 5, 6): "Kristi himmelfartsdag",
    date(2027, 5, 16): "Pinsedag",
    date(2027, 5, 17): "Anden pinsedag",
    date(2027, 12, 25): "Juledag",
    date(2027, 12, 26): "Anden juledag",
}


def days_of(year: int) -> list[date]:
    first = date(year, 1, 1).toordinal()
    return [date.fromordinal(n) for n in range(first, date(year + 1, 1, 1).toordinal())]


def test_a_danish_year_has_exactly_these_holidays() -> None:
    found = {day: name for day in days_of(2027) if (name := DENMARK.holiday_name(day))}

    assert found == HOLIDAYS_2027


def test_the_holidays_of_all_years_are_those_the_version_was_given_for() -> None:
    """A newer holidays library with other days must come with a new version of the calendar."""
    listed = [
        f"{day.isoformat()} {name}"
        for year in range(DENMARK.first_year, DENMARK.last_year + 1)
        for day in days_of(year)
        if (name := DENMARK.holiday_name(day))
    ]

    assert DENMARK.version == "DK-2026.1"
    assert sha256("\n".join(listed).encode()).hexdigest()[:16] == "85b8ccdde339df73"


def test_store_bededag_was_a_holiday_until_2023_and_is_one_no_longer() -> None:
    assert DENMARK.holiday_name(date(2023, 5, 5)) == "Store bededag"
    assert not DENMARK.is_working_day(date(2023, 5, 5), local=False)
    assert DENMARK.holiday_name(date(2024, 4, 26)) is None
    assert DENMARK.is_working_day(date(2024, 4, 26), local=False)


@pytest.mark.parametrize(
    ("day", "why"),
    [
        (date(2026, 11, 27), None),
        (date(2026, 11, 28), "lør"),
        (date(2026, 11, 29), "søn"),
        (date(2026, 12, 25), "juledag"),
        (date(2026, 12, 26), "lør"),
        (date(2027, 3, 25), "skærtorsdag"),
        (date(2027, 3, 28), "søn"),
        (date(2027, 5, 6), "Kristi himmelfartsdag"),
    ],
)
def test_a_day_says_why_it_does_not_count(day: date, why: str | None) -> None:
    assert DENMARK.why_skipped(day, local=False) == why
    assert DENMARK.is_working_day(day, local=False) is (why is None)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 6, 5), "grundlovsdag"),
        (date(2026, 12, 24), "juleaftensdag"),
        (date(2026, 12, 31), "nytårsaftensdag"),
    ],
)
def test_local_closing_days_count_for_local_deadlines_only(day: date, name: str) -> None:
    assert DENMARK.closing_day_name(day) == name
    assert DENMARK.why_skipped(day, local=True) == "lukkedag"
    assert not DENMARK.is_working_day(day, local=True)
    assert DENMARK.is_working_day(day, local=False)


def test_saturday_counts_in_the_stricter_reading_but_sunday_does_not() -> None:
    saturday, sunday = date(2026, 11, 28), date(2026, 11, 29)

    assert DENMARK.is_working_day(saturday, local=False, saturday_counts=True)
    assert DENMARK.why_skipped(sunday, local=False, saturday_counts=True) == "søn"


def test_a_holiday_on_a_saturday_does_not_count_in_the_stricter_reading() -> None:
    assert DENMARK.why_skipped(date(2026, 12, 26), local=False, saturday_counts=True) == "anden juledag"


@pytest.mark.parametrize("year", [1999, 2051])
def test_a_year_without_data_refuses_even_on_a_sunday(year: int) -> None:
    sunday = next(day for day in days_of(year) if day.weekday() == 6)

    with pytest.raises(CalendarMissingError) as refused:
        DENMARK.is_working_day(sunday, local=False)

    assert str(year) in refused.value.user_message


@pytest.mark.parametrize("year", [2000, 2050])
def test_the_first_and_last_year_have_data(year: int) -> None:
    assert DENMARK.holiday_name(date(year, 12, 25)) == "Juledag"


def test_an_unknown_calendar_is_refused_by_name() -> None:
    with pytest.raises(CalendarMissingError) as refused:
        calendar_for("XX")

    assert "XX" in str(refused.value)
    assert "XX" in refused.value.user_message


def test_a_calendar_built_for_an_unknown_country_refuses_to_answer() -> None:
    calendar = WorkCalendar("XX", "XX-1", "Europe/Copenhagen", frozenset(), 2000, 2050)

    with pytest.raises(CalendarMissingError):
        calendar.is_working_day(date(2026, 11, 27), local=False)


def test_a_municipality_chooses_its_own_closing_days() -> None:
    calendar = calendar_for("DK", [ClosingDay(5, 14, "rådhusets fødselsdag")])

    assert calendar.why_skipped(date(2027, 5, 14), local=True) == "lukkedag"
    assert calendar.is_working_day(date(2026, 6, 5), local=True)


def test_a_closing_day_with_a_year_happens_once() -> None:
    calendar = calendar_for("DK", [ClosingDay(5, 7, "flytning", year=2027)])

    assert not calendar.is_working_day(date(2027, 5, 7), local=True)
    assert calendar.is_working_day(date(2029, 5, 7), local=True)


def test_other_closing_days_give_another_version_whatever_their_order() -> None:
    move, fair = ClosingDay(5, 7, "flytning", year=2027), ClosingDay(5, 7, "dyrskue")

    version = calendar_for("DK", [move, fair]).version

    assert version.startswith("DK-2026.1+")
    assert version == calendar_for("DK", [fair, move]).version
    assert version != calendar_for("DK", [fair]).version
    assert calendar_for("DK", []).version not in (version, DENMARK.version)


@pytest.mark.parametrize(
    ("month", "day", "year"), [(4, 31, None), (2, 29, 2027), (13, 1, None), (0, 1, None), (1, 1, 10000)]
)
def test_a_closing_day_that_no_year_has_is_refused(month: int, day: int, year: int | None) -> None:
    with pytest.raises(ClosingDayError):
        ClosingDay(month, day, "findes ikke", year)


def test_a_closing_day_on_29_february_comes_in_leap_years() -> None:
    calendar = calendar_for("DK", [ClosingDay(2, 29, "skuddag")])

    assert calendar.closing_day_name(date(2028, 2, 29)) == "skuddag"
    assert calendar.closing_day_name(date(2027, 2, 28)) is None
