"""Expires an offer of handover that nobody answered, and renews it; the sweep does this."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.handover_offers import end_offer, offered_to
from handlepligt.cases.offer_handover import leader_besides, make_offer
from handlepligt.cases.open_case import lock_case
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.tell import tell
from handlepligt.domain.vocabulary import EventKind, OfferStatus
from handlepligt.errors import NotFoundError
from models import HandoverOffer, Staff
from notifications.messages import Message


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
    end_offer(session, offer, OfferStatus.EXPIRED, by_id=None, now=now)
    record(session, case, EventKind.HANDOVER_EXPIRED, at=now, by_id=None, offer=offer.id)
    if offer.renewals == 0:
        people = [session.get(Staff, case.keeper_id), *leader_besides(session, case, case.keeper_id)]
        tell(session, Message.HANDOVER_EXPIRED, people, case=case, now=now, occasion=offer.id)
    renewed = make_offer(
        session, case, definition_of(case), now=now, by_id=offer.by_id, note=offer.note,
        to_id=offer.to_id, to_pool=offer.to_pool, renewals=offer.renewals + 1,
    )  # fmt: skip
    receivers = offered_to(session, case, renewed, now)
    tell(
        session, Message.HANDOVER_RENEWED, receivers, case=case, now=now, occasion=renewed.id,
        at=renewed.expires_at,
    )  # fmt: skip
    bring_up_to_date(session, case, now)
    return renewed
