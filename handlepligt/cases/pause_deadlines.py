"""Lets the local deadlines of a paused step stand still, and moves them when it goes on."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.arm_deadlines import bring_round_up_to_date, running_deadlines, say
from handlepligt.cases.reminders import arm_reminders_anew, silence
from handlepligt.domain.deadline_moves import moved_by_standstill
from handlepligt.domain.deadlines import Basis, Offset
from handlepligt.domain.explanations import added, explain_pause
from handlepligt.domain.vocabulary import EventKind
from models import Case, Deadline
from protocols.definition import Definition
from protocols.engine import paused
from protocols.state import CaseState


def pause_deadlines(
    session: Session, case: Case, definition: Definition, state: CaseState, *, now: datetime
) -> None:
    """Stops the local deadlines of the steps that are paused at `now` and starts those that are no more.

    A deadline that stands still cannot pass and reminds nobody. When it goes on it is moved by what was
    lost: in hours by physical time, in days of any kind by the working days that ended meanwhile (see
    `moved_by_standstill`). Deadlines of law, of guidance and of agreement run on, and what has passed
    already stays passed. Idempotent.
    """
    if not any(step.pauses for step in definition.steps.values()):
        return
    resting = paused(definition, state)
    for deadline in running_deadlines(session, case):
        if deadline.basis != Basis.LOCAL or not deadline.step_key:
            continue
        rests = deadline.step_key in resting
        if rests and deadline.paused_at is None and deadline.due_at > now:
            _stop(session, case, definition, deadline, now)
        elif deadline.paused_at is not None and not rests:
            _go_on(session, case, definition, deadline, deadline.paused_at, now)


def _stop(session: Session, case: Case, definition: Definition, deadline: Deadline, now: datetime) -> None:
    deadline.paused_at = now
    said = explain_pause(now, None, definition.head.work_calendar)
    deadline.explanation = added(deadline.explanation, said)
    session.add(deadline)
    silence(session, deadline)
    say(session, case, EventKind.DEADLINE_PAUSED, deadline, at=now)


def _go_on(
    session: Session, case: Case, definition: Definition, deadline: Deadline, since: datetime, now: datetime
) -> None:
    calendar = definition.head.work_calendar
    counted_in = Offset.parse(deadline.offset_text).unit
    due_at, lost = moved_by_standstill(deadline.due_at, counted_in, since=since, until=now, calendar=calendar)
    stood = explain_pause(since, now, calendar, lost=lost, after=due_at)
    standing = explain_pause(since, None, calendar)
    deadline.explanation = added(deadline.explanation, stood, instead_of=standing)
    deadline.due_at, deadline.paused_at = due_at, None
    session.add(deadline)
    bring_round_up_to_date(session, deadline)
    arm_reminders_anew(session, case, deadline, definition.ladders.get(deadline.ladder), calendar, now=now)
    say(session, case, EventKind.DEADLINE_RESUMED, deadline, at=now, due=due_at)
