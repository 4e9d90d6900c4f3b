"""Danish forms of instants, days and durations."""

from datetime import UTC, date, datetime, timedelta

import pytest

from handlepligt.domain import danish_time
from handlepligt.domain.danish_time import NaiveTimeError, UnknownZoneError

COPENHAGEN = "Europe/Copenhagen"
FRIDAY_AFTERNOON = datetime(2026, 11, 27, 15, 55, 59, tzinfo=UTC)


def test_an_instant_is_written_in_full_with_kl() -> None:
    assert danish_time.full(FRIDAY_AFTERNOON, COPENHAGEN) == "27-11-2026 kl. 16.55"


def test_an_instant_is_written_short_with_weekday_and_without_year() -> None:
    assert danish_time.short(FRIDAY_AFTERNOON, COPENHAGEN) == "fre 27-11 16.55"


def test_an_instant_is_dated_with_weekday_and_year() -> None:
    assert danish_time.dated(FRIDAY_AFTERNOON, COPENHAGEN) == "fre 27-11-2026 16.55"


def test_the_local_day_and_not_the_utc_day_is_written() -> None:
    just_after_midnight = datetime(2026, 6, 30, 22, 5, tzinfo=UTC)

    assert danish_time.full(just_after_midnight, COPENHAGEN) == "01-07-2026 kl. 00.05"


@pytest.mark.parametrize(
    ("hour", "shown"),
    [
        (23, "25-10-2026 kl. 01.30"),
        (24, "25-10-2026 kl. 02.30 (sommertid)"),
        (25, "25-10-2026 kl. 02.30 (normaltid)"),
        (26, "25-10-2026 kl. 03.30"),
    ],
)
def test_the_repeated_hour_says_which_of_the_two_it_is(hour: int, shown: str) -> None:
    at = datetime(2026, 10, 24, 0, 30, tzinfo=UTC) + timedelta(hours=hour)

    assert danish_time.full(at, COPENHAGEN) == shown


def test_the_hour_that_spring_leaves_out_is_never_shown() -> None:
    before, after = datetime(2027, 3, 28, 0, 59, tzinfo=UTC), datetime(2027, 3, 28, 1, 0, tzinfo=UTC)

    assert danish_time.clock_time(before, COPENHAGEN) == "01.59"
    assert danish_time.clock_time(after, COPENHAGEN) == "03.00"


def test_an_instant_from_another_zone_is_converted() -> None:
    elsewhere = datetime.fromisoformat("2026-11-27T10:55:00-05:00")

    assert danish_time.clock_time(elsewhere, COPENHAGEN) == "16.55"


def test_a_datetime_without_zone_is_refused() -> None:
    with pytest.raises(NaiveTimeError):
        danish_time.full(datetime(2026, 11, 27, 16, 55), COPENHAGEN)  # noqa: DTZ001 - it is the point


@pytest.mark.parametrize("zone", ["Europe/Aalborg", "", "../etc/passwd", "\0"])
def test_an_unknown_zone_is_refused(zone: str) -> None:
    with pytest.raises(UnknownZoneError):
        danish_time.full(FRIDAY_AFTERNOON, zone)


def test_a_week_has_seven_danish_weekdays() -> None:
    monday = date(2026, 11, 23)

    shown = [danish_time.weekday(monday + timedelta(days=n)) for n in range(7)]

    assert shown == ["man", "tir", "ons", "tor", "fre", "lør", "søn"]


def test_days_are_written_with_two_digits_and_the_year_last() -> None:
    first_of_march = date(2027, 3, 1)

    assert danish_time.day(first_of_march) == "01-03-2027"
    assert danish_time.short_day(first_of_march) == "man 01-03"
    assert danish_time.month(first_of_march) == "marts 2027"


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(0), "0 min"),
        (timedelta(seconds=59), "under 1 min"),
        (timedelta(minutes=1), "1 min"),
        (timedelta(minutes=59, seconds=59), "59 min"),
        (timedelta(hours=1), "1 t"),
        (timedelta(hours=3, minutes=20), "3 t 20 min"),
        (timedelta(hours=24), "1 dag"),
        (timedelta(days=2), "2 dage"),
        (timedelta(days=2, minutes=40), "2 dage"),
        (timedelta(days=2, hours=3, minutes=40), "2 dage 3 t"),
        (timedelta(days=400), "400 dage"),
        (-timedelta(hours=3, minutes=20), "−3 t 20 min"),
    ],
)
def test_a_duration_is_written_in_its_two_largest_units(length: timedelta, shown: str) -> None:
    assert danish_time.duration(length) == shown


@pytest.mark.parametrize(
    ("month", "zone", "shown"),
    [
        (1, "Europe/Dublin", "normaltid"),
        (7, "Europe/Dublin", "sommertid"),
        (1, "Pacific/Auckland", "sommertid"),
        (7, "Atlantic/Reykjavik", "normaltid"),
    ],
)
def test_summer_time_is_the_later_of_a_years_two_times(month: int, zone: str, shown: str) -> None:
    assert danish_time.season(datetime(2026, month, 15, 12, tzinfo=UTC), zone) == shown
