"""Whoever owns a step does that step and sees nothing else; the duty stays where it is."""

import pytest
from sqlmodel import select

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.queries import look_at_case
from handlepligt.cases.relations import relations_to
from handlepligt.cases.skip_step import skip_step
from handlepligt.cases.view_case import view_case
from handlepligt.cases.view_own_steps import OwnSteps, view_own_steps
from handlepligt.domain.access import Action, Relation
from handlepligt.errors import NotAllowedError, NotFoundError, RefusedByRuleError
from models import AccessLogEntry, Case, Notification, Staff
from models.session import reading, writing
from tests.cases.acting import Stage

RISK = {"risk": "high", "risk_note": "Han har en kniv."}


def own(stage: Stage, case: Case, by: Staff) -> OwnSteps:
    with reading(stage.engine) as session:
        return view_own_steps(session, session.get_one(Case, case.id), by=by, now=stage.now)


def relations(stage: Stage, case: Case, by: Staff) -> frozenset[Relation]:
    with reading(stage.engine) as session:
        return relations_to(session, session.get_one(Case, case.id), by, stage.now)


def test_an_owner_is_told_and_is_related_while_their_step_is_open(stage: Stage, family_case: Case) -> None:
    before = relations(stage, family_case, stage.house.selma)

    stage.complete(family_case, "talk", by=stage.house.mia, worried="no")

    assert before == frozenset()
    assert relations(stage, family_case, stage.house.selma) == {Relation.OWNER}
    assert stage.house.selma.id in stage.told("step_opened")
    told = select(Notification).where(Notification.staff_id == stage.house.selma.id)
    assert [one.message for one in stage.rows(told)] == ["step_opened"]


def test_an_owner_completes_their_step_and_the_duty_stays(stage: Stage, talked_case: Case) -> None:
    done = stage.complete(talked_case, "examine", by=stage.house.selma, **RISK)

    assert done.settled_by_id == stage.house.selma.id
    assert stage.case(talked_case).keeper_id == stage.house.mia.id
    assert len(stage.holdings(talked_case)) == 1
    assert relations(stage, talked_case, stage.house.selma) == frozenset()


def test_the_holder_can_do_an_owned_step_too(stage: Stage, talked_case: Case) -> None:
    assert stage.complete(talked_case, "examine", by=stage.house.mia).settled_by_id == stage.house.mia.id


def test_an_owner_sees_their_step_and_not_the_case(stage: Stage, talked_case: Case) -> None:
    selma = stage.house.selma
    with writing(stage.engine) as session:
        look = look_at_case(
            session, reference=talked_case.reference, by=session.get_one(Staff, selma.id), now=stage.now,
            face="web",
        )  # fmt: skip

    seen = own(stage, talked_case, selma)

    assert not look.is_whole
    assert look.may(Action.SEE_OWN_STEP)
    assert [one.row.key for one in seen.open_steps] == ["examine"]
    assert seen.open_steps[0].cautions == ("Skriv ikke til hjemmet.",)
    assert seen.holder.name == "Mia Holm"
    assert not [word for word in ("Amira", "Hun er bange") if word in repr(seen)]
    logged = stage.rows(select(AccessLogEntry).where(AccessLogEntry.staff_id == selma.id))
    assert [one.was_allowed for one in logged] == [True]


def test_an_owner_does_nothing_but_their_own_step(stage: Stage, talked_case: Case) -> None:
    selma, given = stage.house.selma, {"case_id": talked_case.id}

    stage.refused(NotAllowedError, complete_step, by=selma, step_key="pack", answers={}, **given)
    stage.refused(NotAllowedError, complete_step, by=selma, step_key="talk", answers={}, **given)
    stage.refused(NotAllowedError, skip_step, by=selma, step_key="examine", reason="Nej.", **given)
    stage.refused(NotFoundError, complete_step, by=stage.house.kim, step_key="examine", answers=RISK, **given)


def test_the_second_assessor_is_somebody_else_with_their_own_login(stage: Stage, talked_case: Case) -> None:
    stage.complete(talked_case, "examine", by=stage.house.selma, **RISK)
    given = {"case_id": talked_case.id, "step_key": "examine_second", "answers": {"risk_second": "low"}}

    error = stage.refused(RefusedByRuleError, complete_step, by=stage.house.mia, **given)
    done = stage.do(complete_step, by=stage.house.lars, **given)

    assert error.user_message == "Trinnet skal udføres af Nærmeste leder med eget login."
    assert done.settled_by_id == stage.house.lars.id


def test_whoever_did_the_first_does_not_do_the_second(stage: Stage, talked_case: Case) -> None:
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.lars.id).role = "safety_consultant"
    stage.complete(talked_case, "examine", by=stage.house.lars, **RISK)
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.lars.id).role = "leader"

    error = stage.refused(
        RefusedByRuleError, complete_step, by=stage.house.lars, case_id=talked_case.id,
        step_key="examine_second", answers={"risk_second": "low"},
    )  # fmt: skip

    assert error.rule == "examine_second.not_same_person_as"


@pytest.mark.parametrize("second_is_done", [False, True])
def test_the_second_assessor_sees_the_first_answers_only_afterwards(
    stage: Stage, talked_case: Case, second_is_done: bool
) -> None:
    stage.complete(talked_case, "examine", by=stage.house.selma, **RISK)
    if second_is_done:
        stage.complete(talked_case, "examine_second", by=stage.house.lars, risk_second="low")

    with reading(stage.engine) as session:
        case = session.get_one(Case, talked_case.id)
        seen = view_case(session, case, by=stage.house.lars, now=stage.now)
        seen_by_mia = view_case(session, case, by=stage.house.mia, now=stage.now)

    assert ("kniv" in repr(seen.settled_steps)) == second_is_done
    assert "kniv" in repr(seen_by_mia.settled_steps)
