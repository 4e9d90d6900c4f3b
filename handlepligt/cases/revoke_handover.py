"""Takes an offer of handover back before anybody has answered it."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.handover_offers import end_offer, offer_in_hand, offered_to
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.tell import tell
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind, OfferStatus
from models import HandoverOffer, Staff
from notifications.messages import Message


def revoke_handover(session: Session, *, offer_id: str, by: Staff, now: datetime) -> HandoverOffer:
    """The offer, taken back before anybody answered it."""
    offer, case = offer_in_hand(session, offer_id, by=by, action=Action.REVOKE_HANDOVER, now=now)
    end_offer(session, offer, OfferStatus.REVOKED, by_id=by.id, now=now)
    record(session, case, EventKind.HANDOVER_REVOKED, at=now, by_id=by.id, offer=offer.id)
    tell(
        session, Message.HANDOVER_REVOKED, offered_to(session, case, offer, now), case=case, now=now,
        occasion=offer.id, besides=by.id,
    )  # fmt: skip
    bring_up_to_date(session, case, now)
    return offer
