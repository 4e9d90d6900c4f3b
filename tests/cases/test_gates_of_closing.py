"""The gates before a case closes, met through the verbs (DESIGN.md, Gates)."""

import pytest

from handlepligt.cases.close_case import ask_to_close
from handlepligt.cases.press_acute import press_acute
from handlepligt.errors import RefusedByRuleError
from tests.cases.acting import Stage
from tests.cases.test_gates import TRACKS, discussed


@pytest.mark.parametrize("track", TRACKS)
def test_nobody_closes_without_knowing_about_siblings(stage: Stage, track: str) -> None:
    case, by = discussed(stage, track)
    stage.complete(case, "assess", by=by, still_concerned="no")
    stage.complete(case, "siblings", by=by, other_children="unknown")

    error = stage.refused(
        RefusedByRuleError, ask_to_close, by=by, case_id=case.id, end_key="not_concerned", reason="Slut.",
        has_siblings="no", answers={"closing_reason": "Slut."},
    )  # fmt: skip

    assert error.rule == "sibling_check"


@pytest.mark.parametrize("track", TRACKS)
def test_nobody_closes_while_it_is_acute(stage: Stage, track: str) -> None:
    case, by = discussed(stage, track)
    stage.complete(case, "assess", by=by, still_concerned="no")
    stage.complete(case, "siblings", by=by, other_children="no")
    stage.do(press_acute, by=by, case_id=case.id)

    error = stage.refused(
        RefusedByRuleError, ask_to_close, by=by, case_id=case.id, end_key="not_concerned", reason="Slut.",
        has_siblings="no", answers={"closing_reason": "Slut."},
    )  # fmt: skip

    assert error.rule == "acute_before_close"


def test_nobody_closes_before_what_the_law_demands_is_done(stage: Stage) -> None:
    mia = stage.house.mia
    case = stage.raised(by=mia)
    stage.complete(case, "discuss", by=mia, sparring_needed="no")
    stage.complete(case, "assess", by=mia, still_concerned="no")
    stage.complete(case, "siblings", by=mia, other_children="no")

    error = stage.refused(
        RefusedByRuleError, ask_to_close, by=mia, case_id=case.id, end_key="not_concerned", reason="Slut.",
        has_siblings="no", answers={"closing_reason": "Slut."},
    )  # fmt: skip

    assert error.rule == "open_steps"
    assert error.user_message == (
        "Udfør først: Vurder, om barnet er i fare; Bekræft, at underretningen er modtaget."
    )
    assert stage.case(case).next_followup_on is not None
