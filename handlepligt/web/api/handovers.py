"""Handovers of the duty: offered, looked at, answered. Until somebody accepts, nothing moves."""

from collections.abc import Callable
from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.hand_to_authority import hand_to_authority
from handlepligt.cases.offer_handover import NOTE_FIELDS, offer_handover
from handlepligt.cases.queries import look_at_offer
from handlepligt.cases.reject_handover import reject_handover
from handlepligt.cases.revoke_handover import revoke_handover
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import OfferStatus
from handlepligt.errors import InvalidInputError
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.directory import Directory
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.problems import fields_named
from handlepligt.web.api.receipts import FACE, case_id_of, handover_receipt, usable_id
from handlepligt.web.api.replies import HandoverReceipt, OfferLine
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import NewHandover, Nothing, Reason
from handlepligt.web.api.whole_case import offer_line
from models import HandoverOffer, Staff

router = APIRouter(route_class=ApiRoute, tags=["handovers"])

_NOTE = {field: f"note.{field}" for field in NOTE_FIELDS}


@router.post("/cases/{reference}/handovers", status_code=201, response_model=HandoverReceipt)
def hand_over(reference: str, body: NewHandover, write: Writes) -> Response:
    """Offers the duty to a person or a pool, or records that an outside authority has accepted it."""
    if sum(one is not None for one in (body.to, body.pool, body.authority)) != 1:
        sentence = "Vælg én: en person (to), en gruppe (pool) eller en myndighed (authority)."
        raise InvalidInputError(problems={"to": sentence})

    def work(session: Session, by: Staff, now: datetime) -> HandoverReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.OFFER_HANDOVER)
        if body.authority is not None:
            return _to_authority(session, reference, body, case_id=case_id, by=by, now=now)
        to_id = None if body.to is None else Directory(session).staff_id(body.to, "to")
        with fields_named(_NOTE | {"to": "to" if body.to else "pool"}, others_under=""):
            offer = offer_handover(
                session,
                case_id=case_id,
                by=by,
                now=now,
                note=body.note.model_dump(),
                to_id=to_id,
                to_pool=body.pool,
            )
        return handover_receipt(session, offer)

    return write.once(work, status=201)


def _to_authority(
    session: Session, reference: str, body: NewHandover, *, case_id: str, by: Staff, now: datetime
) -> HandoverReceipt:
    assert body.authority is not None
    fields = body.authority.model_dump()
    with fields_named(_NOTE | {field: f"authority.{field}" for field in fields}):
        holding = hand_to_authority(
            session, case_id=case_id, by=by, now=now, authority=fields, note=body.note.model_dump()
        )
    return HandoverReceipt(
        id=None,
        reference=reference,
        status=OfferStatus.ACCEPTED,
        to=None,
        pool=None,
        is_authority=True,
        offered_at=holding.since,
        expires_at=None,
        holder=None,
    )


@router.get("/handovers/{offer_id}", response_model=OfferLine)
def show_offer(offer_id: str, asks: Asks) -> Response:
    """An offer with its note, for those it is made to, the keeper and the leader. The look is on record."""

    def work(session: Session, by: Staff, now: datetime) -> OfferLine:
        wanted = usable_id(offer_id, by=by, now=now, action=Action.SEE_OFFER)
        offer, looked = look_at_offer(session, offer_id=wanted, by=by, now=now, face=FACE)
        return offer_line(Directory(session), looked.case, offer)

    return asks.looks(work)


@router.post("/handovers/{offer_id}/accept", response_model=HandoverReceipt)
def accept(offer_id: str, write: Writes, body: Nothing | None = None) -> Response:
    """Accepts: from this instant the one who accepts holds the duty."""
    return _answer(offer_id, write, Action.ANSWER_HANDOVER, accept_handover)


@router.post("/handovers/{offer_id}/reject", response_model=HandoverReceipt)
def reject(offer_id: str, body: Reason, write: Writes) -> Response:
    """Rejects, with a reason. The duty stays where it is."""

    def rejected(session: Session, *, offer_id: str, by: Staff, now: datetime) -> HandoverOffer:
        return reject_handover(session, offer_id=offer_id, by=by, now=now, reason=body.reason)

    return _answer(offer_id, write, Action.ANSWER_HANDOVER, rejected)


@router.post("/handovers/{offer_id}/revoke", response_model=HandoverReceipt)
def revoke(offer_id: str, write: Writes, body: Nothing | None = None) -> Response:
    """Takes the offer back before anybody has answered it."""
    return _answer(offer_id, write, Action.REVOKE_HANDOVER, revoke_handover)


def _answer(offer_id: str, write: Writes, action: Action, verb: Callable[..., HandoverOffer]) -> Response:
    def work(session: Session, by: Staff, now: datetime) -> HandoverReceipt:
        wanted = usable_id(offer_id, by=by, now=now, action=action)
        return handover_receipt(session, verb(session, offer_id=wanted, by=by, now=now))

    return write.once(work)
