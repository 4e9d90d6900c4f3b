"""A superior who has seen a breach stops its repeated reminders, and nothing else."""

import pytest
from sqlmodel import col, select

from handlepligt.cases.acknowledge_escalation import NotOverdueError, acknowledge_escalation
from handlepligt.domain.vocabulary import DeadlineStatus, EventKind
from handlepligt.errors import NotAllowedError, NotFoundError
from models import Case, Deadline, DueRow
from tests.cases.acting import Stage
from tests.make import DAY, HOUR


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.raised()


@pytest.fixture
def danger(stage: Stage, case: Case) -> Deadline:
    """The 24 hours to assess the danger, which have passed."""
    stage.later(DAY + HOUR)
    return stage.deadlines(case)["danger_24h", 1]


def test_it_is_kept_who_saw_it_and_the_repetition_stops(stage: Stage, case: Case, danger: Deadline) -> None:
    repeating = select(DueRow).where(DueRow.deadline_id == danger.id, col(DueRow.repeat_minutes).is_not(None))
    assert len(stage.rows(repeating)) == 1

    stage.do(acknowledge_escalation, by=stage.house.lars, deadline_id=danger.id)

    seen = stage.deadlines(case)["danger_24h", 1]
    assert (seen.acknowledged_at, seen.acknowledged_by_id) == (stage.now, stage.house.lars.id)
    assert (seen.status, seen.settled_at) == (DeadlineStatus.RUNNING, None)
    assert stage.rows(repeating) == []
    assert stage.kinds(case)[-1] == EventKind.ESCALATION_ACKNOWLEDGED
    assert stage.case(case).next_due_at == danger.due_at


def test_seeing_it_twice_keeps_the_first(stage: Stage, case: Case, danger: Deadline) -> None:
    stage.do(acknowledge_escalation, by=stage.house.lars, deadline_id=danger.id)
    first = stage.now
    stage.later(HOUR)

    stage.do(acknowledge_escalation, by=stage.house.hanne, deadline_id=danger.id)

    assert stage.deadlines(case)["danger_24h", 1].acknowledged_at == first
    assert stage.kinds(case).count(EventKind.ESCALATION_ACKNOWLEDGED) == 1


def test_a_deadline_that_has_not_passed_is_not_seen(stage: Stage, case: Case) -> None:
    danger = stage.deadlines(case)["danger_24h", 1]

    stage.refused(NotOverdueError, acknowledge_escalation, by=stage.house.lars, deadline_id=danger.id)


def test_only_those_above_see_it(stage: Stage, danger: Deadline) -> None:
    stage.refused(NotAllowedError, acknowledge_escalation, by=stage.house.mia, deadline_id=danger.id)
    stage.refused(NotFoundError, acknowledge_escalation, by=stage.house.sofie, deadline_id=danger.id)


@pytest.mark.parametrize("deadline_id", ["0" * 32, "", "\x00", "banana"])
def test_an_unknown_deadline_looks_like_somebody_elses(
    stage: Stage, danger: Deadline, deadline_id: str
) -> None:
    sofie = stage.house.sofie
    not_hers = stage.refused(NotFoundError, acknowledge_escalation, by=sofie, deadline_id=danger.id)

    unknown = stage.refused(NotFoundError, acknowledge_escalation, by=sofie, deadline_id=deadline_id)

    assert (str(unknown), unknown.user_message) == (str(not_hers), not_hers.user_message)
