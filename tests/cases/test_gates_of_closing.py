"""The gates before a case closes, met through the verbs (DESIGN.md, Gates)."""

import pytest

from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.hand_to_authority import hand_to_authority
from handlepligt.cases.press_acute import press_acute
from handlepligt.domain.vocabulary import CaseStatus, EventKind, StepStatus
from handlepligt.errors import RefusedByRuleError
from tests.cases.acting import NOTE, Stage
from tests.cases.test_gates import TRACKS, discussed
from tests.cases.test_hand_to_authority import POLICE
from tests.make import HOUR

HELPED = {"closing_reason": "Der er ro.", "closing_help": "En kontaktperson."}
BESIDES: dict[str, tuple[str, ...]] = {
    "adviser_under_18": ("child_conversation", "child_assessment_decision"),
    "adviser_over_18": (),
    "professional": ("underretning_decision",),
}


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


@pytest.mark.parametrize("track", TRACKS)
def test_nobody_closes_before_every_step_that_must_be_done_is_done(stage: Stage, track: str) -> None:
    case, by = discussed(stage, track)
    stage.complete(case, "siblings", by=by, other_children="no")
    stage.complete(case, "assess", by=by, still_concerned="yes", safety_plan_needed="yes")
    stage.complete(case, "follow_up", by=by, followup_outcome="may_end")
    for step in ("risk_assessment", *BESIDES[track]):
        stage.complete(case, step, by=by)

    error = stage.refused(
        RefusedByRuleError, ask_to_close, by=by, case_id=case.id, end_key="help_in_place", reason="Slut.",
        has_siblings="no", answers=HELPED,
    )  # fmt: skip
    stage.complete(case, "safety_plan", by=by)
    closed = stage.close(case, by=by, leader=stage.house.lars, end="help_in_place")

    assert (error.rule, error.user_message) == ("open_steps", "Udfør først: Lav en sikkerhedsplan.")
    assert EventKind.REFUSED_BY_RULE in stage.kinds(case)
    assert closed.status == CaseStatus.CLOSED


def test_every_step_left_undone_is_named(stage: Stage) -> None:
    case, mia = discussed(stage, "adviser_under_18")
    stage.complete(case, "siblings", by=mia, other_children="no")
    stage.complete(case, "assess", by=mia, still_concerned="yes", safety_plan_needed="yes")
    stage.complete(case, "follow_up", by=mia, followup_outcome="may_end")

    error = stage.refused(
        RefusedByRuleError, ask_to_close, by=mia, case_id=case.id, end_key="help_in_place", reason="Slut.",
        has_siblings="no", answers=HELPED,
    )  # fmt: skip

    assert error.user_message == (
        "Udfør først: Vurder risikoen ved at inddrage forældre og netværk; Hold børnesamtale; "
        "Afgør, om der skal laves en børnefaglig undersøgelse; Lav en sikkerhedsplan."
    )


def test_a_step_that_only_should_be_done_does_not_keep_a_case_open(stage: Stage) -> None:
    case, otto = discussed(stage, "adviser_over_18")
    stage.complete(case, "siblings", by=otto, other_children="no")
    stage.complete(case, "assess", by=otto, still_concerned="yes")
    stage.complete(case, "risk_assessment", by=otto)
    stage.complete(case, "follow_up", by=otto, followup_outcome="may_end")
    assert "citizen_conversation" in stage.open_steps(case)

    stage.close(case, by=otto, leader=stage.house.lars, end="help_in_place")

    assert stage.step(case, "citizen_conversation").status == StepStatus.NOT_APPLICABLE


def test_a_step_that_must_be_done_and_came_after_asking_keeps_the_case_open(stage: Stage) -> None:
    case = stage.ready_to_close()
    mia, lars = stage.house.mia, stage.house.lars
    request = stage.ask(case, by=mia)
    stage.do(press_acute, by=mia, case_id=case.id)
    stage.complete(case, "acute", by=mia, responsible_reached="yes")
    stage.complete(case, "safety_acceptance", by=mia)
    stage.complete(case, "safety_assessment", by=mia, acute_is_over="yes")
    stage.complete(case, "assess", by=mia, still_concerned="no")
    assert stage.open_steps(case) == ["action_plan", "conclude"]

    error = stage.refused(RefusedByRuleError, approve_close, by=lars, request_id=request.id)
    stage.complete(case, "action_plan", by=mia)
    stage.do(approve_close, by=lars, request_id=request.id)

    assert error.rule == "open_steps"
    assert stage.case(case).status == CaseStatus.CLOSED


def test_a_case_is_not_given_to_an_authority_that_does_not_hold_the_duty(stage: Stage) -> None:
    case, frida = discussed(stage, "professional")
    stage.complete(case, "siblings", by=frida, other_children="no")
    given = {
        "case_id": case.id, "end_key": "handed_to_authority", "reason": "Overgivet.", "has_siblings": "no",
        "answers": {"closing_reason": "Politiet har sagen."},
    }  # fmt: skip
    stage.later(HOUR)
    stage.hand_over(case, by=frida, to=stage.house.mia)

    error = stage.refused(RefusedByRuleError, ask_to_close, by=stage.house.mia, **given)

    assert error.rule == "with_authority"
    assert error.user_message == "Notér først under »Overdrag handlepligten«, hvem der har overtaget."


def test_what_is_open_ends_with_the_case_when_an_authority_has_it(stage: Stage) -> None:
    case, frida = discussed(stage, "professional")
    stage.complete(case, "siblings", by=frida, other_children="no")
    assert "assess" in stage.open_steps(case)
    stage.later(HOUR)
    stage.do(hand_to_authority, by=frida, case_id=case.id, authority=POLICE, note=NOTE)
    stage.later(HOUR)

    stage.close(case, by=frida, leader=stage.house.lars, end="handed_to_authority")

    assert stage.step(case, "assess").status == StepStatus.NOT_APPLICABLE
    assert stage.case(case).end_key == "handed_to_authority"


def test_what_the_law_asks_is_done_even_when_an_authority_has_the_case(stage: Stage) -> None:
    case, frida = discussed(stage, "professional")
    stage.complete(case, "siblings", by=frida, other_children="no")
    stage.complete(case, "assess", by=frida, still_concerned="yes")
    stage.complete(case, "underretning_decision", by=frida, underretning_needed="yes")
    stage.later(HOUR)
    stage.do(hand_to_authority, by=frida, case_id=case.id, authority=POLICE, note=NOTE)

    error = stage.refused(
        RefusedByRuleError, ask_to_close, by=frida, case_id=case.id, end_key="handed_to_authority",
        reason="Overgivet.", has_siblings="no", answers={"closing_reason": "Politiet har sagen."},
    )  # fmt: skip

    assert error.rule == "law_before_close"
