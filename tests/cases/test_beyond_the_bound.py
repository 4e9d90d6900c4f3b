"""A step that a case needs opens also beyond the rounds that its protocol reckons with, and that is said."""

from datetime import date

import pytest
from sqlmodel import col, select, update

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.set_followup import set_followup
from handlepligt.domain.vocabulary import EventKind, StepStatus
from models import Case, CaseStep, Deadline, Notification
from models.session import writing
from tests.cases.acting import Stage
from tests.cases.any_case import check_steps
from tests.cases.small_case import small_in_force
from tests.make import HOUR, MINUTE
from tests.protocols.family import comes_back

WORRIED = {"danger": "no", "worried": "yes"}
# The last step falls away the moment it opens, for as long as anybody likes.
RESTLESS = ('lapses_when: is_open("alarm")', 'lapses_when: done("talk")')


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.raised(facts={"underretning_received": "no"})


def used_up(stage: Stage, case: Case, key: str, most: int) -> None:
    """The open round of the step becomes its last but those beyond; those before it were done long ago."""
    with writing(stage.engine) as session:
        rows = select(CaseStep).where(CaseStep.case_id == case.id, CaseStep.key == key)
        *before, last = session.exec(rows.order_by(col(CaseStep.round)))
        session.exec(
            update(Deadline)
            .where(
                col(Deadline.case_id) == case.id,
                col(Deadline.step_key) == key,
                col(Deadline.step_round) == last.round,
            )
            .values(step_round=most)
        )
        last.round, last.sequence, before_it = most, last.sequence + most, last.sequence
        session.flush()
        for number in range(len(before) + 1, most):
            session.add(
                CaseStep(
                    case_id=case.id,
                    key=key,
                    round=number,
                    sequence=before_it + number,
                    status=StepStatus.DONE,
                    opened_at=case.raised_at,
                    settled_at=case.raised_at,
                    answers=before[-1].answers if before else {},
                )
            )
        found = session.get_one(Case, case.id)
        if found.acute_presses:
            found.acute_presses = most


def rounds_beyond(stage: Stage, case: Case) -> list[str]:
    beyond = [one for one in stage.events(case) if one.kind == EventKind.STEP_OPENED_BEYOND]
    return [one.about for one in beyond]


def check(stage: Stage, case: Case) -> None:
    with writing(stage.engine) as session:
        check_steps(session, session.get_one(Case, case.id), stage.now)


def test_the_press_after_the_last_round_opens_the_acute_step_all_the_same(stage: Stage, case: Case) -> None:
    mia = stage.house.mia
    stage.do(press_acute, by=mia, case_id=case.id)
    used_up(stage, case, "acute", 50)
    stage.complete(case, "acute", by=mia, responsible_reached="yes")
    stage.later(HOUR)

    stage.do(press_acute, by=mia, case_id=case.id)

    opened = stage.step(case, "acute", 51)
    assert (opened.settled_at, opened.due_at) == (None, stage.now + 30 * MINUTE)
    assert rounds_beyond(stage, case) == ['{"round": 51, "step": "acute"}']
    check(stage, case)


def test_a_loop_goes_on_beyond_its_bound(stage: Stage, case: Case) -> None:
    mia = stage.house.mia
    stage.complete(case, "discuss", by=mia, sparring_needed="no")
    stage.complete(case, "assess", by=mia, still_concerned="yes")
    go_on = {"followup_outcome": "continue", "next_followup_on": "2026-12-04"}
    stage.complete(case, "follow_up", by=mia, **go_on)
    used_up(stage, case, "follow_up", 500)

    for _ in range(2):
        stage.later(HOUR)
        stage.complete(case, "follow_up", by=mia, **go_on)

    assert stage.step(case, "follow_up", 502).settled_at is None
    assert len(rounds_beyond(stage, case)) == 2
    assert stage.case(case).next_followup_on == date(2026, 12, 4)


def test_holder_and_leader_are_told_once_of_each_round_beyond(stage: Stage) -> None:
    mia, lars = stage.house.mia, stage.house.lars
    with small_in_force(*comes_back(at_most=2)):
        case = stage.raised(track="small")
        stage.complete(case, "talk", by=mia, **WORRIED)
        for number in (1, 2, 3):
            assert stage.told("step_beyond") == ({mia.id, lars.id} if number > 2 else set())
            stage.later(HOUR)
            stage.complete(case, "visit", by=mia, visit_note="more")
        # Whatever else is done looks at the rules anew, and so does the flow.
        stage.do(set_followup, by=mia, case_id=case.id, on=date(2026, 12, 4))
        mirrored(stage, case)

    sent = stage.rows(select(Notification).where(Notification.message == "step_beyond"))
    assert sorted(one.staff_id for one in sent) == sorted([mia.id, lars.id] * 2)
    assert {one.case_id for one in sent} == {case.id}


def test_such_a_round_ends_like_any_other(stage: Stage) -> None:
    mia = stage.house.mia
    with small_in_force(*comes_back(at_most=2)):
        case = stage.raised(track="small")
        stage.complete(case, "talk", by=mia, **WORRIED)
        for note in ("more", "more", "enough"):
            stage.complete(case, "visit", by=mia, visit_note=note)

        assert stage.open_steps(case) == ["finish"]
        check(stage, case)


def test_rules_that_open_and_drop_without_end_come_to_rest(stage: Stage) -> None:
    mia = stage.house.mia
    with small_in_force(RESTLESS, is_whole=False):
        case = stage.raised(track="small")
        stage.complete(case, "talk", by=mia, danger="no", worried="no")
        at_rest = len(rounds_of(stage, case, "finish"))
        for _ in range(3):
            mirrored(stage, case)
        looked_at = len(rounds_of(stage, case, "finish"))
        check(stage, case)
        stage.later(HOUR)
        stage.do(press_acute, by=mia, case_id=case.id)

        assert (at_rest, looked_at, len(rounds_of(stage, case, "finish"))) == (10, 10, 11)


def rounds_of(stage: Stage, case: Case, key: str) -> list[CaseStep]:
    return [one for one in stage.steps(case) if one.key == key]


def mirrored(stage: Stage, case: Case) -> None:
    """The flow looks at the case a minute later."""
    stage.later(MINUTE)
    with writing(stage.engine) as session:
        found = session.get_one(Case, case.id)
        open_what_follows(session, case=found, definition=definition_of(found), now=stage.now)
