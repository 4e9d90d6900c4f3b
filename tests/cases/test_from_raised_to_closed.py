"""Each of the three tracks, walked from the concern to the closed case."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlmodel import col, select

from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.acknowledge_escalation import acknowledge_escalation
from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.hand_to_authority import hand_to_authority
from handlepligt.cases.link_sibling import link_sibling
from handlepligt.cases.log_call import log_call
from handlepligt.cases.offer_handover import offer_handover
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.domain.vocabulary import CaseStatus, DeadlineStatus, EventKind
from handlepligt.errors import InvalidInputError
from models import Case, DueRow, Staff
from models.session import reading
from tests.cases.acting import ADULT, NOTE, Stage
from tests.cases.any_case import check_case
from tests.cases.test_hand_to_authority import POLICE
from tests.make import DAY, HOUR, MINUTE, WEEK

FRIDAY_AFTERNOON = datetime(2026, 11, 27, 15, 55, tzinfo=UTC)


def check(stage: Stage, case: Case) -> None:
    with reading(stage.engine) as session:
        check_case(session, session.get_one(Case, case.id), stage.now)


def rungs(stage: Stage, case: Case, key: str, round_: int = 1) -> list[tuple[int, str]]:
    """The rows that will wake somebody about a deadline, with the hours from its end."""
    deadline = stage.deadlines(case)[key, round_]
    rows = stage.rows(
        select(DueRow)
        .where(DueRow.deadline_id == deadline.id)
        .order_by(col(DueRow.fire_at), col(DueRow.kind))
    )
    return [(round((row.fire_at - deadline.due_at) / HOUR), row.kind) for row in rows]


def works(stage: Stage, case: Case, by: Staff, *steps: str, **chosen: Any) -> None:
    """Completes steps one after the other, ten minutes each, and looks at every promise in between."""
    definition = definition_of(case)
    for step in steps:
        stage.later(10 * MINUTE)
        answers = {key: value for key, value in chosen.items() if key in definition.step(step).questions}
        stage.complete(case, step, by=by, **answers)
        check(stage, case)


def test_a_child_on_a_friday_afternoon_with_acute_danger_and_a_handover(stage: Stage) -> None:
    mia, lars, nora = stage.house.mia, stage.house.lars, stage.colleague()
    stage.now = FRIDAY_AFTERNOON

    # Raised at five to five; the law gives 24 hours, weekend or not.
    case = stage.raised()
    assert stage.deadlines(case)["danger_24h", 1].due_at == FRIDAY_AFTERNOON + DAY
    assert rungs(stage, case, "danger_24h") == [
        (-22, "rung_unless_begun"), (-8, "rung"), (-2, "rung"), (0, "breach"), (0, "rung"),
    ]  # fmt: skip
    assert stage.deadlines(case)["acknowledged", 1].due_at == datetime(2026, 12, 7, 22, 59, 59, tzinfo=UTC)

    # Acute from the first minute: the others stay open as they were.
    stage.later(5 * MINUTE)
    stage.do(press_acute, by=mia, case_id=case.id, reason="Hun er spærret inde.")
    assert stage.open_steps(case) == ["discuss", "danger_assessment", "acknowledge_underretning", "acute"]
    assert stage.case(case).next_due_at == stage.now + 30 * MINUTE
    for contact, outcome in (("safety_responsible", "no_answer"), ("police", "answered")):
        stage.do(log_call, by=mia, case_id=case.id, contact_key=contact, outcome=outcome)
    works(
        stage, case, mia, "acute", responsible_reached="no",
        out_of_hours_contact=["police", "social_duty_service"],
    )  # fmt: skip
    assert stage.deadlines(case)["reached", 1].status == DeadlineStatus.MET
    works(stage, case, mia, "discuss", "danger_assessment", sparring_needed="yes", child_in_danger="yes")

    # The danger was found while no acute step was open, so there is a second round of it.
    assert stage.step(case, "acute", 2).settled_at is None
    works(stage, case, mia, "acute", "safety_acceptance", responsible_reached="yes")
    # The acceptance came after both acute actions, so it is for both.
    assert "safety_acceptance" not in stage.open_steps(case)
    works(stage, case, mia, "safety_assessment", safe_stay_needed="yes", acute_is_over="yes")
    assert not stage.case(case).is_acute
    works(stage, case, mia, "interim_measures", measure_decided="yes", placed_without_consent="no")
    assert stage.deadlines(case)["plan_3_months", 1].due_at.date().month == 2

    # Nora takes over on Monday, in the middle of it all.
    stage.later(3 * DAY)
    stage.hand_over(case, by=mia, to=nora)
    check(stage, case)
    assert stage.case(case).keeper_id == nora.id
    works(stage, case, nora, "acknowledge_underretning", "action_plan", "siblings", other_children="yes",
          other_children_concern="no")  # fmt: skip
    works(stage, case, nora, "sparring", "assess", still_concerned="yes", safety_plan_needed="yes")
    works(
        stage, case, nora, "risk_assessment", "child_conversation", "safety_plan",
        "child_assessment_decision", may_involve_parents="no", child_assessment_needed="yes",
    )  # fmt: skip
    assert stage.deadlines(case)["child_assessment_4_months", 1].basis == "law"

    # Three rounds of follow-up, the second of them too late.
    for weeks in (1, 2):
        on = (stage.now + weeks * WEEK).date().isoformat()
        works(stage, case, nora, "follow_up", followup_outcome="continue", next_followup_on=on)
        stage.later(weeks * WEEK)
    stage.later(2 * DAY)
    agreed = stage.deadlines(case)["agreed_followup", 3]
    assert stage.now > agreed.due_at
    stage.do(acknowledge_escalation, by=lars, deadline_id=agreed.id)
    works(stage, case, nora, "follow_up", followup_outcome="may_end")
    late = stage.deadlines(case)["agreed_followup", 3]
    assert (late.status, late.breached_at) == (DeadlineStatus.MET_LATE, late.due_at)

    # The law's steps come before the end, and the other children have cases of their own.
    works(stage, case, nora, "child_assessment", "measure_followup")
    assert stage.open_steps(case) == ["conclude"]
    assert stage.case(case).status == CaseStatus.FOLLOW_UP
    with pytest.raises(InvalidInputError):
        stage.ask(case, by=nora, end="help_in_place", has_siblings="yes")
    stage.do(link_sibling, by=nora, case_id=case.id, citizen_name="Samir Opdigtet")
    stage.close(case, by=nora, leader=lars, end="help_in_place", has_siblings="yes")
    check(stage, case)
    assert [row.holder_id for row in stage.holdings(case)] == [mia.id, nora.id]
    assert stage.rows(select(DueRow).where(DueRow.case_id == case.id)) == []

    # It comes back in March, with its history.
    stage.later(13 * WEEK)
    stage.do(reopen_case, by=lars, case_id=case.id, reason="Skolen har ringet.")
    check(stage, case)
    assert stage.case(case).keeper_id == nora.id
    assert stage.open_steps(case) == ["assess"]
    works(stage, case, nora, "assess", still_concerned="no")
    assert stage.open_steps(case) == ["conclude"]
    stage.close(case, by=nora, leader=lars, has_siblings="yes")
    check(stage, case)
    assert stage.kinds(case).count(EventKind.CASE_CLOSED) == 2


def test_an_adult_with_a_letter_a_conversation_at_home_and_a_safe_stay(stage: Stage) -> None:
    otto, lars = stage.house.otto, stage.house.lars
    case = stage.raised(by=otto, birth_date=ADULT)
    assert stage.open_steps(case) == ["discuss"]

    coordinator = {"role": "coordinator", "staff": stage.house.karin.id}
    works(stage, case, otto, "discuss", discussed_with=coordinator, sparring_needed="no")
    works(stage, case, otto, "siblings", other_children="unknown")
    works(stage, case, otto, "siblings", other_children="no")
    works(
        stage, case, otto, "assess", still_concerned="yes", invite_by_letter="yes",
        safety_plan_needed="yes", assessed_acute="yes",
    )  # fmt: skip
    assert set(stage.open_steps(case)) == {
        "risk_assessment", "citizen_conversation", "ordinary_letter", "safety_plan", "acute", "follow_up",
    }  # fmt: skip
    works(stage, case, otto, "acute", "safety_acceptance", responsible_reached="no", other_help="Vagten")
    works(stage, case, otto, "safety_assessment", safe_stay_needed="yes", acute_is_over="yes")
    works(stage, case, otto, "safe_stay", safe_stay_found="yes", safe_stay_with="red_safehouse")
    assert "assess" in stage.open_steps(case)
    works(stage, case, otto, "ordinary_letter", "safety_plan", "risk_assessment")
    works(stage, case, otto, "citizen_conversation", meeting_place="home", home_reason="Hun er syg.")
    works(stage, case, otto, "assess", still_concerned="yes", safety_plan_needed="no", invite_by_letter="no")
    # The follow-up came after the new assessment, which therefore asks for no other.
    works(stage, case, otto, "follow_up", followup_outcome="may_end")

    stage.close(case, by=otto, leader=lars, end="help_in_place")
    check(stage, case)
    assert stage.case(case).status == CaseStatus.CLOSED
    assert all(one.basis != "law" for one in stage.deadlines(case).values())


def test_a_professional_reports_and_hands_over_to_an_adviser(stage: Stage) -> None:
    frida, mia, lars = stage.house.frida, stage.house.mia, stage.house.lars
    case = stage.raised(by=frida)
    works(stage, case, frida, "discuss", "siblings", sparring_needed="no", other_children="no")
    works(stage, case, frida, "assess", still_concerned="yes", partners_to_involve=["adviser"])
    works(stage, case, frida, "underretning_decision", underretning_needed="yes")
    made_at = stage.now - HOUR
    works(stage, case, frida, "underretning", underretning_made_at=made_at.isoformat())

    # The underretning moves nothing: the duty stays until a named adviser has accepted.
    assert stage.case(case).keeper_id == frida.id
    assert stage.deadlines(case)["danger_24h", 1].due_at == made_at + DAY
    offer = stage.do(offer_handover, by=frida, case_id=case.id, note=NOTE, to_pool="under_18")
    assert stage.case(case).status == CaseStatus.HANDOVER_PENDING
    assert "hand_over" in stage.open_steps(case)
    stage.later(20 * MINUTE)
    stage.do(accept_handover, by=mia, offer_id=offer.id)
    check(stage, case)
    assert "hand_over" not in stage.open_steps(case)
    assert stage.deadlines(case)["handed_over", 1].settled_at == stage.now

    works(stage, case, mia, "danger_assessment", "acknowledge_underretning", child_in_danger="no")
    works(stage, case, mia, "risk_assessment", "follow_up", followup_outcome="may_end")
    stage.close(case, by=mia, leader=lars, end="help_in_place")
    check(stage, case)
    assert [row.holder_id for row in stage.holdings(case)] == [frida.id, mia.id]


def test_a_professionals_acute_case_ends_with_the_police(stage: Stage) -> None:
    frida, lars = stage.house.frida, stage.house.lars
    case = stage.raised(by=frida, birth_date=ADULT)
    stage.do(press_acute, by=frida, case_id=case.id)
    works(
        stage, case, frida, "acute", "discuss", "siblings", responsible_reached="no",
        out_of_hours_contact=["police"], sparring_needed="no", other_children="no",
    )  # fmt: skip

    stage.do(hand_to_authority, by=frida, case_id=case.id, authority=POLICE, note=NOTE)
    check(stage, case)
    assert stage.holdings(case)[-1].holder_id is None
    assert stage.case(case).keeper_id == frida.id
    works(stage, case, frida, "safety_acceptance", "safety_assessment", acute_is_over="yes")

    request = stage.do(
        ask_to_close, by=frida, case_id=case.id, end_key="handed_to_authority", reason="Overgivet.",
        has_siblings="no", answers={"closing_reason": "Politiet har sagen."},
    )  # fmt: skip
    stage.later(MINUTE)
    stage.do(approve_close, by=lars, request_id=request.id)
    check(stage, case)
    closed = stage.case(case)
    assert (closed.status, closed.end_key) == (CaseStatus.CLOSED, "handed_to_authority")


def test_a_week_in_which_nobody_acts_is_seen_in_every_deadline(stage: Stage) -> None:
    mia = stage.house.mia
    case = stage.raised()
    stage.later(2 * WEEK)

    works(stage, case, mia, "danger_assessment", "discuss", child_in_danger="no", sparring_needed="yes")
    works(stage, case, mia, "acknowledge_underretning")

    found = {key: one.status for (key, _), one in stage.deadlines(case).items()}
    assert found["danger_24h"] == found["discussed"] == found["acknowledged"] == DeadlineStatus.MET_LATE
    assert found["sparring_held"] == DeadlineStatus.RUNNING
    for (key, _), one in stage.deadlines(case).items():
        assert one.breached_at == (one.due_at if found[key] == DeadlineStatus.MET_LATE else None)
