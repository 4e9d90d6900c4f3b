"""What is set right in a case afterwards: a fact, what a form came to, a role gone past, a deadline's end."""

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session, select
from starlette.responses import Response

from handlepligt.cases.bypass_role import bypass_role
from handlepligt.cases.correct_fact import correct_fact
from handlepligt.cases.extend_deadline import extend_deadline
from handlepligt.cases.open_case import refused_look
from handlepligt.cases.override_form import override_form
from handlepligt.domain.access import Action
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.directory import Directory
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.known_replies import Bypasses, BypassReceipt, LiftReceipt
from handlepligt.web.api.known_views import bypass_lines, role_lines
from handlepligt.web.api.receipts import (
    FACE,
    case_id_of,
    deadline_line,
    look,
    open_steps,
    receipt,
    usable_id,
)
from handlepligt.web.api.replies import DeadlineLine, Receipt
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import FactCorrection, Lift, NewBypass, NewExtension
from models import Case, Deadline, Staff

router = APIRouter(route_class=ApiRoute, tags=["corrections"])


@router.post("/cases/{reference}/fact-corrections", status_code=201, response_model=Receipt)
def fact(reference: str, body: FactCorrection, write: Writes) -> Response:
    """Corrects a fact of the case; what follows from it opens or falls away in the same instant."""

    def work(session: Session, by: Staff, now: datetime) -> Receipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.CORRECT_FACT)
        case = correct_fact(
            session,
            case_id=case_id,
            fact=body.fact,
            value=body.value,
            reason=body.reason,
            by=by,
            now=now,
        )
        return receipt(session, case)

    return write.once(work, status=201)


@router.post("/cases/{reference}/forms/{question}/lift", response_model=LiftReceipt)
def lift(reference: str, question: str, body: Lift, write: Writes) -> Response:
    """Lifts what a form came to, as it was filled in last."""

    def work(session: Session, by: Staff, now: datetime) -> LiftReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.OVERRIDE_FORM)
        step = override_form(
            session,
            case_id=case_id,
            question=question,
            band=body.band,
            reason=body.reason,
            person=body.person,
            by=by,
            now=now,
        )
        return LiftReceipt(
            reference=reference,
            question=question,
            band=body.band,
            round=step.round,
            person=step.person or None,
            open_steps=open_steps(session, session.get_one(Case, case_id)),
        )

    return write.once(work)


@router.get("/cases/{reference}/bypasses", response_model=Bypasses)
def list_bypasses(reference: str, asks: Asks) -> Response:
    """The roles that a case goes past, and those it may. The look is on record."""

    def work(session: Session, by: Staff, now: datetime) -> Bypasses:
        case = look(session, reference, by=by, now=now, action=Action.SEE_CASE).case
        return Bypasses(
            reference=case.reference,
            items=bypass_lines(session, case, Directory(session)),
            roles=role_lines(case),
        )

    return asks.looks(work)


@router.post("/cases/{reference}/bypasses", status_code=201, response_model=BypassReceipt)
def bypass(reference: str, body: NewBypass, write: Writes) -> Response:
    """Goes past a role: whoever is next in the row is asked instead."""

    def work(session: Session, by: Staff, now: datetime) -> BypassReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.BYPASS_ROLE)
        passed = bypass_role(
            session,
            case_id=case_id,
            role=body.role,
            reason=body.reason,
            tried_at=body.tried_at,
            note=body.note,
            by=by,
            now=now,
        )
        return BypassReceipt(
            id=passed.id,
            reference=reference,
            role=passed.role,
            reason=passed.reason,
            at=passed.at,
            open_steps=open_steps(session, session.get_one(Case, case_id)),
        )

    return write.once(work, status=201)


@router.post("/deadlines/{deadline_id}/extend", response_model=DeadlineLine)
def extend(deadline_id: str, body: NewExtension, write: Writes) -> Response:
    """Makes a deadline lawfully longer, where its protocol names who may and how far."""

    def work(session: Session, by: Staff, now: datetime) -> DeadlineLine:
        action = Action.EXTEND_DEADLINE
        wanted = usable_id(deadline_id, by=by, now=now, action=action)
        case_id = session.exec(select(Deadline.case_id).where(Deadline.id == wanted)).first()
        if case_id is None:
            raise refused_look(None, by=by, action=action, now=now, face=FACE)
        deadline = extend_deadline(
            session, case_id=case_id, deadline_id=wanted, reason=body.reason, until=body.until, by=by, now=now
        )
        return deadline_line(Directory(session), deadline)

    return write.once(work)
