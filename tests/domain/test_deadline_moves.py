"""Deadlines that are lawfully extended, and deadlines that stood still."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlepligt.domain.calendars import calendar_for
from handlepligt.domain.deadline_moves import extended, moved_by_standstill, offset_until
from handlepligt.domain.deadlines import Basis, Offset, Unit
from handlepligt.domain.explanations import explain_extension, explain_pause

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
DENMARK = calendar_for("DK")
FRIDAY = datetime(2026, 11, 27, 16, 55, tzinfo=COPENHAGEN)
MONDAY_NIGHT = datetime(2026, 12, 7, 23, 59, 59, tzinfo=COPENHAGEN)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=COPENHAGEN)


@pytest.mark.parametrize(
    ("by", "cap", "due", "is_capped"),
    [
        ("14 days", None, "2026-12-21 23:59:59", False),
        ("14 days", "4 months", "2026-12-21 23:59:59", False),
        ("14 days", "2 weeks", "2026-12-11 23:59:59", True),
        ("2 working days", None, "2026-12-09 23:59:59", False),
        ("36 hours", None, "2026-12-09 11:59:59", False),
        # The cap lies before the present end: nothing is left.
        ("14 days", "3 days", "2026-11-30 23:59:59", True),
    ],
)
def test_an_extension_is_counted_from_the_end_and_its_cap_from_the_base(
    by: str, cap: str | None, due: str, is_capped: bool
) -> None:
    computed, capped = extended(
        base_at=FRIDAY,
        due_at=MONDAY_NIGHT,
        by=Offset.parse(by),
        cap=Offset.parse(cap) if cap else None,
        basis=Basis.LOCAL,
        calendar=DENMARK,
    )

    assert (computed.due_at, capped) == (at(due), is_capped)


def test_an_extension_of_law_has_a_sikker_frist_of_its_own() -> None:
    computed, _ = extended(
        base_at=FRIDAY, due_at=MONDAY_NIGHT, by=Offset.parse("19 days"), cap=None, basis=Basis.LAW,
        calendar=DENMARK,
    )  # fmt: skip

    assert computed.due_at == at("2026-12-26 23:59:59")
    assert computed.last_safe_working_day == date(2026, 12, 24)


@pytest.mark.parametrize(
    ("until", "offset"),
    [
        (date(2026, 12, 10), Offset(3, Unit.CALENDAR_DAYS)),
        (date(2026, 12, 7), Offset(0, Unit.CALENDAR_DAYS)),
        (at("2026-12-08 01:59:59"), Offset(120, Unit.MINUTES)),
        (at("2026-12-07 12:00"), Offset(-720, Unit.MINUTES)),
    ],
)
def test_until_a_day_or_an_instant_is_read_as_how_much_longer(until: date | datetime, offset: Offset) -> None:
    assert offset_until(MONDAY_NIGHT, until, DENMARK) == offset


@pytest.mark.parametrize(
    ("since", "until", "due", "lost"),
    [
        # Monday noon to Thursday morning: Monday, Tuesday and Wednesday are lost.
        ("2026-11-30 12:00", "2026-12-03 09:00", "2026-12-10 23:59:59", "3 hverdage"),
        ("2026-11-30 09:00", "2026-11-30 16:00", "2026-12-07 23:59:59", ""),
        ("2026-11-28 09:00", "2026-11-30 09:00", "2026-12-07 23:59:59", ""),
        ("2026-11-27 16:00", "2026-11-29 09:00", "2026-12-08 23:59:59", "1 hverdag"),
        # Over Christmas nobody is at work, closing days included.
        ("2026-12-23 12:00", "2026-12-28 09:00", "2026-12-08 23:59:59", "1 hverdag"),
    ],
)
def test_a_deadline_in_days_is_moved_by_the_working_days_that_were_lost(
    since: str, until: str, due: str, lost: str
) -> None:
    moved = moved_by_standstill(
        MONDAY_NIGHT, Unit.CALENDAR_DAYS, since=at(since), until=at(until), calendar=DENMARK
    )

    assert moved == (at(due), lost)


def test_a_deadline_in_hours_is_moved_by_physical_time() -> None:
    due = at("2027-03-28 01:00")

    moved = moved_by_standstill(
        due, Unit.HOURS, since=at("2027-03-27 12:00"), until=at("2027-03-28 12:00"), calendar=DENMARK
    )

    # The clock was put forward that night, so 23 hours were lost and not 24.
    assert moved == (at("2027-03-29 01:00"), "23 t")


def test_an_extension_names_how_often_and_by_which_rule() -> None:
    said = explain_extension(
        MONDAY_NIGHT, at("2026-12-21 23:59:59"), DENMARK, number=2, reference="barnets lov § 20",
        is_capped=True,
    )  # fmt: skip

    assert said == (
        "forlænget 2. gang fra man 07-12-2026 23.59 efter barnets lov § 20; = man 21-12-2026 23.59"
        " (længere kan fristen ikke blive)"
    )


def test_a_pause_says_since_when_and_afterwards_what_was_lost() -> None:
    since, until = at("2026-11-30 12:00"), at("2026-12-03 09:00")

    assert explain_pause(since, None, DENMARK) == "står stille fra man 30-11-2026 12.00"
    assert explain_pause(since, until, DENMARK, lost="3 hverdage", after=at("2026-12-10 23:59:59")) == (
        "stod stille man 30-11-2026 12.00 til tor 03-12-2026 09.00, flyttet 3 hverdage;"
        " = tor 10-12-2026 23.59"
    )
