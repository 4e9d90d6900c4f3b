"""Closing and reopening: the holder asks, another approves."""

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.cases.withdraw_close_request import withdraw_close_request
from handlepligt.domain.access import Action
from handlepligt.web.api.directory import Directory
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.problems import fields_named
from handlepligt.web.api.receipts import case_id_of, close_receipt, receipt, usable_id
from handlepligt.web.api.replies import CloseReceipt, Receipt
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import NewCloseRequest, Nothing, Reason
from models import Staff

router = APIRouter(route_class=ApiRoute, tags=["closing"])

_FIELDS = {"reason": "reason", "has_siblings": "has_siblings", "end": "end"}


@router.post("/cases/{reference}/close-requests", status_code=201, response_model=CloseReceipt)
def ask(reference: str, body: NewCloseRequest, write: Writes) -> Response:
    """Asks for the case to be closed."""

    def work(session: Session, by: Staff, now: datetime) -> CloseReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.ASK_TO_CLOSE)
        with fields_named(_FIELDS, others_under="answers."):
            request = ask_to_close(
                session,
                case_id=case_id,
                by=by,
                now=now,
                end_key=body.end,
                reason=body.reason,
                has_siblings=body.has_siblings,
                answers=Directory(session).with_numbers(body.answers),
            )
        return close_receipt(session, request)

    return write.once(work, status=201)


@router.post("/close-requests/{request_id}/approve", response_model=Receipt)
def approve(request_id: str, write: Writes, body: Nothing | None = None) -> Response:
    """Approves: the case is closed. Never by the one who asked."""

    def work(session: Session, by: Staff, now: datetime) -> Receipt:
        wanted = usable_id(request_id, by=by, now=now, action=Action.APPROVE_CLOSING)
        return receipt(session, approve_close(session, request_id=wanted, by=by, now=now))

    return write.once(work)


@router.post("/close-requests/{request_id}/withdraw", response_model=CloseReceipt)
def withdraw(request_id: str, write: Writes, body: Nothing | None = None) -> Response:
    """Takes the request back, or turns it down as the leader. The case stays open."""

    def work(session: Session, by: Staff, now: datetime) -> CloseReceipt:
        wanted = usable_id(request_id, by=by, now=now, action=Action.WITHDRAW_CLOSING)
        return close_receipt(session, withdraw_close_request(session, request_id=wanted, by=by, now=now))

    return write.once(work)


@router.post("/cases/{reference}/reopen", response_model=Receipt)
def reopen(reference: str, body: Reason, write: Writes) -> Response:
    """Opens a closed case again, with somebody who holds the duty from the same instant."""

    def work(session: Session, by: Staff, now: datetime) -> Receipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.REOPEN)
        return receipt(session, reopen_case(session, case_id=case_id, by=by, now=now, reason=body.reason))

    return write.once(work)
