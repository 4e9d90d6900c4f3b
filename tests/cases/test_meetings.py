"""A meeting is planned ahead and held in the past; what was agreed is ticked, each with its own deadline."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.tick_item import tick_item
from handlepligt.errors import InvalidInputError, RefusedByRuleError
from models import Case
from tests.cases.acting import Stage
from tests.cases.branching import branching_in_force
from tests.make import DAY, HOUR

AGREED = [
    {"what": "Ring til skolen", "who": "keeper", "by": "2026-12-10"},
    {"what": "Tag på besøg", "who": "Naboen", "by": "2026-12-24"},
]


@pytest.fixture
def case(stage: Stage) -> Iterator[Case]:
    """A case of Mia's in which a meeting has been called."""
    with branching_in_force():
        trunk = stage.raised(track="trunk")
        stage.complete(trunk, "talk", by=stage.house.mia, own_case="no")
        yield trunk


def of_the_meeting(at: datetime, **more: Any) -> dict[str, Any]:
    return {"network_at": at.isoformat(), **more}


def held(at: datetime) -> dict[str, Any]:
    told = {"network_present": ["school"], "network_minutes": "Vi talte.", "network_actions": AGREED}
    return of_the_meeting(at, network="held", **told)


def save(stage: Stage, case: Case, answers: dict[str, Any]) -> None:
    stage.do(complete_step, by=stage.house.mia, case_id=case.id, step_key="network", answers=answers)


def test_a_planned_meeting_lies_ahead_and_comes_back(stage: Stage, case: Case) -> None:
    save(stage, case, of_the_meeting(stage.now + 7 * DAY, network="planned"))

    assert stage.step(case, "network", 2).status == "open"
    assert "network_actions_done" not in stage.open_steps(case)


def test_a_meeting_that_was_held_does_not_lie_ahead(stage: Stage, case: Case) -> None:
    error = stage.refused(
        InvalidInputError,
        complete_step,
        by=stage.house.mia,
        case_id=case.id,
        step_key="network",
        answers=held(stage.now + DAY),
    )

    assert list(error.problems) == ["network_at"]


def test_each_agreed_action_has_its_deadline_and_is_ticked(stage: Stage, case: Case) -> None:
    save(stage, case, held(stage.now - HOUR))
    done = {"case_id": case.id, "step_key": "network_actions_done"}
    agreed = [row for row in stage.deadlines(case).values() if row.step_key == done["step_key"]]

    assert sorted(row.due_at.date().isoformat() for row in agreed) == ["2026-12-10", "2026-12-24"]
    stage.do(tick_item, by=stage.house.mia, item="1", done=True, **done)
    stage.refused(RefusedByRuleError, complete_step, by=stage.house.mia, answers={}, **done)
    stage.do(tick_item, by=stage.house.mia, item="2", done=True, **done)
    stage.do(complete_step, by=stage.house.mia, answers={}, **done)
    assert stage.step(case, "network_actions_done").status == "done"
