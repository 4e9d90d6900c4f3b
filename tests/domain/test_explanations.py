"""The Danish line that explains a deadline."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from handlepligt.domain.calendars import calendar_for
from handlepligt.domain.deadlines import Basis, Offset, Unit, compute_deadline
from handlepligt.domain.explanations import explain, in_danish

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
DENMARK = calendar_for("DK")
FRIDAY = datetime(2026, 11, 27, 16, 55, tzinfo=COPENHAGEN)


def explained(base_at: datetime, offset: str, basis: Basis = Basis.LAW, *, word: str = "modtaget") -> str:
    computed = compute_deadline(base_at, Offset.parse(offset), basis, DENMARK)
    return explain(computed, DENMARK, received_word=word)


def test_working_days_list_what_was_skipped_and_end_with_the_sikker_frist() -> None:
    assert explained(FRIDAY, "6 working days") == (
        "modtaget fre 27-11-2026 16.55; 6 hverdage; sprunget over lør 28-11, søn 29-11, lør 05-12, søn 06-12;"
        " = man 07-12-2026 23.59; sikker frist fre 04-12-2026 23.59"
    )


def test_a_local_deadline_has_no_sikker_frist_and_names_closing_days() -> None:
    wednesday = datetime(2026, 12, 23, 10, tzinfo=COPENHAGEN)

    assert explained(wednesday, "2 working days", Basis.LOCAL) == (
        "modtaget ons 23-12-2026 10.00; 2 hverdage; sprunget over tor 24-12 (lukkedag), fre 25-12 (juledag),"
        " lør 26-12, søn 27-12; = tir 29-12-2026 23.59"
    )


def test_months_say_which_days_lie_after_the_last_safe_working_day() -> None:
    assert explained(FRIDAY, "4 months") == (
        "modtaget fre 27-11-2026 16.55; 4 måneder; = lør 27-03-2027 23.59; sikker frist ons 24-03-2027 23.59"
        " (sidste hverdag før tor 25-03 (skærtorsdag), fre 26-03 (langfredag), lør 27-03)"
    )


def test_a_month_too_short_for_the_day_number_is_pointed_out() -> None:
    halloween = datetime(2026, 10, 31, 9, tzinfo=COPENHAGEN)

    assert explained(halloween, "4 months", Basis.LOCAL) == (
        "modtaget lør 31-10-2026 09.00; 4 måneder; februar 2027 har kun 28 dage; = søn 28-02-2027 23.59"
    )


def test_hours_over_the_spring_night_explain_the_clock() -> None:
    before_summer_time = datetime(2027, 3, 27, 12, tzinfo=COPENHAGEN)

    assert explained(before_summer_time, "24 hours") == (
        "modtaget lør 27-03-2027 12.00; 24 timer; sommertid begynder: klokken viser 13.00;"
        " = søn 28-03-2027 13.00; sikker frist den samme"
    )


def test_hours_over_the_autumn_night_explain_the_clock() -> None:
    before_normal_time = datetime(2026, 10, 24, 12, tzinfo=COPENHAGEN)

    assert "; normaltid begynder: klokken viser 11.00;" in explained(before_normal_time, "24 hours")


def test_minutes_inside_the_repeated_hour_tell_its_two_runs_apart() -> None:
    first_half_past_two = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)

    line = explained(first_half_past_two, "60 minutes", Basis.LOCAL)

    assert line.startswith("modtaget søn 25-10-2026 02.30 (sommertid); 60 minutter;")
    assert line.endswith("= søn 25-10-2026 02.30 (normaltid)")


def test_hours_backwards_over_the_spring_night_explain_the_clock() -> None:
    after_summer_time = datetime(2027, 3, 28, 12, tzinfo=COPENHAGEN)

    line = explained(after_summer_time, "-24 hours", Basis.LOCAL, word="mødet")

    assert line == (
        "mødet søn 28-03-2027 12.00; 24 timer før; sommertid begynder: klokken viser 11.00;"
        " = lør 27-03-2027 11.00"
    )


@pytest.mark.parametrize("offset", ["24 hours", "3 days"])
def test_an_ordinary_night_and_a_count_of_days_say_nothing_about_the_clock(offset: str) -> None:
    base_at = FRIDAY if offset == "24 hours" else datetime(2027, 3, 27, 12, tzinfo=COPENHAGEN)

    assert "klokken viser" not in explained(base_at, offset)


def test_twelve_skipped_days_are_all_listed() -> None:
    monday = datetime(2027, 1, 4, 9, tzinfo=COPENHAGEN)

    line = explained(monday, "30 working days", Basis.LOCAL)

    assert line.count("lør ") == line.count("søn ") == 6


def test_more_than_twelve_are_counted_and_only_the_holidays_named() -> None:
    tuesday = datetime(2026, 12, 1, 9, tzinfo=COPENHAGEN)

    assert explained(tuesday, "40 working days", Basis.LOCAL) == (
        "modtaget tir 01-12-2026 09.00; 40 hverdage; sprunget over 9 lørdage og 9 søndage,"
        " tor 24-12 (lukkedag), fre 25-12 (juledag), tor 31-12 (lukkedag), fre 01-01 (nytårsdag);"
        " = man 01-02-2027 23.59"
    )


def test_a_sikker_frist_on_a_saturday_names_the_last_day_somebody_is_at_work() -> None:
    halloween = datetime(2026, 10, 31, 9, tzinfo=COPENHAGEN)

    assert explained(halloween, "6 working days").endswith(
        "sikker frist lør 07-11-2026 23.59 (sidste hverdag fre 06-11)"
    )


def test_a_due_day_that_is_a_working_day_is_its_own_sikker_frist() -> None:
    assert explained(FRIDAY, "3 days").endswith("= man 30-11-2026 23.59; sikker frist den samme")


def test_counting_backwards_says_so() -> None:
    tuesday = datetime(2027, 1, 5, 9, tzinfo=COPENHAGEN)

    assert explained(tuesday, "-2 working days", Basis.LOCAL, word="mødet") == (
        "mødet tir 05-01-2027 09.00; 2 hverdage før; sprunget over tor 31-12 (lukkedag),"
        " fre 01-01 (nytårsdag), lør 02-01, søn 03-01; = ons 30-12-2026 23.59"
    )


def test_an_old_deadline_is_explained_as_it_was_computed_whatever_the_calendar_says_now() -> None:
    thursday = datetime(2027, 5, 13, 9, tzinfo=COPENHAGEN)
    computed = compute_deadline(thursday, Offset.parse("2 working days"), Basis.LOCAL, DENMARK)
    without_closing_days = calendar_for("DK", [])

    assert explain(computed, without_closing_days) == explain(computed, DENMARK)


@pytest.mark.parametrize(
    ("offset", "danish"),
    [
        (Offset(1, Unit.MINUTES), "1 minut"),
        (Offset(1, Unit.HOURS), "1 time"),
        (Offset(1, Unit.CALENDAR_DAYS), "1 dag"),
        (Offset(1, Unit.WORKING_DAYS), "1 hverdag"),
        (Offset(2, Unit.WEEKS), "2 uger"),
        (Offset(1, Unit.MONTHS), "1 måned"),
        (Offset(18, Unit.YEARS), "18 år"),
        (Offset(-1, Unit.WEEKS), "1 uge før"),
        (Offset(0, Unit.MINUTES), "straks"),
        (Offset(0, Unit.CALENDAR_DAYS), "samme dag"),
    ],
)
def test_an_offset_is_said_in_danish(offset: Offset, danish: str) -> None:
    assert in_danish(offset) == danish
