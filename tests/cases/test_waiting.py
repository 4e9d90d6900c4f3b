"""Steps that wait: for somebody outside to answer, or for another step that goes first."""

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.correct_fact import correct_fact
from handlepligt.domain.vocabulary import StepStatus
from handlepligt.errors import RefusedByRuleError
from models import Case
from tests.cases.acting import Stage


def test_what_waits_for_somebody_outside_waits_and_their_answer_is_written_down(
    stage: Stage, talked_case: Case
) -> None:
    given = {"fact": "at_home", "value": "no", "reason": "Flyttet."}
    stage.do(correct_fact, by=stage.house.mia, case_id=talked_case.id, **given)
    waiting = stage.step(talked_case, "court").status

    stage.complete(talked_case, "court", by=stage.house.mia, court_answer="granted")

    assert waiting == StepStatus.WAITING
    assert stage.step(talked_case, "court").status == StepStatus.DONE


def test_what_is_paused_waits_until_nothing_pauses_it(stage: Stage, family_case: Case) -> None:
    mia = stage.house.mia
    stage.complete(family_case, "talk", by=mia, worried="yes")
    given = {"case_id": family_case.id, "step_key": "examine", "answers": {"risk": "low"}}

    paused = stage.step(family_case, "examine").status
    error = stage.refused(RefusedByRuleError, complete_step, by=mia, **given)
    stage.complete(family_case, "hide", by=mia, hidden="yes")

    assert paused == StepStatus.WAITING
    assert "Skjul adressen" in error.user_message
    assert stage.step(family_case, "examine").status == StepStatus.OPEN
    stage.do(complete_step, by=mia, **given)
