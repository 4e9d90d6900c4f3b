"""A calendar as a definition asks for it: any country or region, any week, own days and hours."""

from datetime import date, time

import pytest

from handlepligt.domain.calendars import (
    CalendarMissingError,
    CalendarSpec,
    ClosingDay,
    OfficeHours,
    calendar_for,
)
from handlepligt.domain.danish_time import UnknownZoneError

CHRISTMAS = date(2026, 12, 25)


@pytest.mark.parametrize(
    ("country", "region", "language", "name"),
    [
        ("SE", "", "sv", "Juldagen"),
        ("DE", "BY", "de", "Erster Weihnachtstag"),
        ("CH", "ZH", "fr", "Noël"),
        ("FI", "", "sv", "Juldagen"),
        ("NO", "", "nb", "Første juledag"),
        # Nobody has written Swedish holidays in Danish: then they are in Swedish.
        ("SE", "", "da", "Juldagen"),
        ("GB", "SCT", "", "Christmas Day"),
    ],
)
def test_holidays_are_named_in_the_definitions_language_or_the_countrys_own(
    country: str, region: str, language: str, name: str
) -> None:
    calendar = calendar_for(CalendarSpec(country, region, zone="UTC", language=language))

    assert calendar.holiday_name(CHRISTMAS) == name


def test_a_regions_own_holidays_are_holidays_there_only() -> None:
    bavaria = calendar_for(CalendarSpec("DE", "BY", zone="Europe/Berlin", language="de"))
    germany = calendar_for(CalendarSpec("DE", zone="Europe/Berlin", language="de"))

    assert bavaria.why_skipped(date(2026, 6, 4), local=False) == "Fronleichnam"
    assert germany.is_working_day(date(2026, 6, 4), local=False)


@pytest.mark.parametrize(("country", "region"), [("ZZ", ""), ("DE", "XX"), ("SWE", ""), ("se", ""), ("", "")])
def test_a_country_or_region_that_nobody_has_on_record_is_refused(country: str, region: str) -> None:
    with pytest.raises(CalendarMissingError, match="no public holidays on record"):
        calendar_for(CalendarSpec(country, region, zone="UTC"))


@pytest.mark.parametrize(("country", "year"), [("LK", 2030), ("UA", 2026), ("LK", 2001)])
def test_a_year_without_any_holiday_is_missing_and_not_free_of_them(country: str, year: int) -> None:
    calendar = calendar_for(CalendarSpec(country, zone="UTC"))

    with pytest.raises(CalendarMissingError):
        calendar.is_working_day(date(year, 3, 3), local=False)


def test_only_denmark_has_a_zone_of_its_own() -> None:
    with pytest.raises(CalendarMissingError, match="needs a zone"):
        calendar_for("SE")
    with pytest.raises(UnknownZoneError):
        calendar_for(CalendarSpec("SE", zone="Europe/Göteborg"))


def test_denmark_is_the_same_by_its_key_and_by_a_value() -> None:
    assert calendar_for("DK") == calendar_for(CalendarSpec("DK", zone="Europe/Copenhagen"))


def test_nothing_is_closed_elsewhere_unless_somebody_says_so() -> None:
    sweden = calendar_for(CalendarSpec("SE", zone="Europe/Stockholm"))

    assert sweden.closing_days == frozenset()
    assert sweden.why_skipped(date(2026, 6, 5), local=True) is None


def test_what_changes_the_days_changes_the_version_and_office_hours_do_not() -> None:
    plain = CalendarSpec("SE", zone="Europe/Stockholm")
    saturdays = CalendarSpec("SE", zone="Europe/Stockholm", working_days=frozenset(range(6)))
    closed = CalendarSpec("SE", zone="Europe/Stockholm", closed=frozenset({ClosingDay(6, 19, "afton")}))
    late = CalendarSpec("SE", zone="Europe/Stockholm", office=OfficeHours(time(9), time(18)))
    region = CalendarSpec("DE", "BY", zone="Europe/Berlin")

    versions = [calendar_for(one).version for one in (plain, saturdays, closed, region)]

    assert len(set(versions)) == 4
    assert calendar_for(late).version == versions[0]
    assert versions[0].startswith("SE-")
    assert all(len(version) <= 40 for version in versions)
    assert calendar_for(CalendarSpec("DK", zone="Atlantic/Faroe")).version.startswith("DK-2026.1+")


def test_the_week_decides_which_days_are_passed_over() -> None:
    spec = CalendarSpec("SE", zone="Europe/Stockholm", working_days=frozenset({1, 2, 3, 4, 5}))
    calendar = calendar_for(spec)

    week = [calendar.why_skipped(date(2026, 9, day), local=False) for day in range(7, 14)]

    assert week == ["man", None, None, None, None, None, "søn"]
