"""The deadlines of a paused step: those of the municipality stand still, those of law run on."""

from datetime import timedelta

from sqlmodel import select

from handlepligt.cases.press_acute import press_acute
from handlepligt.domain.vocabulary import EventKind
from handlepligt.followups.sweep import sweep
from models import Case, Deadline, DueRow
from tests.cases.acting import Stage
from tests.make import DAY, HOUR


def paused_at_once(stage: Stage, case: Case) -> None:
    stage.do(press_acute, by=stage.house.mia, case_id=case.id)


def gone_on(stage: Stage, case: Case, length: timedelta) -> None:
    stage.later(length)
    stage.complete(case, "alarm", by=stage.house.mia, calm="yes")


def deadline(stage: Stage, case: Case, key: str) -> Deadline:
    return stage.deadlines(case)[key, 1]


def rows_of(stage: Stage, one: Deadline) -> list[DueRow]:
    return stage.rows(select(DueRow).where(DueRow.deadline_id == one.id))


def test_local_deadlines_of_a_paused_step_stand_still_and_remind_nobody(
    stage: Stage, clockwork_case: Case
) -> None:
    paused_at_once(stage, clockwork_case)

    still = [
        key for key in ("in_hours", "in_days", "by_law") if deadline(stage, clockwork_case, key).paused_at
    ]
    assert still == ["in_hours", "in_days"]
    assert rows_of(stage, deadline(stage, clockwork_case, "in_hours")) == []
    assert rows_of(stage, deadline(stage, clockwork_case, "by_law")) != []
    assert "; står stille fra " in deadline(stage, clockwork_case, "in_days").explanation


def test_hours_are_moved_by_the_hours_that_were_lost(stage: Stage, clockwork_case: Case) -> None:
    before = deadline(stage, clockwork_case, "in_hours").due_at
    paused_at_once(stage, clockwork_case)

    gone_on(stage, clockwork_case, 60 * HOUR)

    after = deadline(stage, clockwork_case, "in_hours")
    assert (after.due_at, after.paused_at, after.breached_at) == (before + 60 * HOUR, None, None)
    assert {row.kind for row in rows_of(stage, after)} == {"breach", "rung"}
    assert ", flyttet 2 dage 12 t; = " in after.explanation
    assert "står stille" not in after.explanation


def test_days_are_moved_by_the_working_days_that_were_lost(stage: Stage, clockwork_case: Case) -> None:
    before = deadline(stage, clockwork_case, "in_days").due_at
    paused_at_once(stage, clockwork_case)

    gone_on(stage, clockwork_case, 2 * DAY)

    after = deadline(stage, clockwork_case, "in_days")
    assert ", flyttet 2 hverdage; = " in after.explanation
    assert timedelta(days=2) <= after.due_at - before <= timedelta(days=5)


def test_deadlines_of_law_run_on(stage: Stage, clockwork_case: Case) -> None:
    before = deadline(stage, clockwork_case, "by_law")
    paused_at_once(stage, clockwork_case)

    gone_on(stage, clockwork_case, 3 * DAY)

    after = deadline(stage, clockwork_case, "by_law")
    assert (after.due_at, after.explanation) == (before.due_at, before.explanation)


def test_what_stands_still_cannot_pass(stage: Stage, clockwork_case: Case) -> None:
    paused_at_once(stage, clockwork_case)
    stage.later(20 * DAY)

    sweep(stage.engine, stage.now)

    assert deadline(stage, clockwork_case, "in_hours").status == "running"
    assert deadline(stage, clockwork_case, "by_law").status == "breached"


def test_what_has_passed_already_does_not_stand_still(stage: Stage, clockwork_case: Case) -> None:
    stage.later(49 * HOUR)

    paused_at_once(stage, clockwork_case)

    assert deadline(stage, clockwork_case, "in_hours").paused_at is None
    assert deadline(stage, clockwork_case, "in_days").paused_at is not None


def test_the_next_date_of_the_case_is_none_that_stands_still(stage: Stage, clockwork_case: Case) -> None:
    paused_at_once(stage, clockwork_case)
    stage.later(49 * HOUR)
    sweep(stage.engine, stage.now)

    still = {one.due_at for one in stage.deadlines(clockwork_case).values() if one.paused_at}
    assert stage.case(clockwork_case).next_due_at not in still


def test_a_second_pause_moves_it_again_and_the_chronology_tells_of_both(
    stage: Stage, clockwork_case: Case
) -> None:
    before = deadline(stage, clockwork_case, "in_hours").due_at
    for _ in range(2):
        paused_at_once(stage, clockwork_case)
        gone_on(stage, clockwork_case, 5 * HOUR)

    kinds = stage.kinds(clockwork_case)
    assert deadline(stage, clockwork_case, "in_hours").due_at == before + 10 * HOUR
    assert kinds.count(EventKind.DEADLINE_PAUSED) == kinds.count(EventKind.DEADLINE_RESUMED) == 4


def test_it_can_be_met_after_standing_still(stage: Stage, clockwork_case: Case) -> None:
    paused_at_once(stage, clockwork_case)
    gone_on(stage, clockwork_case, 60 * HOUR)

    stage.complete(clockwork_case, "plan", by=stage.house.mia, meeting_on="2027-03-01")

    assert deadline(stage, clockwork_case, "in_hours").status == "met"
