"""Completing a step writes what was answered and what follows from it, or changes nothing at all."""

import json

import pytest
from sqlmodel import select

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.press_acute import press_acute
from handlepligt.domain.vocabulary import DeadlineStatus, EventKind, StepStatus
from handlepligt.errors import InvalidInputError
from models import Case, DueRow
from tests.cases.acting import Stage
from tests.make import HOUR, MONDAY, WEEK

NO_REPORT = {"underretning_received": "no"}


@pytest.fixture
def case(stage: Stage) -> Case:
    """Mia's case, a child's, with the discussion with her leader open."""
    return stage.raised(facts=NO_REPORT)


@pytest.fixture
def assessed(stage: Stage, case: Case) -> Case:
    """The same case after the assessment: they are still concerned."""
    stage.complete(case, "discuss", by=stage.house.mia, sparring_needed="no")
    stage.complete(case, "assess", by=stage.house.mia, still_concerned="yes")
    return case


def test_a_completed_step_keeps_its_answers_and_opens_what_follows(stage: Stage, case: Case) -> None:
    stage.later(HOUR)

    stage.complete(
        case, "discuss", by=stage.house.mia, sparring_needed="no", discussion_note="Hun er bange 😟"
    )

    step = stage.step(case, "discuss")
    assert (step.status, step.settled_at, step.settled_by_id) == ("done", MONDAY + HOUR, stage.house.mia.id)
    assert step.answers["discussed_with"] == {"role": "leader", "staff": stage.house.lars.id}
    assert step.answers["discussion_note"] == "Hun er bange 😟"
    assert stage.open_steps(case) == ["assess", "siblings"]
    assert stage.kinds(case)[-3:] == [EventKind.STEP_COMPLETED, EventKind.STEP_OPENED, EventKind.STEP_OPENED]
    assert json.loads(stage.events(case)[-3].about) == {"round": 1, "step": "discuss"}


def test_a_deadline_that_is_met_stops_reminding_and_the_next_one_counts(stage: Stage, case: Case) -> None:
    was_due = stage.case(case).next_due_at
    stage.later(HOUR)

    stage.complete(case, "discuss", by=stage.house.mia, sparring_needed="no")

    met = stage.deadlines(case)["discussed", 1]
    assert (met.status, met.settled_at, met.breached_at) == (DeadlineStatus.MET, MONDAY + HOUR, None)
    assert stage.rows(select(DueRow).where(DueRow.deadline_id == met.id)) == []
    assert was_due == met.due_at
    assert stage.case(case).next_due_at == stage.deadlines(case)["assessed", 1].due_at


def test_a_deadline_met_too_late_keeps_the_instant_it_passed(stage: Stage, case: Case) -> None:
    stage.later(WEEK)

    stage.complete(case, "discuss", by=stage.house.mia, sparring_needed="no")

    late = stage.deadlines(case)["discussed", 1]
    assert (late.status, late.breached_at) == (DeadlineStatus.MET_LATE, late.due_at)
    assert late.settled_at == MONDAY + WEEK


def test_completing_wakes_the_flow(stage: Stage, case: Case) -> None:
    wake = stage.case(case).wake

    stage.complete(case, "discuss", by=stage.house.mia)

    assert stage.case(case).wake == wake + 1


def test_a_round_that_comes_back_at_once_does_not_keep_the_deadline_of_the_last(
    stage: Stage, assessed: Case
) -> None:
    stage.complete(assessed, "siblings", by=stage.house.mia, other_children="unknown")

    deadlines = stage.deadlines(assessed)
    assert deadlines["siblings_checked", 1].status == DeadlineStatus.MET
    assert deadlines["siblings_checked", 2].status == DeadlineStatus.RUNNING


def test_going_on_with_the_followup_opens_a_round_that_is_due_on_the_agreed_day(
    stage: Stage, assessed: Case
) -> None:
    on = (stage.now + 2 * WEEK).date()

    stage.complete(
        assessed,
        "follow_up",
        by=stage.house.mia,
        followup_outcome="continue",
        next_followup_on=on.isoformat(),
    )

    assert stage.step(assessed, "follow_up", 2).status == StepStatus.OPEN
    agreed = stage.deadlines(assessed)["agreed_followup", 2]
    assert agreed.due_at == stage.case(assessed).next_due_at or agreed.due_at.date() == on
    assert stage.case(assessed).next_followup_on == on
    assert stage.deadlines(assessed)["first_followup", 1].status == DeadlineStatus.MET


def test_a_followup_in_the_past_is_said_of_the_question_that_was_asked(stage: Stage, assessed: Case) -> None:
    answers = stage.answers(assessed, "follow_up", followup_outcome="continue", next_followup_on="2026-11-01")

    error = stage.refused(
        InvalidInputError, complete_step, by=stage.house.mia, case_id=assessed.id, step_key="follow_up",
        answers=answers,
    )  # fmt: skip

    assert list(error.problems) == ["next_followup_on"]


def test_an_answer_can_press_acute(stage: Stage, case: Case) -> None:
    stage.complete(case, "discuss", by=stage.house.mia, sparring_needed="yes")

    stage.complete(case, "sparring", by=stage.house.mia, sparring_acute="yes")

    assert stage.case(case).is_acute
    assert "acute" in stage.open_steps(case)
    assert EventKind.ACUTE_PRESSED in stage.kinds(case)


def test_the_danger_is_not_over_while_an_acute_step_is_open(stage: Stage, case: Case) -> None:
    mia = stage.house.mia
    stage.do(press_acute, by=mia, case_id=case.id)
    stage.complete(case, "acute", by=mia, responsible_reached="yes")
    stage.complete(case, "safety_acceptance", by=mia)
    stage.do(press_acute, by=mia, case_id=case.id)

    stage.complete(case, "safety_assessment", by=mia, acute_is_over="yes")

    assert stage.case(case).is_acute
    stage.complete(case, "acute", by=mia, responsible_reached="yes")
    stage.complete(case, "safety_acceptance", by=mia)
    stage.complete(case, "safety_assessment", by=mia, acute_is_over="yes")
    assert not stage.case(case).is_acute
