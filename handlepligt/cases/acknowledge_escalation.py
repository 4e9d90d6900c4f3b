"""A leader or above says that a passed deadline has been seen; its repeated reminders stop."""

from datetime import datetime

from sqlmodel import Session, col, delete

from handlepligt.cases.open_case import case_for, refused_look, row_of
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import ConflictError
from models import Deadline, DueRow, Staff


class NotOverdueError(ConflictError):
    """The deadline has not passed, so there is nothing to acknowledge."""

    user_message = "Fristen er ikke overskredet, så der er intet at kvittere for."


def acknowledge_escalation(session: Session, *, deadline_id: str, by: Staff, now: datetime) -> Deadline:
    """The deadline, acknowledged; a second time changes nothing. It stays overdue until it is met.

    Raises NotFoundError, NotAllowedError, NotOverdueError.
    """
    deadline = row_of(session, Deadline, deadline_id)
    if deadline is None:
        raise refused_look(None, by=by, action=Action.ACKNOWLEDGE, now=now)
    case = case_for(session, deadline.case_id, by=by, action=Action.ACKNOWLEDGE, now=now)
    session.refresh(deadline)
    if deadline.due_at > now:
        raise NotOverdueError(f"deadline {deadline.id} is not overdue")
    if deadline.acknowledged_at is not None:
        return deadline
    deadline.acknowledged_at, deadline.acknowledged_by_id = now, by.id
    session.add(deadline)
    session.exec(
        delete(DueRow).where(col(DueRow.deadline_id) == deadline.id, col(DueRow.repeat_minutes).is_not(None))
    )
    record(session, case, EventKind.ESCALATION_ACKNOWLEDGED, at=now, by_id=by.id, deadline=deadline.key)
    bring_up_to_date(session, case, now)
    return deadline
