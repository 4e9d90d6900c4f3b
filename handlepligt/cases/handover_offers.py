"""What the verbs of handover share: the offer taken in hand, ended, and whom it is made to."""

from datetime import datetime

from sqlmodel import Session, col, delete

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.offer_handover import possible_receivers
from handlepligt.cases.open_case import case_for, lock_case, refused_look, row_of
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import OfferStatus
from handlepligt.errors import ConflictError
from models import Case, DueRow, HandoverOffer, Staff


class OfferAnsweredError(ConflictError):
    """The offer is not waiting any more."""

    user_message = "Tilbuddet venter ikke længere på svar. Se sagen eller din indbakke igen."


def offer_in_hand(
    session: Session, offer_id: str, *, by: Staff, action: Action, now: datetime
) -> tuple[HandoverOffer, Case]:
    """The waiting offer and its locked case, for somebody who may do `action` to it.

    Raises NotFoundError for whom it is nothing to, OfferAnsweredError when it no longer waits.
    """
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


def end_offer(
    session: Session, offer: HandoverOffer, status: OfferStatus, *, by_id: int | None, now: datetime
) -> None:
    """Ends the waiting offer, and what would have woken somebody about it."""
    offer.status, offer.answered_by_id, offer.answered_at = status, by_id, now
    session.add(offer)
    session.exec(delete(DueRow).where(col(DueRow.offer_id) == offer.id))
    session.flush()


def offered_to(session: Session, case: Case, offer: HandoverOffer, now: datetime) -> list[Staff]:
    """Those the offer is made to, as far as they may still take over."""
    possible = possible_receivers(session, definition_of(case), case, now)
    return [one for one in possible if offer.to_id == one.id or offer.to_pool == one.pool]
