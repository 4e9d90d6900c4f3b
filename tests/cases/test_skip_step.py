"""What the protocol only recommends may be left out, with a reason; what it demands may not."""

import pytest

from handlepligt.cases.rounds import StepNotOpenError
from handlepligt.cases.skip_step import skip_step
from handlepligt.domain.vocabulary import DeadlineStatus, EventKind, StepStatus
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from models import Case
from tests.cases.acting import Stage
from tests.make import WEEK


@pytest.fixture
def case(stage: Stage) -> Case:
    """Mia's case with the recommended sparring open."""
    case = stage.raised(facts={"underretning_received": "no"})
    stage.complete(case, "discuss", by=stage.house.mia, sparring_needed="yes")
    return case


def test_a_recommended_step_is_left_out_with_its_reason(stage: Stage, case: Case) -> None:
    stage.do(
        skip_step, by=stage.house.mia, case_id=case.id, step_key="sparring", reason="Ingen tager telefonen."
    )

    step = stage.step(case, "sparring")
    assert (step.status, step.reason) == (StepStatus.NOT_APPLICABLE, "Ingen tager telefonen.")
    assert step.settled_by_id == stage.house.mia.id
    assert stage.open_steps(case) == ["siblings", "assess"]
    assert stage.deadlines(case)["sparring_held", 1].status == DeadlineStatus.LAPSED
    assert EventKind.STEP_NOT_APPLICABLE in stage.kinds(case)


def test_leaving_it_out_too_late_does_not_hide_that_it_was_late(stage: Stage, case: Case) -> None:
    stage.later(WEEK)

    stage.do(skip_step, by=stage.house.mia, case_id=case.id, step_key="sparring", reason="For sent.")

    assert stage.deadlines(case)["sparring_held", 1].status == DeadlineStatus.BREACHED


def test_what_must_be_done_is_not_left_out(stage: Stage, case: Case) -> None:
    error = stage.refused(
        RefusedByRuleError, skip_step, by=stage.house.mia, case_id=case.id, step_key="siblings", reason="Nej."
    )

    assert error.rule == "siblings.modality"


@pytest.mark.parametrize("reason", ["", "\t", "\x00", "\u202e", "x" * 20_001])
def test_leaving_out_needs_a_usable_reason(stage: Stage, case: Case, reason: str) -> None:
    error = stage.refused(
        InvalidInputError, skip_step, by=stage.house.mia, case_id=case.id, step_key="sparring", reason=reason
    )

    assert list(error.problems) == ["reason"]


def test_only_an_open_step_is_left_out_and_only_by_the_holder(stage: Stage, case: Case) -> None:
    mia, given = stage.house.mia, {"case_id": case.id, "reason": "Nej."}

    stage.refused(StepNotOpenError, skip_step, by=mia, step_key="discuss", **given)
    stage.refused(StepNotOpenError, skip_step, by=mia, step_key="assess", **given)
    stage.refused(NotFoundError, skip_step, by=mia, step_key="no_such_step", **given)
    stage.refused(NotAllowedError, skip_step, by=stage.house.lars, step_key="sparring", **given)
    stage.refused(NotFoundError, skip_step, by=stage.house.kim, step_key="sparring", **given)
