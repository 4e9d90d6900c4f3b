"""Closes a case: the holder asks, another person with the right to approve does, never the same."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, or_, select

from handlepligt.cases.arm_deadlines import lapse_deadlines
from handlepligt.cases.case_state import definition_of, state_of, steps_of
from handlepligt.cases.gates import left_in_events, refuse_if_forbidden
from handlepligt.cases.offer_handover import OfferWaitingError, leader_besides, waiting_offer
from handlepligt.cases.open_case import case_for, refused_look, row_of
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.tell import tell
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import CloseRequestStatus, EventKind, StepStatus
from handlepligt.errors import ConflictError, InvalidInputError, RefusedByRuleError
from models import Case, CloseRequest, Delivery, DueRow, DutyHolding, Notification, SiblingLink, Staff
from notifications.messages import Message
from protocols.answers import read_fields
from protocols.definition import Definition
from protocols.engine import ends, left_undone
from protocols.kinds.end import Kind as End
from protocols.kinds.rule import Act
from protocols.state import AnswerValue, CaseState

STEP_ENDED = "Sagen er afsluttet."


class CloseRequestDecidedError(ConflictError):
    """The request to close is not waiting any more, or another one is."""

    user_message = "Ønsket om lukning venter ikke længere, eller der venter allerede et. Se sagen igen."


def ask_to_close(
    session: Session,
    *,
    case_id: str,
    by: Staff,
    now: datetime,
    end_key: str,
    reason: str,
    has_siblings: str,
    answers: Mapping[str, object] | None = None,
) -> CloseRequest:
    """The request, which waits for somebody else's approval.

    `has_siblings` is "yes" or "no"; "don't know" does not close a case, and "yes" needs each sibling
    linked first. `end_key` is one of the protocol's ends that are allowed now, `answers` its fields.
    Raises NotFoundError, NotAllowedError, CaseClosedError, CloseRequestDecidedError, OfferWaitingError,
    InvalidInputError, RefusedByRuleError.
    """
    case = case_for(session, case_id, by=by, action=Action.ASK_TO_CLOSE, now=now)
    definition = definition_of(case)
    problems: dict[str, str] = {}
    reason = wording.tidied(reason)
    if sentence := wording.problem_with(reason):
        problems["reason"] = sentence
    if has_siblings not in ("yes", "no"):
        problems["has_siblings"] = "Svar ja eller nej. Sagen kan ikke lukkes, før I ved, om der er søskende."
    elif has_siblings == "yes" and not _is_linked(session, case):
        problems["has_siblings"] = "Rejs eller tilknyt en sag for hvert af de andre børn, før du lukker."
    if end_key not in definition.ends:
        problems["end"] = "Vælg en af de måder, sagen kan slutte på."
    given: Mapping[str, AnswerValue] = {}
    if end_key in definition.ends:
        given, wrong = read_fields(definition.ends[end_key].questions, answers or {})
        problems |= wrong
    if problems:
        raise InvalidInputError(problems=problems)
    _refuse_unless_closable(session, case, end_key, given, by=by, now=now)
    if _waiting(session, case) is not None:
        raise CloseRequestDecidedError(f"case {case.id} has a waiting close request")
    request = CloseRequest(
        case_id=case.id,
        end_key=end_key,
        has_siblings=has_siblings,
        reason_sealed=b"",
        by_id=by.id or 0,
        asked_at=now,
    )
    request.reason = reason
    request.answers = dict(given)
    session.add(request)
    record(session, case, EventKind.CLOSE_REQUESTED, at=now, by_id=by.id, request=request.id, end=end_key)
    people = leader_besides(session, case, by.id)
    tell(session, Message.CLOSE_REQUESTED, people, case=case, now=now, occasion=request.id)
    bring_up_to_date(session, case, now)
    return request


def withdraw_close_request(session: Session, *, request_id: str, by: Staff, now: datetime) -> CloseRequest:
    """The request, taken back by the keeper or turned down by the leader; the case stays open."""
    request, case = _for_decision(session, request_id, by=by, action=Action.WITHDRAW_CLOSING, now=now)
    request.status, request.decided_by_id, request.decided_at = CloseRequestStatus.WITHDRAWN, by.id, now
    session.add(request)
    record(session, case, EventKind.CLOSE_REQUEST_WITHDRAWN, at=now, by_id=by.id, request=request.id)
    people = [session.get(Staff, request.by_id), *leader_besides(session, case, by.id)]
    tell(session, Message.CLOSE_WITHDRAWN, people, case=case, now=now, occasion=request.id, besides=by.id)
    bring_up_to_date(session, case, now)
    return request


def approve_close(session: Session, *, request_id: str, by: Staff, now: datetime) -> Case:
    """The closed case. Its duty, deadlines, follow-up and open steps end in the same instant.

    Raises what `ask_to_close` raises, for much can have changed since, and RefusedByRuleError when the
    approver is the one who asked.
    """
    request, case = _for_decision(session, request_id, by=by, action=Action.APPROVE_CLOSING, now=now)
    if request.by_id == by.id:
        raise RefusedByRuleError(
            "four_eyes", user_message="En anden end den, der har ønsket lukningen, skal godkende den."
        )
    _refuse_unless_closable(session, case, request.end_key, request.answers, by=by, now=now)
    request.status, request.decided_by_id, request.decided_at = CloseRequestStatus.APPROVED, by.id, now
    session.add(request)
    for step in steps_of(session, case):
        if step.settled_at is None:
            step.status, step.settled_at = StepStatus.NOT_APPLICABLE, now
            step.reason = STEP_ENDED
            session.add(step)
    lapse_deadlines(session, case, now=now)
    session.exec(delete(DueRow).where(col(DueRow.case_id) == case.id))
    held = session.exec(select(DutyHolding).where(DutyHolding.open_for == case.id)).one()
    ended_at = max(now, held.since + timedelta(microseconds=1))
    held.until, held.open_for = ended_at, None
    case.closed_at, case.end_key, case.open_for = ended_at, request.end_key, None
    case.is_acute, case.next_followup_on, case.next_due_at, case.status = False, None, None, "closed"
    session.add_all([held, case])
    session.flush()
    record(session, case, EventKind.CASE_CLOSED, at=ended_at, by_id=by.id, request=request.id)
    # The duty may have moved since somebody asked.
    people = {one: session.get(Staff, one) for one in (request.by_id, case.keeper_id)}.values()
    tell(session, Message.CLOSE_APPROVED, people, case=case, now=now, occasion=request.id, besides=by.id)
    bring_up_to_date(session, case, now)
    return case


def _refuse_unless_closable(
    session: Session, case: Case, end_key: str, given: Mapping[str, AnswerValue], *, by: Staff, now: datetime
) -> None:
    definition = definition_of(case)
    state = state_of(session, case, now)
    refuse_if_forbidden(session, case, definition, state, Act.CLOSE, by=by, now=now, given=given)
    end = next((one for one in ends(definition, state) if one.key == end_key), None)
    if end is None:
        raise RefusedByRuleError(
            f"ends.{end_key}", user_message="Sagen kan ikke slutte på den måde endnu. Vælg en anden."
        )
    _refuse_what_is_left_undone(session, case, definition, state, end, by=by, now=now)
    if end.with_authority and not _held_by_authority(session, case):
        raise RefusedByRuleError(
            "with_authority",
            user_message="Notér først under »Overdrag handlepligten«, hvem der har overtaget.",
        )
    if waiting_offer(session, case) is not None:
        raise OfferWaitingError(f"case {case.id} has a waiting offer")
    undelivered = session.exec(
        select(Delivery.id)
        .join(Notification, col(Notification.id) == col(Delivery.notification_id))
        .where(Notification.case_id == case.id, Delivery.status == "failed")
    ).first()
    if undelivered is not None:
        raise RefusedByRuleError(
            "undelivered",
            user_message="En besked i sagen er ikke leveret. Få den leveret, før sagen lukkes.",
        )


def _refuse_what_is_left_undone(
    session: Session,
    case: Case,
    definition: Definition,
    state: CaseState,
    end: End,
    *,
    by: Staff,
    now: datetime,
) -> None:
    undone = left_undone(definition, state, end)
    if not undone:
        return
    titles = "; ".join(step.title for step in undone)
    error = RefusedByRuleError("open_steps", user_message=f"Udfør først: {titles}.")
    about = {"act": Act.CLOSE.value, "rules": [error.rule], "step": None}
    raise left_in_events(session, case, error, by=by, now=now, about=about)


def _held_by_authority(session: Session, case: Case) -> bool:
    held = select(DutyHolding.id).where(
        DutyHolding.open_for == case.id, col(DutyHolding.authority_sealed).is_not(None)
    )
    return session.exec(held).first() is not None


def _is_linked(session: Session, case: Case) -> bool:
    linked = select(SiblingLink.id).where(
        or_(col(SiblingLink.case_id) == case.id, col(SiblingLink.other_case_id) == case.id)
    )
    return session.exec(linked).first() is not None


def _waiting(session: Session, case: Case) -> CloseRequest | None:
    return session.exec(
        select(CloseRequest).where(
            CloseRequest.case_id == case.id, CloseRequest.status == CloseRequestStatus.WAITING
        )
    ).first()


def _for_decision(
    session: Session, request_id: str, *, by: Staff, action: Action, now: datetime
) -> tuple[CloseRequest, Case]:
    request = row_of(session, CloseRequest, request_id)
    if request is None:
        raise refused_look(None, by=by, action=action, now=now)
    case = case_for(session, request.case_id, by=by, action=action, now=now)
    session.refresh(request)
    if request.status != CloseRequestStatus.WAITING:
        raise CloseRequestDecidedError(f"close request {request.id} is {request.status}")
    return request, case
