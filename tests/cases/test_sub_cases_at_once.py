"""A case and those raised from it, acted on in one moment: nobody waits for ever, nothing is done twice."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlmodel import select

from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.link_sibling import link_sibling
from handlepligt.cases.open_case import lock_case
from handlepligt.cases.open_step import open_what_follows
from handlepligt.domain.vocabulary import EventKind
from models import Case, SubCase
from models.session import writing
from tests.cases.acting import Stage
from tests.cases.branching import branching_in_force
from tests.cases.test_sub_cases import asked_to_close, link, raised_from
from tests.cases.test_two_browsers_at_once import at_once


@pytest.fixture
def trunk(stage: Stage) -> Iterator[Case]:
    with branching_in_force():
        yield stage.raised(track="trunk")


def test_of_many_who_open_what_follows_one_raises_the_case(stage: Stage, trunk: Case) -> None:
    # The flow's task and the people's acts call the same function, whoever comes first.
    stage.complete(trunk, "talk", by=stage.house.mia, own_case="yes")
    with writing(stage.engine) as session:
        for row in session.exec(select(SubCase)).all():
            session.delete(row)
    ready = Barrier(6)

    def task(_nth: int) -> None:
        ready.wait(timeout=20)
        with writing(stage.engine) as session:
            case = lock_case(session, trunk.id)
            open_what_follows(session, case=case, definition=definition_of(case), now=stage.now)

    with ThreadPoolExecutor(6) as threads:
        list(threads.map(task, range(6)))

    assert len(raised_from(stage, trunk)) == 1


@pytest.mark.parametrize("nth", range(4))
def test_a_raised_case_closes_while_its_parent_is_worked_on(stage: Stage, trunk: Case, nth: int) -> None:
    stage.complete(trunk, "talk", by=stage.house.mia, own_case="yes")
    [case] = raised_from(stage, trunk)
    request = asked_to_close(stage, case, by=stage.house.selma, end="over")
    judged = {"case_id": trunk.id, "step_key": "judge", "answers": {"judged": {"items": {"threats": "yes"}}}}
    linked = {"case_id": trunk.id, "reference": case.reference}

    outcomes = at_once(
        stage,
        (approve_close, stage.house.lars, request),
        (complete_step, stage.house.mia, judged),
        (link_sibling, stage.house.lars, linked),
    )

    assert outcomes[:2] == [None, None]
    assert stage.step(trunk, "apart").answers == {"apart": "over"}
    assert stage.kinds(trunk).count(EventKind.SUB_CASE_CLOSED) == 1
    assert {"gather", "alarm"} <= set(stage.open_steps(trunk))


def test_two_raised_cases_that_close_at_once_answer_each_their_own_step(stage: Stage, trunk: Case) -> None:
    link(stage, trunk)
    link(stage, trunk, "Cirkeline Opdigtet")
    requests = [
        asked_to_close(stage, case, by=stage.house.mia, end="over") for case in raised_from(stage, trunk)
    ]

    outcomes = at_once(stage, *((approve_close, stage.house.lars, request) for request in requests))

    assert outcomes == [None, None]
    done = [step for step in stage.steps(trunk) if step.key == "sibling_case"]
    assert [step.status for step in done] == ["done", "done"]
    assert len({step.person for step in done}) == 2


def test_a_parent_closes_or_its_raised_case_does_and_then_both(stage: Stage, trunk: Case) -> None:
    link(stage, trunk)
    stage.complete(trunk, "talk", by=stage.house.mia, own_case="no")
    [case] = raised_from(stage, trunk)
    of_case = asked_to_close(stage, case, by=stage.house.mia, end="over")
    of_trunk = asked_to_close(stage, trunk, by=stage.house.mia, end="done")

    outcomes = at_once(
        stage, (approve_close, stage.house.lars, of_case), (approve_close, stage.house.lars, of_trunk)
    )

    assert outcomes == [None, None]
    assert [one.closed_at is None for one in stage.rows(select(Case))] == [False, False]
