"""The gates of the protocols, met through the verbs: rules, not reminders (DESIGN.md, Gates)."""

import json
from typing import Any

import pytest

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.press_acute import press_acute
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, RefusedByRuleError
from models import Case, Staff
from protocols.problems import AnswersError
from tests.cases.acting import ADULT, CHILD, Stage

TRACKS = {
    "adviser_under_18": ("mia", CHILD),
    "adviser_over_18": ("otto", ADULT),
    "professional": ("frida", CHILD),
}
LAW = "barnets lov § 18, stk. 3"


def holder_of(stage: Stage, track: str) -> Staff:
    by: Staff = getattr(stage.house, TRACKS[track][0])
    return by


def discussed(stage: Stage, track: str) -> tuple[Case, Staff]:
    """A case of the track after the discussion, with no underretning to be assessed at once."""
    by = holder_of(stage, track)
    facts = {"underretning_received": "no"} if track == "adviser_under_18" else {}
    case = stage.raised(by=by, birth_date=TRACKS[track][1], facts=facts)
    stage.complete(case, "discuss", by=by, sparring_needed="no")
    return case, by


def refusal(
    stage: Stage,
    case: Case,
    step_key: str,
    *,
    by: Staff,
    kind: type[InvalidInputError] | type[RefusedByRuleError] = RefusedByRuleError,
    **chosen: Any,
) -> Any:
    answers = stage.answers(case, step_key, **chosen)
    return stage.refused(kind, complete_step, by=by, case_id=case.id, step_key=step_key, answers=answers)


@pytest.mark.parametrize("track", TRACKS)
@pytest.mark.parametrize("question", ["partners_to_involve", "partners_to_inform"])
@pytest.mark.parametrize("partner", ["parents", "network"])
def test_no_parent_is_brought_in_before_the_risk_is_assessed(
    stage: Stage, track: str, question: str, partner: str
) -> None:
    case, by = discussed(stage, track)

    error = refusal(stage, case, "assess", by=by, still_concerned="yes", **{question: ["police", partner]})

    assert error.rule == "risk_before_parents"
    assert "risikovurderingen" in error.user_message
    assert error.reference is None if track == "adviser_over_18" else LAW in error.reference


@pytest.mark.parametrize("track", TRACKS)
def test_the_refusal_stays_in_the_cases_history(stage: Stage, track: str) -> None:
    case, by = discussed(stage, track)

    refusal(stage, case, "assess", by=by, still_concerned="yes", partners_to_involve=["parents"])

    event = stage.events(case)[-1]
    assert (event.kind, event.by_id) == (EventKind.REFUSED_BY_RULE, by.id)
    assert json.loads(event.about) == {"act": "complete", "rules": ["risk_before_parents"], "step": "assess"}


@pytest.mark.parametrize("track", TRACKS)
@pytest.mark.parametrize("safe", ["yes", "no"])
def test_parents_may_be_brought_in_once_the_risk_assessment_says_so(
    stage: Stage, track: str, safe: str
) -> None:
    case, by = discussed(stage, track)
    stage.complete(case, "assess", by=by, still_concerned="yes")
    stage.complete(case, "risk_assessment", by=by, may_involve_parents=safe)
    given = {"followup_outcome": "may_end", "followup_partners": ["parents"]}

    if safe == "no":
        assert refusal(stage, case, "follow_up", by=by, **given).rule == "risk_before_parents"
    else:
        stage.complete(case, "follow_up", by=by, **given)
        assert stage.step(case, "follow_up").answers["followup_partners"] == ["parents"]


@pytest.mark.parametrize("track", TRACKS)
def test_a_risk_assessment_the_leader_has_not_approved_is_none(stage: Stage, track: str) -> None:
    case, by = discussed(stage, track)
    stage.complete(case, "assess", by=by, still_concerned="yes")

    error = refusal(stage, case, "risk_assessment", by=by, kind=AnswersError, risk_approved="no")

    assert list(error.problems) == ["risk_approved"]


@pytest.mark.parametrize("track", TRACKS)
def test_the_leader_is_talked_to_before_anything_but_acute(stage: Stage, track: str) -> None:
    by = holder_of(stage, track)
    case = stage.raised(by=by, birth_date=TRACKS[track][1], facts={})
    stage.do(press_acute, by=by, case_id=case.id)

    stage.complete(case, "acute", by=by, responsible_reached="yes")
    stage.complete(case, "safety_acceptance", by=by)
    stage.complete(case, "safety_assessment", by=by, acute_is_over="no")

    if track == "adviser_under_18":
        # The plan opens after the safety assessment, and is no answer to danger by itself.
        assert refusal(stage, case, "action_plan", by=by).rule == "discuss_first"
    assert "assess" not in stage.open_steps(case)


@pytest.mark.parametrize("track", TRACKS)
@pytest.mark.parametrize(("role", "who"), [("deputy", "karin"), ("head", "hanne")])
def test_when_the_leader_is_away_the_next_role_counts_with_a_reason(
    stage: Stage, track: str, role: str, who: str
) -> None:
    by = holder_of(stage, track)
    case = stage.raised(by=by, birth_date=TRACKS[track][1], facts={})
    person = {"role": role, "staff": getattr(stage.house, who).id}
    answers = {"discussed_with": person, "sparring_needed": "no"}

    error = stage.refused(
        AnswersError, complete_step, by=by, case_id=case.id, step_key="discuss", answers=answers
    )

    assert list(error.problems) == ["bypass_reason"]
    stage.complete(case, "discuss", by=by, discussed_with=person, bypass_reason="is_the_concern")


def test_with_an_adult_the_coordinator_counts_as_the_leader(stage: Stage) -> None:
    case = stage.raised(by=stage.house.otto, birth_date=ADULT)
    person = {"role": "coordinator", "staff": stage.house.karin.id}

    stage.complete(case, "discuss", by=stage.house.otto, discussed_with=person)

    assert stage.step(case, "discuss").answers["discussed_with"] == person


@pytest.mark.parametrize(
    "given",
    [
        {"conversation_participants": ["parents"]},
        {"conversation_participants": ["colleague", "network"]},
        {"interpreter": "parents"},
        {"interpreter": "network"},
    ],
)
def test_the_child_is_talked_to_alone(stage: Stage, given: dict[str, Any]) -> None:
    case, mia = discussed(stage, "adviser_under_18")
    stage.complete(case, "assess", by=mia, still_concerned="yes")

    error = refusal(stage, case, "child_conversation", by=mia, **given)

    assert error.rule == "alone_with_child"
    assert "SEL § 50, stk. 3" in error.reference
    assert "barnets lov § 5, stk. 3" in error.reference


def test_a_conversation_that_was_not_alone_is_no_conversation(stage: Stage) -> None:
    case, mia = discussed(stage, "adviser_under_18")
    stage.complete(case, "assess", by=mia, still_concerned="yes")

    error = refusal(stage, case, "child_conversation", by=mia, kind=AnswersError, conversation_alone="no")

    assert list(error.problems) == ["conversation_alone"]
    stage.complete(case, "child_conversation", by=mia, conversation_participants=["interpreter"])


def test_a_conversation_at_home_needs_a_reason(stage: Stage) -> None:
    case, otto = discussed(stage, "adviser_over_18")
    stage.complete(case, "assess", by=otto, still_concerned="yes", invite_by_letter="no")

    error = refusal(stage, case, "citizen_conversation", by=otto, meeting_place="home")

    assert error.rule == "meeting_place"
    stage.complete(case, "citizen_conversation", by=otto, meeting_place="home", home_reason="Hun er syg.")


@pytest.mark.parametrize("track", TRACKS)
@pytest.mark.parametrize(
    "note",
    [
        "Jeg nævnte Amira.",
        "Hun hedder OPDIGTET til efternavn",
        "AMIRA",
        "Det er Amiras far, der ringer.",
        "010509-4345",
        "Nummeret er 010509 4345.",
        "0105094345",
        "010509 – 4345",
        "A\u0301mira og Ami\u200bra",
    ],
)
def test_general_advice_does_not_point_at_the_citizen(stage: Stage, track: str, note: str) -> None:
    by = holder_of(stage, track)
    case = stage.raised(by=by, birth_date=TRACKS[track][1])

    error = refusal(
        stage, case, "discuss", by=by, kind=InvalidInputError, general_advice_from=["viso"],
        general_advice_note=note,
    )  # fmt: skip

    assert list(error.problems) == ["general_advice_note"]
    stage.complete(
        case, "discuss", by=by, general_advice_from=["viso"], general_advice_note="Gå stille frem."
    )


@pytest.mark.parametrize("question", ["letter_sent_outside", "letter_neutral", "letter_approved"])
def test_a_letter_is_only_ever_recorded(stage: Stage, question: str) -> None:
    case, otto = discussed(stage, "adviser_over_18")
    stage.complete(case, "assess", by=otto, still_concerned="yes", invite_by_letter="yes")

    error = refusal(stage, case, "ordinary_letter", by=otto, kind=AnswersError, **{question: "no"})

    assert list(error.problems) == [question]
    stage.complete(case, "ordinary_letter", by=otto)


@pytest.mark.parametrize("track", TRACKS)
def test_acute_is_not_done_before_somebody_was_reached(stage: Stage, track: str) -> None:
    by = holder_of(stage, track)
    case = stage.raised(by=by, birth_date=TRACKS[track][1])
    stage.do(press_acute, by=by, case_id=case.id)
    chosen = {"responsible_reached": "no"}
    unanswered = {"other_help": ""} if track == "adviser_over_18" else {"out_of_hours_contact": []}

    stage.refused(
        InvalidInputError,
        complete_step, by=by, case_id=case.id, step_key="acute",
        answers=stage.answers(case, "acute", **chosen) | unanswered,
    )  # fmt: skip

    assert "acute" in stage.open_steps(case)


def test_the_duty_service_is_for_children_only(stage: Stage) -> None:
    frida = stage.house.frida
    case = stage.raised(by=frida, birth_date=ADULT)
    stage.do(press_acute, by=frida, case_id=case.id)

    error = refusal(
        stage, case, "acute", by=frida, responsible_reached="no",
        out_of_hours_contact=["police", "social_duty_service"],
    )  # fmt: skip

    assert error.rule == "duty_service_under_18_only"


def test_the_danger_is_assessed_by_whoever_took_over(stage: Stage) -> None:
    case, frida = discussed(stage, "professional")
    stage.complete(case, "assess", by=frida, still_concerned="yes")
    stage.complete(case, "underretning_decision", by=frida, underretning_needed="yes")
    stage.complete(case, "underretning", by=frida)

    assert refusal(stage, case, "danger_assessment", by=frida).rule == "hand_over_first"
    assert refusal(stage, case, "hand_over", by=frida).rule == "hand_over_first"
