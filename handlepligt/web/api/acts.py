"""What is done in a case besides its steps: acute, calls, follow-ups, siblings, escalations."""

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.acknowledge_escalation import acknowledge_escalation
from handlepligt.cases.link_sibling import link_sibling
from handlepligt.cases.log_call import log_call
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.set_followup import set_followup
from handlepligt.domain.access import Action
from handlepligt.errors import InvalidInputError
from handlepligt.web.api.directory import Directory
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.problems import fields_named
from handlepligt.web.api.receipts import case_id_of, deadline_line, receipt, usable_id
from handlepligt.web.api.replies import CallReceipt, DeadlineLine, Receipt, SiblingReceipt
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import Acute, NewCall, NewFollowup, NewSibling, Nothing
from models import Case, Staff

router = APIRouter(route_class=ApiRoute, tags=["acts"])


@router.post("/cases/{reference}/acute", response_model=Receipt)
def acute(reference: str, write: Writes, body: Acute | None = None) -> Response:
    """Presses acute. The acute step opens at once, the others stay open."""

    def work(session: Session, by: Staff, now: datetime) -> Receipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.PRESS_ACUTE)
        reason = body.reason if body else ""
        return receipt(session, press_acute(session, case_id=case_id, by=by, now=now, reason=reason))

    return write.once(work)


@router.post("/cases/{reference}/calls", status_code=201, response_model=CallReceipt)
def call(reference: str, body: NewCall, write: Writes) -> Response:
    """Logs a telephone call to a contact of the protocol."""

    def work(session: Session, by: Staff, now: datetime) -> CallReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.LOG_CALL)
        logged = log_call(
            session,
            case_id=case_id,
            by=by,
            now=now,
            contact_key=body.contact,
            outcome=body.outcome,
            called_at=body.called_at,
            note=body.note,
        )
        return CallReceipt(
            id=logged.id,
            reference=reference,
            contact=logged.contact_key,
            outcome=logged.outcome,
            called_at=logged.called_at,
            by=Directory(session).somebody(logged.by_id),
        )

    return write.once(work, status=201)


@router.post("/cases/{reference}/followups", status_code=201, response_model=Receipt)
def followup(reference: str, body: NewFollowup, write: Writes) -> Response:
    """Sets the day of the next follow-up."""

    def work(session: Session, by: Staff, now: datetime) -> Receipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.SET_FOLLOWUP)
        return receipt(
            session, set_followup(session, case_id=case_id, by=by, now=now, on=body.on, note=body.note)
        )

    return write.once(work, status=201)


@router.post("/cases/{reference}/siblings", status_code=201, response_model=SiblingReceipt)
def sibling(reference: str, body: NewSibling, write: Writes) -> Response:
    """Links a case one may see, or raises a linked concern about another child of the family."""
    if (body.reference is None) == (body.citizen is None):
        raise InvalidInputError(problems={"reference": "Skriv enten reference eller citizen."})

    def work(session: Session, by: Staff, now: datetime) -> SiblingReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.LINK_SIBLING)
        child = body.citizen
        if body.reference is not None:
            case_id_of(session, body.reference, by=by, now=now, action=Action.LINK_SIBLING)
        with fields_named(
            {"citizen_name": "citizen.name", "cpr": "citizen.cpr", "birth_date": "citizen.birth_date"}
        ):
            link = link_sibling(
                session,
                case_id=case_id,
                by=by,
                now=now,
                reference=body.reference,
                citizen_name=child.name if child else None,
                birth_date=child.birth_date if child else None,
                cpr=child.cpr if child else None,
                summary=body.summary,
            )
        other = link.other_case_id if link.case_id == case_id else link.case_id
        return SiblingReceipt(
            reference=reference,
            sibling=session.get_one(Case, other).reference,
            linked_at=link.linked_at,
        )

    return write.once(work, status=201)


@router.post("/deadlines/{deadline_id}/acknowledge", response_model=DeadlineLine)
def acknowledge(deadline_id: str, write: Writes, body: Nothing | None = None) -> Response:
    """Says that a passed deadline has been seen; its repeated reminders stop."""

    def work(session: Session, by: Staff, now: datetime) -> DeadlineLine:
        wanted = usable_id(deadline_id, by=by, now=now, action=Action.ACKNOWLEDGE)
        deadline = acknowledge_escalation(session, deadline_id=wanted, by=by, now=now)
        return deadline_line(Directory(session), deadline)

    return write.once(work)
