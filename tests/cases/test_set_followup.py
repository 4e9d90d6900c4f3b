"""An open case always has a next follow-up, on a day that somebody can keep."""

from datetime import UTC, date, datetime

import pytest
from sqlmodel import col, select

from handlepligt.cases.set_followup import set_followup
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError
from models import Case, DueRow
from tests.cases.acting import Stage
from tests.make import WEEK


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.raised()


def wakes(stage: Stage, case: Case) -> list[datetime]:
    rows = select(DueRow.fire_at).where(DueRow.case_id == case.id, DueRow.kind == "followup")
    return stage.rows(rows.order_by(col(DueRow.rung)))


def test_the_day_and_what_wakes_people_move_together(stage: Stage, case: Case) -> None:
    stage.do(set_followup, by=stage.house.mia, case_id=case.id, on=date(2026, 12, 4), note="Ring til skolen")

    assert stage.case(case).next_followup_on == date(2026, 12, 4)
    assert wakes(stage, case) == [
        datetime(2026, 12, 4, 6, tzinfo=UTC), datetime(2026, 12, 7, 6, tzinfo=UTC),
    ]  # fmt: skip
    event = stage.events(case)[-1]
    assert (event.kind, event.detail) == (EventKind.FOLLOWUP_SET, "Ring til skolen")


def test_the_end_of_the_day_counts_as_the_next_due_instant(stage: Stage) -> None:
    case = stage.ready_to_close()

    stage.do(set_followup, by=stage.house.mia, case_id=case.id, on=date(2026, 11, 24))

    assert stage.case(case).next_due_at == datetime(2026, 11, 24, 22, 59, 59, tzinfo=UTC)


def test_setting_the_same_day_twice_leaves_one_set_of_wakes(stage: Stage, case: Case) -> None:
    for _ in range(2):
        stage.do(set_followup, by=stage.house.mia, case_id=case.id, on=date(2026, 12, 4))

    assert len(wakes(stage, case)) == 2


def test_today_is_early_enough_and_wakes_at_once(stage: Stage, case: Case) -> None:
    stage.do(set_followup, by=stage.house.lars, case_id=case.id, on=date(2026, 11, 23))

    assert wakes(stage, case)[0] == stage.now


def test_just_after_midnight_yesterday_is_over(stage: Stage, case: Case) -> None:
    stage.now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    stage.refused(InvalidInputError, set_followup, by=stage.house.mia, case_id=case.id, on=date(2026, 11, 23))
    stage.do(set_followup, by=stage.house.mia, case_id=case.id, on=date(2026, 11, 24))


@pytest.mark.parametrize("on", [date(2026, 11, 22), date(1, 1, 1), date(2027, 11, 25), date(9999, 12, 31)])
def test_a_day_nobody_will_keep_is_refused(stage: Stage, case: Case, on: date) -> None:
    error = stage.refused(InvalidInputError, set_followup, by=stage.house.mia, case_id=case.id, on=on)

    assert list(error.problems) == ["on"]


@pytest.mark.parametrize("note", ["\x00", "\u202e", "x" * 20_001])
def test_an_unusable_note_is_refused(stage: Stage, case: Case, note: str) -> None:
    on = (stage.now + WEEK).date()

    stage.refused(InvalidInputError, set_followup, by=stage.house.mia, case_id=case.id, on=on, note=note)


def test_only_holder_and_leader_set_it(stage: Stage, case: Case) -> None:
    on = (stage.now + WEEK).date()

    stage.refused(NotAllowedError, set_followup, by=stage.house.hanne, case_id=case.id, on=on)
    stage.refused(NotFoundError, set_followup, by=stage.house.kim, case_id=case.id, on=on)
