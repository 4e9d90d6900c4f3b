"""The rows that wake somebody about a deadline: its end itself, and one for each rung of its ladder."""

import json
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete

from handlepligt.domain.calendars import WorkCalendar
from handlepligt.domain.deadlines import Offset, Unit
from handlepligt.domain.office_time import in_office_hours, shifted
from models import Case, Deadline, DueRow
from protocols.kinds.ladder import Kind as Ladder
from protocols.kinds.ladder import QuietHours, Rung, RungBase


def arm_reminders(
    session: Session,
    case: Case,
    deadline: Deadline,
    ladder: Ladder | None,
    calendar: WorkCalendar,
    *,
    now: datetime,
) -> None:
    """Writes the rows of a running deadline that has none, from when it is due now.

    The breach itself, and one row a rung. A rung whose time has passed already is not armed: nobody could
    have acted on it. Only when the deadline itself has passed, its latest overdue rung fires at once.
    """
    rows = [_row(case, deadline, deadline.due_at, kind="breach", rung=0)]
    if ladder is not None:
        rungs = _rungs(case, deadline, ladder, calendar)
        passed = [row for row in rungs if row.fire_at <= now and row.message == "overdue"]
        rows += passed[-1:] + [row for row in rungs if row.fire_at > now]
    session.add_all(rows)


def arm_reminders_anew(
    session: Session,
    case: Case,
    deadline: Deadline,
    ladder: Ladder | None,
    calendar: WorkCalendar,
    *,
    now: datetime,
) -> None:
    """The same in place of the rows it had: the ladder begins anew, whoever was told before."""
    silence(session, deadline)
    arm_reminders(session, case, deadline, ladder, calendar, now=now)


def silence(session: Session, deadline: Deadline) -> None:
    """Takes away every row of a deadline: nobody is reminded of it, and no sweep looks at its end."""
    session.flush()
    session.exec(delete(DueRow).where(col(DueRow.deadline_id) == deadline.id))


def _rungs(case: Case, deadline: Deadline, ladder: Ladder, calendar: WorkCalendar) -> list[DueRow]:
    quiet = ladder.quiet_hours is QuietHours.RESPECT
    rungs: list[DueRow] = []
    for number, rung in enumerate(ladder.rungs, start=1):
        fire_at = _fires_at(rung, deadline, calendar, quiet=quiet)
        is_overdue = rung.marks == "overdue" or fire_at > deadline.due_at
        row = _row(
            case,
            deadline,
            fire_at,
            kind="rung_unless_begun" if rung.unless == "begun" else "rung",
            rung=number,
            message="overdue" if is_overdue else "reminder",
            roles=json.dumps(list(rung.to)),
            respects_quiet_hours=quiet,
        )
        rungs.append(row)
    if ladder.repeat is not None:
        # The last rung comes back until a superior has seen it.
        rungs[-1].repeat_minutes = _minutes(ladder.repeat.every)
    return rungs


def _fires_at(rung: Rung, deadline: Deadline, calendar: WorkCalendar, *, quiet: bool) -> datetime:
    start = deadline.base_at if rung.from_ is RungBase.BASE else deadline.due_at
    if quiet and rung.from_ is RungBase.DUE and rung.offset.amount > 0:
        # A deadline at midnight is told of next morning; the day after is counted from then, so that
        # the rung above never comes in the same instant.
        start = in_office_hours(start, calendar)
    fire_at = shifted(start, rung.offset, calendar)
    return in_office_hours(fire_at, calendar) if quiet else fire_at


def _row(case: Case, deadline: Deadline, fire_at: datetime, **what: Any) -> DueRow:
    return DueRow(
        fire_at=fire_at,
        case_id=case.id,
        deadline_id=deadline.id,
        dedupe=f"{deadline.id}:{what['kind']}:{what['rung']}",
        **what,
    )


def _minutes(offset: Offset) -> int:
    return offset.amount * (60 if offset.unit is Unit.HOURS else 1)
