"""A case raises cases of its own and waits for their ends; each has its own holder, dates and flow run."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import col, select

from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.bypass_role import bypass_role
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.link_person import link_person
from handlepligt.cases.queries import look_at_case
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.cases.skip_step import skip_step
from handlepligt.cases.sub_cases import parent_of, sub_cases_of
from handlepligt.domain.vocabulary import CaseStatus, EventKind
from handlepligt.errors import NotFoundError, RefusedByRuleError
from models import Case, Citizen, LinkedPerson, SetAside, Staff, SubCase
from models.session import reading
from protocols.library import Library, put_in_force
from protocols.loader import library
from tests.cases.acting import Stage
from tests.cases.any_case import check_case
from tests.cases.branching import branching_in_force
from tests.make import HOUR


@pytest.fixture
def trunk(stage: Stage) -> Iterator[Case]:
    with branching_in_force():
        yield stage.raised(track="trunk")
        with reading(stage.engine) as session:
            for case in session.exec(select(Case)).all():
                check_case(session, case, stage.now)


@pytest.fixture
def waiting(stage: Stage, trunk: Case) -> Case:
    """The case once a case for itself has been raised from it."""
    stage.complete(trunk, "talk", by=stage.house.mia, own_case="yes")
    return trunk


def raised_from(stage: Stage, parent: Case) -> list[Case]:
    linked = select(Case).join(SubCase, col(SubCase.case_id) == Case.id)
    found = linked.where(SubCase.parent_case_id == parent.id).order_by(col(Case.reference))
    return list(stage.rows(found))


def asked_to_close(stage: Stage, case: Case, *, by: Staff, end: str) -> dict[str, Any]:
    given = {"has_siblings": "no", "reason": "Det er overstået.", "answers": {}, "end_key": end}
    return {"request_id": stage.do(ask_to_close, by=by, case_id=case.id, **given).id}


def closed(stage: Stage, case: Case, *, by: Staff, leader: Staff, end: str = "over") -> None:
    stage.later(HOUR)
    stage.do(approve_close, by=leader, **asked_to_close(stage, case, by=by, end=end))


def link(stage: Stage, trunk: Case, name: str = "Bilal Opdigtet") -> LinkedPerson:
    linked: LinkedPerson = stage.do(
        link_person,
        by=stage.house.mia,
        case_id=trunk.id,
        relation="sibling",
        name=name,
        facts={"in_danger": "yes"},
    )
    return linked


def test_the_raised_case_has_its_own_holder_reference_dates_and_flow_run(stage: Stage, waiting: Case) -> None:
    [case] = raised_from(stage, waiting)

    assert (case.track, case.keeper_id) == ("branch", stage.house.selma.id)
    assert case.reference != waiting.reference
    assert [row.holder_id for row in stage.holdings(case)] == [stage.house.selma.id]
    assert case.received_at == stage.now
    assert case.next_due_at is not None
    assert case.wake > case.seen
    assert set(stage.open_steps(case)) == {"look", "finish"}
    assert {key for key, _ in stage.deadlines(case)} == {"seen", "finished"}
    assert stage.step(waiting, "apart").status == "waiting"
    assert EventKind.SUB_CASE_RAISED in stage.kinds(waiting)
    assert stage.house.selma.id in stage.told("duty_received")


def test_it_is_about_the_same_citizen_and_tells_nothing_of_the_other_case(
    stage: Stage, waiting: Case
) -> None:
    [case] = raised_from(stage, waiting)

    assert case.citizen_id == waiting.citizen_id
    assert case.summary == f"Rejst fra sag {waiting.reference}: Sag for sig."
    assert case.facts == {}


def test_for_each_linked_person_there_is_a_case_about_that_person(stage: Stage, trunk: Case) -> None:
    bilal = link(stage, trunk)
    link(stage, trunk, "Cirkeline Opdigtet")

    raised = raised_from(stage, trunk)
    with reading(stage.engine) as session:
        names = [session.get_one(Citizen, case.citizen_id).name for case in raised]

    assert names == ["Bilal Opdigtet", "Cirkeline Opdigtet"]
    # Several advisers are meant by the role, so whoever holds this case holds those too.
    assert {case.keeper_id for case in raised} == {stage.house.mia.id}
    [about_bilal] = stage.rows(select(SubCase).where(SubCase.person == bilal.id))
    assert about_bilal.case_id == raised[0].id


def test_beyond_so_many_at_once_the_next_begins_when_one_closes(stage: Stage, trunk: Case) -> None:
    for name in ("Bilal Opdigtet", "Cirkeline Opdigtet", "David Opdigtet"):
        link(stage, trunk, name)
    assert len(raised_from(stage, trunk)) == 2

    closed(stage, raised_from(stage, trunk)[0], by=stage.house.mia, leader=stage.house.lars)

    raised = raised_from(stage, trunk)
    assert [case.closed_at is None for case in raised] == [False, True, True]


def test_its_end_is_the_answer_and_what_follows_opens_in_the_same_instant(
    stage: Stage, waiting: Case
) -> None:
    [case] = raised_from(stage, waiting)
    woken = stage.case(waiting).wake

    closed(stage, case, by=stage.house.selma, leader=stage.house.lars)

    step = stage.step(waiting, "apart")
    assert (step.status, step.answers, step.settled_by_id) == ("done", {"apart": "over"}, None)
    assert step.settled_at == stage.now
    assert "gather" in stage.open_steps(waiting)
    assert stage.case(waiting).wake > woken
    assert EventKind.SUB_CASE_CLOSED in stage.kinds(waiting)
    assert stage.told("sub_case_closed") == {stage.house.mia.id}
    # The step may come back once, and a second case is raised with its own round.
    assert [row.round for row in stage.rows(select(SubCase).order_by(col(SubCase.round)))] == [1, 2]


def test_what_waits_for_a_case_is_not_done_by_hand(stage: Stage, waiting: Case) -> None:
    error = stage.refused(
        RefusedByRuleError,
        complete_step,
        by=stage.house.mia,
        case_id=waiting.id,
        step_key="apart",
        answers={"apart": "over"},
    )

    assert error.rule == "apart.sub_protocol"
    assert stage.step(waiting, "apart").status == "waiting"


def test_a_case_that_may_not_outlive_keeps_its_parent_open_and_is_named_by_reference(
    stage: Stage, waiting: Case
) -> None:
    [case] = raised_from(stage, waiting)

    error = stage.refused(
        RefusedByRuleError,
        ask_to_close,
        by=stage.house.mia,
        case_id=waiting.id,
        end_key="done",
        has_siblings="no",
        reason="Færdig.",
        answers={},
    )

    assert error.rule == "sub_cases"
    assert error.user_message == f"Luk først delsag {case.reference}. Så kan denne sag lukkes."


def test_a_case_that_may_outlive_goes_on_when_its_parent_has_closed(stage: Stage, trunk: Case) -> None:
    link(stage, trunk)
    [case] = raised_from(stage, trunk)
    stage.complete(trunk, "talk", by=stage.house.mia, own_case="no")

    closed(stage, trunk, by=stage.house.mia, leader=stage.house.lars, end="done")
    still_open = stage.case(case).closed_at is None
    closed(stage, case, by=stage.house.mia, leader=stage.house.lars)

    assert still_open
    assert stage.case(trunk).status == CaseStatus.CLOSED
    assert EventKind.SUB_CASE_CLOSED not in stage.kinds(trunk)


def test_skipping_the_step_leaves_the_case_running_and_the_parent_bound(stage: Stage, waiting: Case) -> None:
    [case] = raised_from(stage, waiting)

    stage.do(skip_step, by=stage.house.mia, case_id=waiting.id, step_key="apart", reason="Vi venter ikke.")

    assert stage.case(case).closed_at is None
    # The step came back at once, and waits for the same case rather than raising another.
    assert raised_from(stage, waiting) == [stage.case(case)]
    closed(stage, case, by=stage.house.selma, leader=stage.house.lars, end="moved")
    assert stage.step(waiting, "apart").status == "not_applicable"
    assert stage.step(waiting, "apart", 2).answers == {"apart": "moved"}


def test_a_raised_case_that_comes_back_is_no_second_answer(stage: Stage, waiting: Case) -> None:
    [case] = raised_from(stage, waiting)
    closed(stage, case, by=stage.house.selma, leader=stage.house.lars, end="moved")

    stage.do(reopen_case, by=stage.house.selma, case_id=case.id, reason="Det blev værre.")

    assert stage.case(case).closed_at is None
    assert stage.step(waiting, "apart").answers == {"apart": "moved"}
    assert len(raised_from(stage, waiting)) == 2


def test_a_raised_case_does_not_come_back_without_the_one_it_may_not_outlive(
    stage: Stage, waiting: Case
) -> None:
    mia, lars, selma = stage.house.mia, stage.house.lars, stage.house.selma
    for number in range(2):
        closed(stage, raised_from(stage, waiting)[number], by=selma, leader=lars, end="moved")
    case = raised_from(stage, waiting)[0]
    closed(stage, waiting, by=mia, leader=lars, end="done")
    worse = {"reason": "Det blev værre."}

    error = stage.refused(RefusedByRuleError, reopen_case, by=selma, case_id=case.id, **worse)
    stage.do(reopen_case, by=mia, case_id=waiting.id, **worse)
    stage.do(reopen_case, by=selma, case_id=case.id, **worse)

    assert error.rule == "sub_cases.parent"
    assert waiting.reference in error.user_message
    assert stage.case(case).closed_at is None


def test_a_raised_case_that_may_outlive_comes_back_by_itself(stage: Stage, trunk: Case) -> None:
    mia, lars = stage.house.mia, stage.house.lars
    link(stage, trunk)
    [case] = raised_from(stage, trunk)
    stage.complete(trunk, "talk", by=mia, own_case="no")
    closed(stage, case, by=mia, leader=lars)
    closed(stage, trunk, by=mia, leader=lars, end="done")

    stage.do(reopen_case, by=mia, case_id=case.id, reason="Det blev værre.")

    assert stage.case(case).closed_at is None
    assert stage.case(trunk).status == CaseStatus.CLOSED


def test_each_side_knows_reference_status_and_holder_and_no_content(stage: Stage, waiting: Case) -> None:
    [case] = raised_from(stage, waiting)
    with reading(stage.engine) as session:
        [seen] = sub_cases_of(session, session.get_one(Case, waiting.id), stage.house.mia, stage.now)
        parent = parent_of(session, session.get_one(Case, case.id), stage.house.selma, stage.now)
        nothing = parent_of(session, session.get_one(Case, waiting.id), stage.house.mia, stage.now)

    assert (seen.reference, seen.title, seen.holder_name) == (case.reference, "Sag for sig", "Selma Toft")
    assert (seen.is_open, seen.may_see) == (True, False)
    assert parent is not None
    assert (parent.reference, parent.holder_name, parent.may_see) == (waiting.reference, "Mia Holm", False)
    assert nothing is None


def test_rights_are_those_of_any_case(stage: Stage, waiting: Case) -> None:
    [case] = raised_from(stage, waiting)

    stage.refused(NotFoundError, look_at_case, by=stage.house.kim, reference=case.reference, face="test")
    stage.refused(NotFoundError, look_at_case, by=stage.house.selma, reference=waiting.reference, face="test")
    look = stage.do(look_at_case, by=stage.house.selma, reference=case.reference, face="test")

    assert look.case.id == case.id


@pytest.mark.parametrize("when", ["before", "after"])
def test_whoever_is_the_concern_hears_of_neither_case(stage: Stage, trunk: Case, when: str) -> None:
    if when == "after":
        stage.complete(trunk, "talk", by=stage.house.mia, own_case="yes")
    stage.do(
        bypass_role,
        by=stage.house.mia,
        case_id=trunk.id,
        role="boss",
        reason="is_the_concern",
        note="Det er ham, det handler om.",
    )

    if when == "before":
        stage.complete(trunk, "talk", by=stage.house.mia, own_case="yes")

    [case] = raised_from(stage, trunk)
    assert stage.house.lars.id in stage.rows(select(SetAside.staff_id).where(SetAside.case_id == case.id))


def test_a_protocol_that_is_gone_leaves_the_step_waiting_and_no_act_fails(stage: Stage, trunk: Case) -> None:
    put_in_force(Library(one for one in library().all() if one.key != "branch"))

    stage.complete(trunk, "talk", by=stage.house.mia, own_case="yes")

    assert raised_from(stage, trunk) == []
    assert stage.step(trunk, "apart").status == "waiting"
