"""A rolling window is looked at again by itself at the instant something leaves it."""

from datetime import datetime, timedelta

from sqlmodel import select

from handlepligt.cases.press_acute import press_acute
from handlepligt.followups.sweep import sweep
from models import Case, DueRow
from tests.cases.acting import Stage
from tests.make import DAY


def alarm(stage: Stage, case: Case) -> datetime:
    stage.do(press_acute, by=stage.house.mia, case_id=case.id)
    at = stage.now
    stage.complete(case, "alarm", by=stage.house.mia, calm="yes")
    return at


def armed(stage: Stage, case: Case) -> list[datetime]:
    rows = select(DueRow.fire_at).where(DueRow.case_id == case.id, DueRow.kind == "reconsider")
    return stage.rows(rows)


def test_nothing_is_armed_while_nothing_is_counted(stage: Stage, clockwork_case: Case) -> None:
    assert armed(stage, clockwork_case) == []


def test_one_row_waits_for_the_first_round_to_leave(stage: Stage, clockwork_case: Case) -> None:
    first = alarm(stage, clockwork_case)
    stage.later(10 * DAY)
    alarm(stage, clockwork_case)

    assert armed(stage, clockwork_case) == [first + 30 * DAY]


def test_the_rules_are_asked_again_when_it_has_left(stage: Stage, clockwork_case: Case) -> None:
    first = alarm(stage, clockwork_case)
    second = alarm(stage, clockwork_case) if stage.later(10 * DAY) else first
    assert stage.step(clockwork_case, "escalate").status == "open"

    stage.now = first + 30 * DAY - timedelta(seconds=1)
    sweep(stage.engine, stage.now)
    still = stage.step(clockwork_case, "escalate").status
    stage.now = first + 30 * DAY
    sweep(stage.engine, stage.now)

    assert still == "open"
    assert stage.step(clockwork_case, "escalate").status == "not_applicable"
    assert armed(stage, clockwork_case) == [second + 30 * DAY]


def test_asking_once_too_often_changes_nothing(stage: Stage, clockwork_case: Case) -> None:
    first = alarm(stage, clockwork_case)
    stage.now = first + 30 * DAY
    sweep(stage.engine, stage.now)
    before = len(stage.events(clockwork_case))

    sweep(stage.engine, stage.now)

    assert len(stage.events(clockwork_case)) == before
    assert armed(stage, clockwork_case) == []
