"""What can become of an offer of handover: accepted, rejected, revoked, or expired and renewed."""

from datetime import datetime

from sqlmodel import Session, col, delete

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.offer_handover import leader_besides, make_offer, possible_receivers
from handlepligt.cases.open_case import case_for, lock_case, refused_look, row_of
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.tell import tell
from handlepligt.cases.transfer_duty import transfer_duty
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind, OfferStatus
from handlepligt.errors import ConflictError, InvalidInputError, NotFoundError
from models import Case, DueRow, HandoverOffer, Staff
from notifications.messages import Message


class OfferAnsweredError(ConflictError):
    """The offer is not waiting any more."""

    user_message = "Tilbuddet venter ikke længere på svar. Se sagen eller din indbakke igen."


def accept_handover(session: Session, *, offer_id: str, by: Staff, now: datetime) -> HandoverOffer:
    """The accepted offer; from this instant `by` holds the duty.

    Raises NotFoundError for anybody it was not offered to, OfferAnsweredError when it no longer waits.
    """
    offer, case = _for_answer(session, offer_id, by=by, action=Action.ANSWER_HANDOVER, now=now)
    receivers = possible_receivers(session, definition_of(case), case, now)
    if by.id not in [one.id for one in receivers]:
        raise InvalidInputError(problems={"to": "Din rolle kan ikke overtage handlepligten i denne sag."})
    before = [session.get(Staff, case.keeper_id), *leader_besides(session, case, by.id)]
    _answer(session, offer, OfferStatus.ACCEPTED, by_id=by.id, now=now)
    transfer_duty(session, case, now=now, by_id=by.id or 0, to_id=by.id, offer_id=offer.id)
    offerer = session.get(Staff, offer.by_id)
    tell(session, Message.DUTY_RECEIVED, [by], case=case, now=now, occasion=offer.id)
    # Both leaders hear of it: the one who had the case, and the one who has it from now on.
    told = {one.id: one for one in (*before, offerer, *leader_besides(session, case, by.id)) if one}
    tell(
        session, Message.HANDOVER_ACCEPTED, told.values(), case=case, now=now, occasion=offer.id,
        besides=by.id,
    )  # fmt: skip
    open_what_follows(session, case=case, definition=definition_of(case), now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return offer


def reject_handover(
    session: Session, *, offer_id: str, by: Staff, now: datetime, reason: str
) -> HandoverOffer:
    """The rejected offer, with its reason, which is required. The duty stays where it is."""
    offer, case = _for_answer(session, offer_id, by=by, action=Action.ANSWER_HANDOVER, now=now)
    reason = wording.tidied(reason)
    problem = wording.problem_with(reason)
    if problem:
        raise InvalidInputError(problems={"reason": problem})
    # First, for the database refuses a rejection without one.
    offer.reason = reason
    _answer(session, offer, OfferStatus.REJECTED, by_id=by.id, now=now)
    record(session, case, EventKind.HANDOVER_REJECTED, at=now, by_id=by.id, offer=offer.id)
    people = [session.get(Staff, case.keeper_id), *leader_besides(session, case, case.keeper_id)]
    tell(session, Message.HANDOVER_REJECTED, people, case=case, now=now, occasion=offer.id, besides=by.id)
    bring_up_to_date(session, case, now)
    return offer


def revoke_handover(session: Session, *, offer_id: str, by: Staff, now: datetime) -> HandoverOffer:
    """The offer, taken back before anybody answered it."""
    offer, case = _for_answer(session, offer_id, by=by, action=Action.REVOKE_HANDOVER, now=now)
    _answer(session, offer, OfferStatus.REVOKED, by_id=by.id, now=now)
    record(session, case, EventKind.HANDOVER_REVOKED, at=now, by_id=by.id, offer=offer.id)
    tell(
        session, Message.HANDOVER_REVOKED, _offered_to(session, case, offer, now), case=case, now=now,
        occasion=offer.id, besides=by.id,
    )  # fmt: skip
    bring_up_to_date(session, case, now)
    return offer


def expire_handover(session: Session, *, offer_id: str, now: datetime) -> HandoverOffer:
    """What the sweep does with an unanswered offer: the leader is told once, and it is renewed.

    Returns the offer that waits now; an offer that was answered meanwhile is returned as it is.
    """
    offer = session.get(HandoverOffer, offer_id)
    if offer is None:
        raise NotFoundError("no such offer")
    case = lock_case(session, offer.case_id)
    session.refresh(offer)
    if offer.status != OfferStatus.OFFERED or offer.expires_at > now:
        return offer
    _answer(session, offer, OfferStatus.EXPIRED, by_id=None, now=now)
    record(session, case, EventKind.HANDOVER_EXPIRED, at=now, by_id=None, offer=offer.id)
    if offer.renewals == 0:
        people = [session.get(Staff, case.keeper_id), *leader_besides(session, case, case.keeper_id)]
        tell(session, Message.HANDOVER_EXPIRED, people, case=case, now=now, occasion=offer.id)
    renewed = make_offer(
        session, case, definition_of(case), now=now, by_id=offer.by_id, note=offer.note,
        to_id=offer.to_id, to_pool=offer.to_pool, renewals=offer.renewals + 1,
    )  # fmt: skip
    receivers = _offered_to(session, case, renewed, now)
    tell(
        session, Message.HANDOVER_RENEWED, receivers, case=case, now=now, occasion=renewed.id,
        at=renewed.expires_at,
    )  # fmt: skip
    bring_up_to_date(session, case, now)
    return renewed


def _for_answer(
    session: Session, offer_id: str, *, by: Staff, action: Action, now: datetime
) -> tuple[HandoverOffer, Case]:
    offer = row_of(session, HandoverOffer, offer_id)
    if offer is None:
        raise refused_look(None, by=by, action=action, now=now)
    # Locked before it is looked at: of two who accept at once, the second is told what happened.
    lock_case(session, offer.case_id)
    session.refresh(offer)
    was_for_me = offer.to_id == by.id or (offer.to_pool is not None and offer.to_pool == by.pool)
    if offer.status != OfferStatus.OFFERED and was_for_me and by.is_active:
        raise OfferAnsweredError(f"offer {offer.id} is {offer.status}")
    case = case_for(session, offer.case_id, by=by, action=action, now=now)
    if offer.status != OfferStatus.OFFERED:
        raise OfferAnsweredError(f"offer {offer.id} is {offer.status}")
    return offer, case


def _answer(
    session: Session, offer: HandoverOffer, status: OfferStatus, *, by_id: int | None, now: datetime
) -> None:
    offer.status, offer.answered_by_id, offer.answered_at = status, by_id, now
    session.add(offer)
    session.exec(delete(DueRow).where(col(DueRow.offer_id) == offer.id))
    session.flush()


def _offered_to(session: Session, case: Case, offer: HandoverOffer, now: datetime) -> list[Staff]:
    possible = possible_receivers(session, definition_of(case), case, now)
    return [one for one in possible if offer.to_id == one.id or offer.to_pool == one.pool]
