"""Accepts an offer of handover: from this instant the duty (handlepligt) is the accepter's."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.handover_offers import end_offer, offer_in_hand
from handlepligt.cases.offer_handover import leader_besides, possible_receivers
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date
from handlepligt.cases.tell import tell
from handlepligt.cases.transfer_duty import transfer_duty
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import OfferStatus
from handlepligt.errors import InvalidInputError
from models import HandoverOffer, Staff
from notifications.messages import Message


def accept_handover(session: Session, *, offer_id: str, by: Staff, now: datetime) -> HandoverOffer:
    """The accepted offer; from this instant `by` holds the duty.

    Raises NotFoundError for anybody it was not offered to, OfferAnsweredError when it no longer waits.
    """
    offer, case = offer_in_hand(session, offer_id, by=by, action=Action.ANSWER_HANDOVER, now=now)
    receivers = possible_receivers(session, definition_of(case), case, now)
    if by.id not in [one.id for one in receivers]:
        raise InvalidInputError(problems={"to": "Din rolle kan ikke overtage handlepligten i denne sag."})
    before = [session.get(Staff, case.keeper_id), *leader_besides(session, case, by.id)]
    end_offer(session, offer, OfferStatus.ACCEPTED, by_id=by.id, now=now)
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
