"""Whoever owns an open step finds it on their front page, however their role comes to mean them."""

import pytest
from sqlmodel import select

from handlepligt.cases.bypass_role import bypass_role
from handlepligt.cases.link_person import link_person
from handlepligt.cases.view_tasks import TaskRow, tasks_of
from models import Case, SetAside, Staff
from models.session import reading, writing
from tests.cases.acting import Stage

RISK = {"risk": "high", "risk_note": "Han har en kniv."}
EVERYBODY = ["mia", "otto", "karin", "frida", "lars", "kim", "sofie", "hanne", "selma", "erik", "tine", "ada"]


def tasks(stage: Stage, who: str) -> tuple[TaskRow, ...]:
    with reading(stage.engine) as session:
        return tasks_of(session, session.get_one(Staff, getattr(stage.house, who).id), stage.now)


def owners(stage: Stage) -> dict[str, list[str]]:
    return {who: [one.step_key for one in found] for who in EVERYBODY if (found := tasks(stage, who))}


def test_a_step_is_a_task_for_its_owner_and_for_nobody_else(stage: Stage, talked_case: Case) -> None:
    assert owners(stage) == {"selma": ["examine"]}

    [task] = tasks(stage, "selma")
    assert (task.reference, task.title) == (talked_case.reference, "Vurder risikoen")
    assert task.due_at is not None


def test_the_leader_of_the_holder_finds_the_second_assessment(stage: Stage, talked_case: Case) -> None:
    stage.complete(talked_case, "examine", by=stage.house.selma, **RISK)

    assert owners(stage) == {"lars": ["examine_second"]}


def test_a_task_done_is_no_task_any_more(stage: Stage, talked_case: Case) -> None:
    stage.complete(talked_case, "examine", by=stage.house.selma, **RISK)
    stage.complete(talked_case, "examine_second", by=stage.house.lars, risk_second="low")

    assert owners(stage) == {}


def test_a_task_is_found_again_when_the_duty_moves(stage: Stage, talked_case: Case) -> None:
    stage.hand_over(talked_case, by=stage.house.mia, to=stage.colleague())

    assert owners(stage) == {"selma": ["examine"]}


def test_the_holder_has_no_tasks_besides_the_case(stage: Stage, talked_case: Case) -> None:
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.mia.id).role = "safety_consultant"

    assert owners(stage) == {"selma": ["examine"]}


def test_whoever_is_the_concern_has_no_task_and_the_next_above_has(stage: Stage, talked_case: Case) -> None:
    stage.complete(talked_case, "examine", by=stage.house.selma, **RISK)

    stage.do(
        bypass_role, by=stage.house.mia, case_id=talked_case.id, role="boss", reason="is_the_concern"
    )  # fmt: skip

    assert stage.rows(select(SetAside.staff_id)) == [stage.house.lars.id]
    assert owners(stage) == {"hanne": ["examine_second"]}


def test_somebody_who_left_has_no_tasks(stage: Stage, talked_case: Case) -> None:
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.selma.id).is_active = False

    assert owners(stage) == {}


@pytest.mark.parametrize("linked", ["sibling", "partner"])
def test_a_step_of_nobodys_is_no_task(stage: Stage, talked_case: Case, linked: str) -> None:
    stage.do(link_person, by=stage.house.mia, case_id=talked_case.id, relation=linked, name="Samir")

    assert owners(stage) == {"selma": ["examine"]}
