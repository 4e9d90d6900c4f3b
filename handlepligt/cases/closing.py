"""What the verbs of closing share: the request in hand, and what stands in the way of an end."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from handlepligt.cases.case_state import definition_of, state_of
from handlepligt.cases.gates import left_in_events, refuse_if_forbidden
from handlepligt.cases.offer_handover import OfferWaitingError, waiting_offer
from handlepligt.cases.open_case import case_for, refused_look, row_of
from handlepligt.cases.sub_cases import refuse_while_sub_cases_run
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import CloseRequestStatus
from handlepligt.errors import ConflictError, RefusedByRuleError
from models import Case, CloseRequest, Delivery, DutyHolding, Notification, Staff
from protocols.definition import Definition
from protocols.engine import ends, left_undone
from protocols.kinds.end import Kind as End
from protocols.kinds.rule import Act
from protocols.state import AnswerValue, CaseState


class CloseRequestDecidedError(ConflictError):
    """The request to close is not waiting any more, or another one is."""

    user_message = "Ønsket om lukning venter ikke længere, eller der venter allerede et. Se sagen igen."


def refuse_unless_closable(
    session: Session, case: Case, end_key: str, given: Mapping[str, AnswerValue], *, by: Staff, now: datetime
) -> None:
    """Holds the closing against the protocol's gates and ends, and what is left to do.

    Raises RefusedByRuleError or OfferWaitingError; both asking and approving go through here.
    """
    definition = definition_of(case)
    state = state_of(session, case, now)
    refuse_if_forbidden(session, case, definition, state, Act.CLOSE, by=by, now=now, given=given)
    end = next((one for one in ends(definition, state) if one.key == end_key), None)
    if end is None:
        raise RefusedByRuleError(
            f"ends.{end_key}", user_message="Sagen kan ikke slutte på den måde endnu. Vælg en anden."
        )
    refuse_while_sub_cases_run(session, case, definition, by=by, now=now)
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


def waiting_request(session: Session, case: Case) -> CloseRequest | None:
    """The request of the case that nobody has decided yet."""
    return session.exec(
        select(CloseRequest).where(
            CloseRequest.case_id == case.id, CloseRequest.status == CloseRequestStatus.WAITING
        )
    ).first()


def request_in_hand(
    session: Session, request_id: str, *, by: Staff, action: Action, now: datetime
) -> tuple[CloseRequest, Case]:
    """The waiting request and its locked case, for somebody who may do `action`; else the usual errors."""
    request = row_of(session, CloseRequest, request_id)
    if request is None:
        raise refused_look(None, by=by, action=action, now=now)
    case = case_for(session, request.case_id, by=by, action=action, now=now)
    session.refresh(request)
    if request.status != CloseRequestStatus.WAITING:
        raise CloseRequestDecidedError(f"close request {request.id} is {request.status}")
    return request, case
