"""Queues a message about a case to members of staff, in the verb's own transaction."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.presence import set_aside_in
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

    `occasion` makes the message unique: the same one for the same occasion is queued once. Nobody set aside
    in the case is told of it, whatever they are to it.
    """
    for staff_id in _ids(session, case, people, besides):
        enqueue(session, message, staff_id=staff_id, now=now, case=case, rung=occasion, at=at)


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
    for staff_id in _ids(session, case, people, besides):
        enqueue(
            session,
            message,
            staff_id=staff_id,
            now=now,
            case=case,
            step_key=step.key,
            step_title=definition.step(step.key).title,
            rung=f"{step.round}:{step.person}" if step.person else str(step.round),
            at=step.due_at,
        )


def _ids(session: Session, case: Case, people: Iterable[Staff | None], besides: int | None) -> list[int]:
    ids = dict.fromkeys(one.id for one in people if one is not None and one.id != besides)
    aside = set_aside_in(session, case) if ids else frozenset()
    return [one for one in ids if one is not None and one not in aside]
