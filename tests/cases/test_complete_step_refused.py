"""What is wrong with a step's answers is said of each, and nothing is changed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.open_case import CaseClosedError
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.rounds import StepNotOpenError
from handlepligt.domain.vocabulary import DeadlineStatus
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from models import AccessLogEntry, Case, Staff
from models.session import writing
from protocols.problems import AnswersError
from tests.cases.acting import ADULT, Stage

NO_REPORT = {"underretning_received": "no"}
IN_THE_FUTURE = "Datoen ligger i fremtiden. Skriv, hvornår det skete."


@pytest.fixture
def case(stage: Stage) -> Case:
    """Mia's case, a child's, with the discussion with her leader open."""
    return stage.raised(facts=NO_REPORT)


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


def test_a_date_that_has_not_come_yet_meets_no_deadline_of_law(stage: Stage) -> None:
    case = stage.raised(facts={"underretning_received": "yes"})

    for ahead in ("2026-11-24", "2036-01-01"):
        error = stage.refused(
            InvalidInputError, complete_step, by=stage.house.mia, case_id=case.id,
            step_key="acknowledge_underretning", answers={"acknowledged_on": ahead},
        )  # fmt: skip
        assert error.problems == {"acknowledged_on": IN_THE_FUTURE}

    assert stage.deadlines(case)["acknowledged", 1].status == DeadlineStatus.RUNNING
    assert "acknowledge_underretning" in stage.open_steps(case)


def test_today_is_the_local_day_also_just_after_midnight(stage: Stage) -> None:
    case = stage.raised(facts={"underretning_received": "yes"})
    stage.later(
        timedelta(hours=15, minutes=30)
    )  # It is half past midnight in Denmark, the day before in UTC.

    stage.complete(case, "acknowledge_underretning", by=stage.house.mia, acknowledged_on="2026-11-24")

    assert stage.deadlines(case)["acknowledged", 1].status == DeadlineStatus.MET


@pytest.mark.parametrize("ahead", [timedelta(minutes=5, seconds=1), timedelta(days=400)])
def test_a_moment_that_has_not_come_yet_is_refused(stage: Stage, case: Case, ahead: timedelta) -> None:
    mia = stage.house.mia
    stage.do(press_acute, by=mia, case_id=case.id)
    stage.complete(case, "acute", by=mia, responsible_reached="yes")

    error = stage.refused(
        InvalidInputError, complete_step, by=mia, case_id=case.id, step_key="safety_acceptance",
        answers={"safety_accepted_at": (stage.now + ahead).isoformat()},
    )  # fmt: skip

    assert error.problems == {"safety_accepted_at": IN_THE_FUTURE}
    assert stage.deadlines(case)["safety_accepted", 1].status == DeadlineStatus.RUNNING


@pytest.mark.parametrize("ahead", [timedelta(), timedelta(minutes=5)])
def test_a_clock_that_is_a_few_minutes_fast_is_no_future(stage: Stage, case: Case, ahead: timedelta) -> None:
    mia = stage.house.mia
    stage.do(press_acute, by=mia, case_id=case.id)
    stage.complete(case, "acute", by=mia, responsible_reached="yes")

    accepted_at = (stage.now + ahead).isoformat()
    stage.complete(case, "safety_acceptance", by=mia, safety_accepted_at=accepted_at)

    assert stage.step(case, "safety_acceptance").answers == {"safety_accepted_at": accepted_at}


def test_a_measure_may_begin_later_but_not_have_been_decided_later(stage: Stage, case: Case) -> None:
    mia = stage.house.mia
    stage.do(press_acute, by=mia, case_id=case.id)
    stage.complete(case, "acute", by=mia, responsible_reached="yes")
    stage.complete(case, "safety_acceptance", by=mia)
    stage.complete(case, "safety_assessment", by=mia, safe_stay_needed="yes")
    answers = stage.answers(case, "interim_measures", measure_decided="yes", measure_started_on="2026-12-01")

    error = stage.refused(
        InvalidInputError, complete_step, by=mia, case_id=case.id, step_key="interim_measures",
        answers=answers | {"measure_decided_on": "2026-12-01"},
    )  # fmt: skip
    stage.complete(case, "interim_measures", by=mia, **answers)

    assert error.problems == {"measure_decided_on": IN_THE_FUTURE}
    assert stage.step(case, "interim_measures").answers["measure_started_on"] == "2026-12-01"


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
