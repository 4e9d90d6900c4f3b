"""Takes a request to close back, or turns it down; the case stays open."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.closing import request_in_hand
from handlepligt.cases.offer_handover import leader_besides
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.tell import tell
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import CloseRequestStatus, EventKind
from models import CloseRequest, Staff
from notifications.messages import Message


def withdraw_close_request(session: Session, *, request_id: str, by: Staff, now: datetime) -> CloseRequest:
    """The request, taken back by the keeper or turned down by the leader; the case stays open."""
    request, case = request_in_hand(session, request_id, by=by, action=Action.WITHDRAW_CLOSING, now=now)
    request.status, request.decided_by_id, request.decided_at = CloseRequestStatus.WITHDRAWN, by.id, now
    session.add(request)
    record(session, case, EventKind.CLOSE_REQUEST_WITHDRAWN, at=now, by_id=by.id, request=request.id)
    people = [session.get(Staff, request.by_id), *leader_besides(session, case, by.id)]
    tell(session, Message.CLOSE_WITHDRAWN, people, case=case, now=now, occasion=request.id, besides=by.id)
    bring_up_to_date(session, case, now)
    return request
