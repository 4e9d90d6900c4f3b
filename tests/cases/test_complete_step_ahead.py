"""What is agreed for later may lie so far ahead as the protocol says, and no further."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from handlepligt.cases.complete_step import complete_step
from handlepligt.errors import InvalidInputError
from models import Case
from tests.cases.acting import Stage
from tests.cases.small_case import small_in_force
from tests.make import DAY
from tests.protocols.kinds.test_duty_to_inform import with_duty


@pytest.fixture
def case(stage: Stage) -> Iterator[Case]:
    """A case of Mia's in which the parents are to be told; that may be put off 14 days at a time."""
    with small_in_force(with_duty()):
        case = stage.raised(track="small", facts={"urgent": "yes"})
        stage.complete(case, "talk", by=stage.house.mia, worried="yes", danger="no")
        yield case


def put_off(stage: Stage, by: timedelta) -> dict[str, str]:
    until = (stage.now + by).date().isoformat()
    return {"tell": "deferred", "tell_until": until, "tell_reason": "Der er fare."}


def test_telling_can_be_put_off_to_the_last_day_that_is_allowed(stage: Stage, case: Case) -> None:
    stage.do(
        complete_step, by=stage.house.mia, case_id=case.id, step_key="tell", answers=put_off(stage, 14 * DAY)
    )

    deadlines = stage.deadlines(case)
    assert stage.step(case, "tell", 2).status == "open"
    assert deadlines["deferred_until", 2].due_at == deadlines["longest_deferral", 2].due_at


def test_a_day_further_ahead_is_refused_at_the_field(stage: Stage, case: Case) -> None:
    error = stage.refused(
        InvalidInputError,
        complete_step,
        by=stage.house.mia,
        case_id=case.id,
        step_key="tell",
        answers=put_off(stage, 15 * DAY),
    )

    last = (stage.now + 14 * DAY).date()
    assert error.problems == {"tell_until": f"Det må højst være 14 dage fra nu. Vælg senest {last:%d-%m-%Y}."}
