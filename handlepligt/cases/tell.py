"""Queues a message about a case to members of staff, in the verb's own transaction."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from models import Case, CaseStep, Staff
from notifications.messages import Message
from notifications.outbox import enqueue
from protocols.definition import Definition


def tell(
    session: Session,
    message: Message,
    people: Iterable[Staff | None],
    *,
    case: Case,
    now: datetime,
    occasion: str,
    besides: int | None = None,
    at: datetime | None = None,
) -> None:
    """One message to each of `people` but `besides` (who knows, having acted).

    `occasion` makes the message unique: the same one for the same occasion is queued once.
    """
    for staff in people:
        if staff is not None and staff.id is not None and staff.id != besides:
            enqueue(session, message, staff_id=staff.id, now=now, case=case, rung=occasion, at=at)


def tell_of_step(
    session: Session,
    message: Message,
    people: Iterable[Staff | None],
    *,
    case: Case,
    step: CaseStep,
    definition: Definition,
    now: datetime,
    besides: int | None = None,
) -> None:
    """The same about one step, whose title from the protocol is shown."""
    for staff in people:
        if staff is not None and staff.id is not None and staff.id != besides:
            enqueue(
                session,
                message,
                staff_id=staff.id,
                now=now,
                case=case,
                step_key=step.key,
                step_title=definition.step(step.key).title,
                rung=str(step.round),
                at=step.due_at,
            )
