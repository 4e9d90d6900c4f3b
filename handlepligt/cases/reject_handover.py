"""Rejects an offer of handover, with a reason; the duty stays where it is."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.handover_offers import end_offer, offer_in_hand
from handlepligt.cases.offer_handover import leader_besides
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.tell import tell
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind, OfferStatus
from handlepligt.errors import InvalidInputError
from models import HandoverOffer, Staff
from notifications.messages import Message


def reject_handover(
    session: Session, *, offer_id: str, by: Staff, now: datetime, reason: str
) -> HandoverOffer:
    """The rejected offer, with its reason, which is required. The duty stays where it is."""
    offer, case = offer_in_hand(session, offer_id, by=by, action=Action.ANSWER_HANDOVER, now=now)
    reason = wording.tidied(reason)
    problem = wording.problem_with(reason)
    if problem:
        raise InvalidInputError(problems={"reason": problem})
    # First, for the database refuses a rejection without one.
    offer.reason = reason
    end_offer(session, offer, OfferStatus.REJECTED, by_id=by.id, now=now)
    record(session, case, EventKind.HANDOVER_REJECTED, at=now, by_id=by.id, offer=offer.id)
    people = [session.get(Staff, case.keeper_id), *leader_besides(session, case, case.keeper_id)]
    tell(session, Message.HANDOVER_REJECTED, people, case=case, now=now, occasion=offer.id, besides=by.id)
    bring_up_to_date(session, case, now)
    return offer
