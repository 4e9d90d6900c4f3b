"""A case closes when it may, when somebody asked for it, and when another person has said yes."""

from typing import Any

import pytest
from sqlmodel import select

from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.closing import CloseRequestDecidedError
from handlepligt.cases.link_sibling import link_sibling
from handlepligt.cases.offer_handover import OfferWaitingError, offer_handover
from handlepligt.cases.open_case import CaseClosedError
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.withdraw_close_request import withdraw_close_request
from handlepligt.domain.vocabulary import CaseStatus, DeadlineStatus, EventKind, StepStatus
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from models import Case, CloseRequest, Delivery, DueRow, Notification, Staff
from models.session import writing
from tests.cases.acting import NOTE, Stage
from tests.make import HOUR, added

GOOD: dict[str, Any] = {
    "end_key": "not_concerned",
    "reason": "Ingen fare længere.",
    "has_siblings": "no",
    "answers": {"closing_reason": "Ingen fare."},
}


@pytest.fixture
def case(stage: Stage) -> Case:
    """Mia's case, with nothing left but to close it."""
    return stage.ready_to_close()


def test_asking_tells_the_leader_and_closes_nothing(stage: Stage, case: Case) -> None:
    request = stage.ask(case, by=stage.house.mia)

    assert request.reason == "Ingen fare længere."
    assert request.answers == {"closing_reason": "Ingen fare."}
    assert stage.case(case).status != CaseStatus.CLOSED
    assert stage.told("close_requested") == {stage.house.lars.id}
    assert stage.kinds(case)[-1] == EventKind.CLOSE_REQUESTED


def test_approving_ends_everything_in_one_instant(stage: Stage, case: Case) -> None:
    stage.later(HOUR)

    closed = stage.close(case, by=stage.house.mia, leader=stage.house.lars)

    assert (closed.status, closed.closed_at, closed.end_key) == (
        CaseStatus.CLOSED, stage.now, "not_concerned",
    )  # fmt: skip
    assert (closed.next_due_at, closed.next_followup_on) == (None, None)
    assert stage.holdings(case)[-1].until == stage.now
    assert stage.open_steps(case) == []
    assert stage.step(case, "conclude").status == StepStatus.NOT_APPLICABLE
    assert stage.deadlines(case)["concluded", 1].status == DeadlineStatus.LAPSED
    assert stage.rows(select(DueRow).where(DueRow.case_id == case.id)) == []
    assert stage.told("close_approved") == {stage.house.mia.id}
    assert stage.kinds(case)[-1] == EventKind.CASE_CLOSED


def test_the_one_who_asked_does_not_approve(stage: Stage, case: Case) -> None:
    # Mia stands in for her leader, so she could approve the requests of others.
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.lars.id).deputy_id = stage.house.mia.id
    request = stage.ask(case, by=stage.house.mia)

    error = stage.refused(RefusedByRuleError, approve_close, by=stage.house.mia, request_id=request.id)

    assert error.rule == "four_eyes"


def test_only_a_leader_approves(stage: Stage, case: Case) -> None:
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.lars.id).deputy_id = None
    request = stage.ask(case, by=stage.house.mia)

    for by in (stage.house.mia, stage.house.karin, stage.house.hanne):
        stage.refused(NotAllowedError, approve_close, by=by, request_id=request.id)
    stage.refused(NotFoundError, approve_close, by=stage.house.kim, request_id=request.id)


def test_a_case_is_approved_once(stage: Stage, case: Case) -> None:
    request = stage.ask(case, by=stage.house.mia)
    stage.do(approve_close, by=stage.house.lars, request_id=request.id)

    stage.refused(CaseClosedError, approve_close, by=stage.house.karin, request_id=request.id)


def test_one_request_waits_at_a_time(stage: Stage, case: Case) -> None:
    stage.ask(case, by=stage.house.mia)

    stage.refused(CloseRequestDecidedError, ask_to_close, by=stage.house.mia, case_id=case.id, **GOOD)


@pytest.mark.parametrize("who", ["mia", "lars"])
def test_a_request_can_be_taken_back_or_turned_down(stage: Stage, case: Case, who: str) -> None:
    request = stage.ask(case, by=stage.house.mia)

    stage.do(withdraw_close_request, by=getattr(stage.house, who), request_id=request.id)

    stage.refused(CloseRequestDecidedError, approve_close, by=stage.house.lars, request_id=request.id)
    assert stage.kinds(case)[-1] == EventKind.CLOSE_REQUEST_WITHDRAWN
    assert stage.told("close_withdrawn") == {
        one.id for one in (stage.house.mia, stage.house.lars) if one is not getattr(stage.house, who)
    }
    stage.ask(case, by=stage.house.mia)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"reason": " "}, {"reason"}),
        ({"reason": "\x00"}, {"reason"}),
        ({"reason": "x" * 10_000_000}, {"reason"}),
        ({"has_siblings": "unknown"}, {"has_siblings"}),
        ({"has_siblings": ""}, {"has_siblings"}),
        ({"has_siblings": "yes"}, {"has_siblings"}),
        ({"end_key": "no_such_end"}, {"end"}),
        ({"answers": {}}, {"closing_reason"}),
        ({"answers": {"closing_reason": ["liste"]}}, {"closing_reason"}),
        ({"answers": {"closing_reason": "Fordi.", "no_such_field": "x"}}, {"no_such_field"}),
    ],
)
def test_what_cannot_be_used_is_named(
    stage: Stage, case: Case, given: dict[str, Any], fields: set[str]
) -> None:
    error = stage.refused(
        InvalidInputError, ask_to_close, by=stage.house.mia, case_id=case.id, **(GOOD | given)
    )

    assert set(error.problems) == fields


def test_with_siblings_each_has_a_case_before_this_one_closes(stage: Stage, case: Case) -> None:
    stage.do(link_sibling, by=stage.house.mia, case_id=case.id, citizen_name="Samir Opdigtet")

    stage.ask(case, by=stage.house.mia, has_siblings="yes")

    assert stage.rows(select(CloseRequest.has_siblings)) == ["yes"]


def test_an_end_the_case_is_not_at_is_refused(stage: Stage, case: Case) -> None:
    answers = {"closing_reason": "Fordi.", "closing_help": "En kontaktperson."}

    error = stage.refused(
        RefusedByRuleError, ask_to_close, by=stage.house.mia, case_id=case.id,
        **GOOD | {"end_key": "help_in_place", "answers": answers},
    )  # fmt: skip

    assert error.rule == "ends.help_in_place"


def test_not_while_the_duty_is_offered(stage: Stage, case: Case) -> None:
    nora = stage.colleague()
    request = stage.ask(case, by=stage.house.mia)
    stage.do(offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_id=nora.id)

    stage.refused(OfferWaitingError, approve_close, by=stage.house.lars, request_id=request.id)


def test_what_turned_acute_after_asking_is_not_closed(stage: Stage, case: Case) -> None:
    request = stage.ask(case, by=stage.house.mia)
    stage.do(press_acute, by=stage.house.mia, case_id=case.id)

    error = stage.refused(RefusedByRuleError, approve_close, by=stage.house.lars, request_id=request.id)

    assert error.rule == "acute_before_close"


def test_not_while_a_message_is_undelivered(stage: Stage, case: Case) -> None:
    request = stage.ask(case, by=stage.house.mia)
    with writing(stage.engine) as session:
        told = session.exec(select(Notification).where(Notification.case_id == case.id)).first()
        assert told is not None
        added(
            session,
            Delivery(
                notification_id=told.id, channel="email", status="failed", next_attempt_at=stage.now,
                message_id="<1@x>",
            ),
        )  # fmt: skip

    error = stage.refused(RefusedByRuleError, approve_close, by=stage.house.lars, request_id=request.id)

    assert error.rule == "undelivered"


def test_whoever_took_over_meanwhile_is_told_of_the_closing(stage: Stage, case: Case) -> None:
    nora = stage.colleague()
    request = stage.ask(case, by=stage.house.mia)
    stage.hand_over(case, by=stage.house.mia, to=nora)

    stage.do(approve_close, by=stage.house.lars, request_id=request.id)

    assert stage.told("close_approved") == {stage.house.mia.id, nora.id}


def test_only_the_holder_asks(stage: Stage, case: Case) -> None:
    stage.refused(NotAllowedError, ask_to_close, by=stage.house.lars, case_id=case.id, **GOOD)
    stage.refused(NotFoundError, ask_to_close, by=stage.house.kim, case_id=case.id, **GOOD)


@pytest.mark.parametrize("request_id", ["0" * 32, "", "\x00"])
def test_an_unknown_request_looks_like_somebody_elses(stage: Stage, case: Case, request_id: str) -> None:
    request = stage.ask(case, by=stage.house.mia)
    not_his = stage.refused(NotFoundError, approve_close, by=stage.house.kim, request_id=request.id)

    unknown = stage.refused(NotFoundError, approve_close, by=stage.house.kim, request_id=request_id)

    assert (str(unknown), unknown.user_message) == (str(not_his), not_his.user_message)
