"""The front page of those who lead: which cases nobody has done anything about."""

from datetime import datetime

from handlepligt.cases.log_call import log_call
from handlepligt.cases.view_board import board_of
from models import Case, Staff
from models.session import reading
from tests.cases.acting import Stage
from tests.cases.small_case import small_in_force
from tests.make import DAY, HOUR, MONDAY

# In the week before Easter 2027 Denmark is off on Thursday and Friday and on the Monday that follows.
BEFORE_EASTER = datetime.fromisoformat("2027-03-22T09:00:00+01:00")
SIX_DAYS = "{holidays: DK, working_days: [mon, tue, wed, thu, fri, sat]}"


def idle(stage: Stage, at: datetime, by: Staff) -> list[str]:
    with reading(stage.engine) as session:
        return [row.reference for row in board_of(session, session.get_one(Staff, by.id), at).idle.rows]


def raised_at(stage: Stage, at: datetime, track: str) -> Case:
    stage.now = at
    return stage.raised(track=track, facts={"urgent": "no"})


def test_a_case_is_idle_after_five_working_days(stage: Stage) -> None:
    with small_in_force():
        case = raised_at(stage, MONDAY, "small")

        assert idle(stage, MONDAY + 7 * DAY, stage.house.lars) == []
        assert idle(stage, MONDAY + 8 * DAY, stage.house.lars) == [case.reference]


def test_days_off_do_not_count(stage: Stage) -> None:
    with small_in_force():
        case = raised_at(stage, BEFORE_EASTER, "small")

        assert idle(stage, BEFORE_EASTER + 10 * DAY, stage.house.lars) == []
        assert idle(stage, BEFORE_EASTER + 11 * DAY + 23 * HOUR, stage.house.lars) == [case.reference]


def test_each_case_is_counted_in_the_calendar_of_its_own_protocol(stage: Stage) -> None:
    with small_in_force(("calendar: DK", f"calendar: {SIX_DAYS}")):
        six_days = raised_at(stage, MONDAY, "small")
        stage.now = MONDAY
        five_days = stage.raised(facts={"underretning_received": "no"})
        a_week_later = MONDAY + 7 * DAY

        assert idle(stage, a_week_later, stage.house.lars) == [six_days.reference]
        assert set(idle(stage, a_week_later + DAY, stage.house.lars)) == {
            six_days.reference,
            five_days.reference,
        }


def test_whatever_is_done_makes_it_busy_again(stage: Stage) -> None:
    with small_in_force():
        case = raised_at(stage, MONDAY, "small")
        stage.later(7 * DAY)
        called = {"contact_key": "hotline", "outcome": "answered"}
        stage.do(log_call, by=stage.house.mia, case_id=case.id, **called)

        assert idle(stage, MONDAY + 8 * DAY, stage.house.lars) == []
