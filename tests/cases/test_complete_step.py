"""Completing a step writes what was answered and what follows from it, or changes nothing at all."""

import json
from typing import Any

import pytest
from sqlmodel import select

from handlepligt.cases.complete_step import StepNotOpenError, complete_step
from handlepligt.cases.open_case import CaseClosedError
from handlepligt.cases.press_acute import press_acute
from handlepligt.domain.vocabulary import DeadlineStatus, EventKind, StepStatus
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from models import AccessLogEntry, Case, DueRow, Staff
from models.session import writing
from protocols.problems import AnswersError
from tests.cases.acting import ADULT, Stage
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


# Bad input.


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({}, {"discussed_with", "sparring_needed"}),
        ({"sparring_needed": "maybe"}, {"discussed_with", "sparring_needed"}),
        ({"sparring_needed": ["yes"]}, {"discussed_with", "sparring_needed"}),
        ({"discussed_with": "leader"}, {"discussed_with", "sparring_needed"}),
        ({"discussed_with": {"role": "leader", "staff": "1"}}, {"discussed_with", "sparring_needed"}),
        ({"no_such_question": "yes"}, {"no_such_question", "discussed_with", "sparring_needed"}),
        ({"discussion_note": "a\x00b"}, {"discussion_note", "discussed_with", "sparring_needed"}),
        ({"discussion_note": "vendt \u202e om"}, {"discussion_note", "discussed_with", "sparring_needed"}),
        ({"discussion_note": "x" * 10_000_000}, {"discussion_note", "discussed_with", "sparring_needed"}),
        ({"discussion_note": 17}, {"discussion_note", "discussed_with", "sparring_needed"}),
        ({"discussion_note": "\ud800"}, {"discussion_note", "discussed_with", "sparring_needed"}),
    ],
)
def test_answers_that_cannot_be_used_are_named_and_nothing_is_written(
    stage: Stage, case: Case, answers: dict[str, Any], wrong: set[str]
) -> None:
    error = stage.refused(
        AnswersError, complete_step, by=stage.house.mia, case_id=case.id, step_key="discuss", answers=answers
    )

    assert set(error.problems) == wrong
    assert all(sentence.endswith(".") for sentence in error.problems.values())


def test_a_step_cannot_be_completed_twice(stage: Stage, case: Case) -> None:
    answers = stage.answers(case, "discuss")
    stage.complete(case, "discuss", by=stage.house.mia)

    stage.refused(
        StepNotOpenError, complete_step, by=stage.house.mia, case_id=case.id, step_key="discuss",
        answers=answers,
    )  # fmt: skip


def test_a_step_that_has_not_opened_cannot_be_completed(stage: Stage, case: Case) -> None:
    stage.refused(
        StepNotOpenError, complete_step, by=stage.house.mia, case_id=case.id, step_key="assess", answers={}
    )


@pytest.mark.parametrize("key", ["no_such_step", "", "discuss\x00"])
def test_an_unknown_step_is_not_found(stage: Stage, case: Case, key: str) -> None:
    stage.refused(NotFoundError, complete_step, by=stage.house.mia, case_id=case.id, step_key=key, answers={})


@pytest.mark.parametrize("case_id", ["0" * 32, "", "banana", "\x00", "x" * 100_000])
def test_an_unknown_case_looks_like_somebody_elses(stage: Stage, case: Case, case_id: str) -> None:
    unknown = stage.refused(
        NotFoundError, complete_step, by=stage.house.kim, case_id=case_id, step_key="discuss", answers={}
    )
    not_his = stage.refused(
        NotFoundError, complete_step, by=stage.house.kim, case_id=case.id, step_key="discuss", answers={}
    )

    assert (str(unknown), unknown.user_message) == (str(not_his), not_his.user_message)
    looks = stage.rows(select(AccessLogEntry.case_id, AccessLogEntry.was_allowed))
    assert set(looks) == {(None, False), (case.id, False)}


@pytest.mark.parametrize("who", ["lars", "karin", "hanne"])
def test_only_the_holder_completes_steps(stage: Stage, case: Case, who: str) -> None:
    by: Staff = getattr(stage.house, who)

    stage.refused(NotAllowedError, complete_step, by=by, case_id=case.id, step_key="discuss", answers={})


def test_a_step_of_a_closed_case_cannot_be_completed(stage: Stage) -> None:
    case = stage.ready_to_close()
    stage.close(case, by=stage.house.mia, leader=stage.house.lars)

    stage.refused(
        CaseClosedError, complete_step, by=stage.house.mia, case_id=case.id, step_key="siblings", answers={}
    )


def test_a_standing_step_is_not_completed(stage: Stage) -> None:
    case = stage.ready_to_close()

    error = stage.refused(
        RefusedByRuleError,
        complete_step,
        by=stage.house.mia,
        case_id=case.id,
        step_key="conclude",
        answers={},
    )

    assert error.rule == "conclude.standing"
    assert stage.open_steps(case) == ["conclude"]


@pytest.mark.parametrize(
    "chosen",
    [
        ("leader", "karin"),
        ("deputy", "lars"),
        ("head", "kim"),
    ],
)
def test_somebody_without_the_role_cannot_be_named(stage: Stage, case: Case, chosen: tuple[str, str]) -> None:
    role, who = chosen
    person = {"role": role, "staff": getattr(stage.house, who).id}
    bypass = {} if role == "leader" else {"bypass_reason": "absent"}
    answers = {"discussed_with": person, "sparring_needed": "no", **bypass}

    error = stage.refused(
        InvalidInputError, complete_step, by=stage.house.mia, case_id=case.id, step_key="discuss",
        answers=answers,
    )  # fmt: skip

    assert list(error.problems) == ["discussed_with"]


def test_nobody_discusses_a_concern_with_themselves(stage: Stage) -> None:
    otto = stage.house.otto
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.lars.id).deputy_id = otto.id
    case = stage.raised(by=otto, birth_date=ADULT)
    answers = stage.answers(
        case, "discuss", discussed_with={"role": "deputy", "staff": otto.id}, bypass_reason="absent"
    )

    error = stage.refused(
        InvalidInputError, complete_step, by=otto, case_id=case.id, step_key="discuss", answers=answers
    )

    assert list(error.problems) == ["discussed_with"]


@pytest.mark.parametrize("at", ["1999-12-31", "0001-01-01", "9999-12-31"])
def test_a_time_no_calendar_knows_is_refused(stage: Stage, case: Case, at: str) -> None:
    mia = stage.house.mia
    stage.do(press_acute, by=mia, case_id=case.id)
    stage.complete(case, "acute", by=mia, responsible_reached="yes")

    error = stage.refused(
        InvalidInputError, complete_step, by=mia, case_id=case.id, step_key="safety_acceptance",
        answers={"safety_accepted_at": f"{at}T12:00:00+00:00"},
    )  # fmt: skip

    assert list(error.problems) == ["safety_accepted_at"]


def test_an_absurd_date_is_refused_where_a_deadline_counts_from_it(stage: Stage, case: Case) -> None:
    mia = stage.house.mia
    stage.do(press_acute, by=mia, case_id=case.id)
    stage.complete(case, "acute", by=mia, responsible_reached="yes")
    stage.complete(case, "safety_acceptance", by=mia)
    stage.complete(case, "safety_assessment", by=mia, safe_stay_needed="yes")
    answers = stage.answers(case, "interim_measures", measure_decided="yes", measure_started_on="0001-01-01")

    error = stage.refused(
        InvalidInputError,
        complete_step,
        by=mia,
        case_id=case.id,
        step_key="interim_measures",
        answers=answers,
    )

    assert list(error.problems) == ["measure_started_on"]


def test_text_at_its_longest_is_kept_whole(stage: Stage, case: Case) -> None:
    longest = "æ😟" * 10_000

    stage.complete(case, "discuss", by=stage.house.mia, discussion_note=longest)

    assert stage.step(case, "discuss").answers["discussion_note"] == longest


def test_the_steps_of_a_case_that_was_handed_over_are_not_the_former_holders(
    stage: Stage, case: Case
) -> None:
    nora = stage.colleague()
    stage.hand_over(case, by=stage.house.mia, to=nora)

    stage.refused(
        NotFoundError, complete_step, by=stage.house.kim, case_id=case.id, step_key="discuss", answers={}
    )
    stage.refused(
        NotAllowedError, complete_step, by=stage.house.mia, case_id=case.id, step_key="discuss", answers={}
    )

    assert stage.complete(case, "discuss", by=nora).settled_by_id == nora.id
