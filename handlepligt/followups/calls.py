"""Works out what a due row has to say, and to whom: the ladder's rungs and the follow-up of a case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.definitions import step_title
from handlepligt.cases.record import followup_due_at, record
from handlepligt.domain.vocabulary import EventKind, StepStatus
from handlepligt.followups.due import Due, Kind, claim, move, next_repeat
from handlepligt.followups.recipients import Recipients, recipients_of
from models import Call, Case, CaseStep, Deadline, Staff
from notifications.messages import Line, Message
from notifications.outbox import enqueue
from protocols.definition import Definition

FOLLOWUP_TITLE = "Opfølgning"


@dataclass(frozen=True, slots=True)
class Notice:
    """What one due row says: `at` is the instant it is about, `step_title` a title of the protocol."""

    message: Message
    to: Recipients
    step_key: str
    step_title: str
    at: datetime | None


def take(session: Session, case: Case, due: Due, now: datetime) -> Notice | None:
    """Claims a telling row and says what it has to tell, in the caller's transaction; the case is locked.

    None when there is nothing to tell: somebody else was first, the step was begun, the deadline was met.
    The people are those of this instant: after a handover the new holder, not the one of the arming.
    """
    deadline = session.get(Deadline, due.deadline_id, populate_existing=True) if due.deadline_id else None
    again = _again(due, deadline, now)
    if again is None:
        is_mine = claim(session, due)
    else:
        is_mine = move(session, due, to=again, message=Message.OVERDUE_AGAIN.value, attempts=0)
    if not is_mine or case.closed_at is not None or _is_over(session, due, deadline):
        return None
    definition = definition_of(case)
    to = recipients_of(
        session, definition, case, due.role_names, above=_above(definition, due, deadline), now=now
    )
    notice = Notice(Message(due.message), to, *_about(definition, case, deadline))
    told = sorted({one.id or 0 for one in (*to.people, *to.instead)})
    record(
        session, case, EventKind.REMINDER_QUEUED, at=now, by_id=None, message=due.message, rung=due.rung,
        deadline=deadline.key if deadline else due.kind, step=notice.step_key, to=told,
    )  # fmt: skip
    return notice


def tell_now(session: Session, case: Case, due: Due, notice: Notice, now: datetime) -> None:
    """Queues the message to each of the people, and the alarm to who is told instead of them."""
    # One firing of one row is told once: a repeat has another instant, a second process the same one.
    occasion = f"{due.id}@{due.fire_at.isoformat()}"
    said = [(_for(notice.message, one, case), one) for one in notice.to.people]
    said += [(Message.NOBODY_REACHABLE, one) for one in notice.to.instead]
    for message, staff in said:
        enqueue(
            session,
            message,
            staff_id=staff.id or 0,
            now=now,
            case=case,
            step_key=notice.step_key,
            step_title=notice.step_title,
            rung=occasion,
            at=None if message is Message.NOBODY_REACHABLE else notice.at,
        )


def missed_line(case: Case, due: Due, notice: Notice) -> Line:
    """The same as one line of the message about what was missed: when it should have been told."""
    return Line(case.reference, notice.step_title, due.fire_at)


def _again(due: Due, deadline: Deadline | None, now: datetime) -> datetime | None:
    if deadline is None or deadline.settled_at is not None or deadline.acknowledged_at is not None:
        return None
    return next_repeat(due, now)


def _is_over(session: Session, due: Due, deadline: Deadline | None) -> bool:
    if deadline is None:
        return due.kind != Kind.FOLLOWUP
    if deadline.settled_at is not None:
        return True
    if deadline.acknowledged_at is not None and due.repeat_minutes is not None:
        return True
    return due.kind == Kind.RUNG_UNLESS_BEGUN and has_begun(session, deadline)


def has_begun(session: Session, deadline: Deadline) -> bool:
    """Whether somebody has completed a step or logged a call since the deadline began to run."""
    step = select(CaseStep.id).where(
        CaseStep.case_id == deadline.case_id,
        CaseStep.status == StepStatus.DONE,
        col(CaseStep.settled_by_id).is_not(None),
        col(CaseStep.settled_at) >= deadline.base_at,
    )
    call = select(Call.id).where(Call.case_id == deadline.case_id, Call.called_at >= deadline.base_at)
    return session.exec(step).first() is not None or session.exec(call).first() is not None


def _above(definition: Definition, due: Due, deadline: Deadline | None) -> list[tuple[str, ...]]:
    ladder = definition.ladders.get(deadline.ladder) if deadline else None
    return [rung.to for rung in ladder.rungs[due.rung :]] if ladder else []


def _about(definition: Definition, case: Case, deadline: Deadline | None) -> tuple[str, str, datetime | None]:
    if deadline is None:
        return "", FOLLOWUP_TITLE, followup_due_at(case)
    if not deadline.step_key:
        return "", deadline.title, deadline.due_at
    return deadline.step_key, step_title(definition, deadline.step_key), deadline.due_at


def _for(message: Message, staff: Staff, case: Case) -> Message:
    """The holder is told to act; those above are told to see to it and to acknowledge."""
    return Message.ESCALATION if message is Message.OVERDUE and staff.id != case.keeper_id else message
