"""Asks for a case to be closed: the holder does, and somebody else must approve."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, col, or_, select

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.closing import (
    CloseRequestDecidedError,
    refuse_unless_closable,
    waiting_request,
)
from handlepligt.cases.offer_handover import leader_besides
from handlepligt.cases.open_case import case_for
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.tell import tell
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError
from models import Case, CloseRequest, SiblingLink, Staff
from notifications.messages import Message
from protocols.answers import read_fields
from protocols.state import AnswerValue


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
    refuse_unless_closable(session, case, end_key, given, by=by, now=now)
    if waiting_request(session, case) is not None:
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


def _is_linked(session: Session, case: Case) -> bool:
    linked = select(SiblingLink.id).where(
        or_(col(SiblingLink.case_id) == case.id, col(SiblingLink.other_case_id) == case.id)
    )
    return session.exec(linked).first() is not None
