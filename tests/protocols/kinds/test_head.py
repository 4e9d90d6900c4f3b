"""The kind *head*: which protocol it is, whose, and for whom it is suggested."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from handlepligt.domain.calendars import ClosingDay, OfficeHours, calendar_for
from protocols.loader import Library
from tests.protocols.small import refused_with, small

RAISED_BY = "raised_by: [adviser]"
APPLIES = 'applies_when: "true"'


def test_a_head_says_which_protocol_it_is_and_whose(tmp_path: Path) -> None:
    definition = small(tmp_path)

    assert (definition.key, definition.version, definition.title) == ("small", "2026-1", "Lille forløb")
    assert definition.head.organisation.name == "Prøveby"
    assert (definition.head.organisation.address, definition.head.organisation.registration) == ("", "")


@pytest.mark.parametrize(
    ("age", "role", "suggested"), [(17, "adviser", ("small",)), (18, "adviser", ()), (17, "leader", ())]
)
def test_a_protocol_is_suggested_to_those_who_may_raise_it_for_that_age(
    age: int, role: str, suggested: tuple[str, ...], tmp_path: Path
) -> None:
    definition = small(tmp_path, (APPLIES, "applies_when: age != null && age < 18"))

    assert Library([definition]).suggest(age, role) == suggested


def test_a_country_alone_is_its_holidays_its_usual_week_and_its_usual_closing_days(tmp_path: Path) -> None:
    calendar = small(tmp_path).head.work_calendar

    assert calendar == calendar_for("DK")


def test_a_calendar_can_be_written_out(tmp_path: Path) -> None:
    written = (
        "calendar: {holidays: SE, working_days: [mon, tue, wed, thu, fri, sat], "
        'closed: [{day: "06-24", name: Stängt}, {day: "2026-12-28", name: Flytt}], '
        'office: {opens: "08:00", closes: "16:30"}}'
    )
    zone = ("zone: Europe/Copenhagen", "zone: Europe/Stockholm")

    calendar = small(tmp_path, ("calendar: DK", written), zone).head.work_calendar

    assert (calendar.key, calendar.zone, calendar.office) == (
        "SE", "Europe/Stockholm", OfficeHours(time(8), time(16, 30)),
    )  # fmt: skip
    assert calendar.closing_days == {ClosingDay(6, 24, "Stängt"), ClosingDay(12, 28, "Flytt", 2026)}
    assert calendar.why_skipped(date(2027, 6, 24), local=True) == "lukkedag"
    assert calendar.is_working_day(date(2026, 9, 5), local=True)
    assert calendar.is_working_day(date(2027, 12, 28), local=True)


def test_closed_may_say_that_no_day_is(tmp_path: Path) -> None:
    written = ("calendar: DK", "calendar: {holidays: DK, closed: []}")

    assert small(tmp_path, written).head.work_calendar.is_working_day(date(2026, 6, 5), local=True)


@pytest.mark.parametrize(
    ("old", "line", "sentence"),
    [
        (
            "key: small",
            "key: Small Talk",
            "'Small Talk' is not allowed for 'key'; write for",
        ),
        (
            'version: "2026-1"',
            'version: "1.0"',
            "'1.0' is not allowed for 'version'; write for",
        ),
        ("zone: Europe/Copenhagen", "zone: Europe/Aalborg", "unknown time zone 'Europe/Aalborg'; write for"),
        ("country: DK", "country: ZZ", "nothing is known of the country 'ZZ'; write for example DK"),
        ("calendar: DK", "calendar: ZZ", "no calendar 'ZZ': no public holidays on record; write a"),
        ("calendar: DK", "calendar: {region: BY}", "'holidays' is missing; add it"),
        ("calendar: DK", "calendar: {holidays: DE, region: XX}", "no calendar 'DE XX': no public holidays"),
        (
            "calendar: DK",
            "calendar: {holidays: DK, working_days: [mon, lør]}",
            "'lør' is no day of the week; write mon, tue, wed, thu, fri, sat, sun",
        ),
        (
            "calendar: DK",
            "calendar: {holidays: DK, working_days: []}",
            "name each working day of the week once, and at least one",
        ),
        (
            "calendar: DK",
            'calendar: {holidays: DK, closed: [{day: "02-30", name: Skudt forbi}]}',
            "'02-30' is no day; write 06-24 for every year or 2026-12-28 for once",
        ),
        (
            "calendar: DK",
            'calendar: {holidays: DK, office: {opens: "17:00", closes: "08:00"}}',
            "the office closes before it opens",
        ),
        (
            "calendar: DK",
            'calendar: {holidays: DK, office: {opens: "8.00"}}',
            "'8.00' is no time of day; write it in quotes, for example \"08:00\"",
        ),
        (RAISED_BY, "raised_by: [wizard]", "unknown staff role 'wizard'; there are adviser, "),
        (APPLIES, "applies_when: fact.child == 'yes'", "unknown name 'fact.child'"),
        ("  source: Opfundet\n", "", "'source' is missing; add it"),
    ],
)
def test_a_head_that_cannot_be_used_is_refused(old: str, line: str, sentence: str, tmp_path: Path) -> None:
    [(file, written, said)] = refused_with(tmp_path, (old, line))

    assert (file, written) == ("small.yaml", line or "head:")
    assert said.startswith(sentence)
