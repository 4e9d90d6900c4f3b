"""Starts the deadlines that run in a case, with the rows that will wake somebody, and settles those met."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, delete, select

from handlepligt.cases.record import record
from handlepligt.domain import deadlines as arithmetic
from handlepligt.domain.calendars import WorkCalendar
from handlepligt.domain.explanations import explain
from handlepligt.domain.vocabulary import DeadlineStatus, EventKind, StepStatus
from models import Case, CaseStep, Deadline, DueRow
from protocols.deadline_rules import DeadlineRule, case_deadlines, deadlines_of, met
from protocols.definition import Definition
from protocols.kinds.ladder import QuietHours, Rung, RungBase
from protocols.state import CaseState

# Local reminders reach people at work; those of law go out whenever they are due (DESIGN.md, Ladder).
OFFICE_OPENS, OFFICE_CLOSES = time(7), time(17)
_UNSETTLED = (StepStatus.OPEN, StepStatus.WAITING)


def arm_deadlines(
    session: Session,
    case: Case,
    definition: Definition,
    state: CaseState,
    *,
    steps: list[CaseStep],
    now: datetime,
) -> list[Deadline]:
    """Writes each deadline that has begun to run and is not there yet, and its reminders. Idempotent."""
    calendar = definition.head.work_calendar
    known = {
        (row.step_key, row.step_round, row.key)
        for row in session.exec(select(Deadline).where(Deadline.case_id == case.id))
    }
    running: list[tuple[CaseStep | None, DeadlineRule]] = [
        (None, rule) for rule in case_deadlines(definition, state)
    ]
    for step in steps:
        if step.status in _UNSETTLED:
            running += [(step, rule) for rule in deadlines_of(definition, step.key, state)]
    return [
        _arm(session, case, rule, calendar, now, step=step)
        for step, rule in running
        if (step.key if step else "", step.round if step else 0, rule.key) not in known
    ]


def settle_deadlines(
    session: Session, case: Case, definition: Definition, state: CaseState, *, now: datetime
) -> None:
    """Marks each running deadline whose condition now holds as met (or met late) and stops its reminders."""
    running = session.exec(
        select(Deadline).where(Deadline.case_id == case.id, col(Deadline.settled_at).is_(None))
    )
    for deadline in running:
        if met(definition, state, deadline.key, step_key=deadline.step_key or None):
            _settle(session, case, deadline, now, DeadlineStatus.MET)


def lapse_deadlines(session: Session, case: Case, *, now: datetime, step: CaseStep | None = None) -> None:
    """Ends the running deadlines of a step that fell away, or of the whole case when `step` is None."""
    running = select(Deadline).where(Deadline.case_id == case.id, col(Deadline.settled_at).is_(None))
    if step is not None:
        running = running.where(Deadline.step_key == step.key, Deadline.step_round == step.round)
    for deadline in session.exec(running):
        _settle(session, case, deadline, now, DeadlineStatus.LAPSED)


def _settle(session: Session, case: Case, deadline: Deadline, now: datetime, outcome: DeadlineStatus) -> None:
    deadline.settled_at = now
    # A deadline that passed stays passed: a breach is neither met nor forgotten by acting afterwards.
    if now > deadline.due_at:
        if deadline.breached_at is None:
            # Nobody had noticed yet (the sweep was down): the chronology says it all the same.
            deadline.breached_at = deadline.due_at
            record(
                session, case, EventKind.DEADLINE_BREACHED, at=deadline.due_at, by_id=None,
                deadline=deadline.key, step=deadline.step_key, round=deadline.step_round,
            )  # fmt: skip
        outcome = DeadlineStatus.MET_LATE if outcome is DeadlineStatus.MET else DeadlineStatus.BREACHED
    deadline.status = outcome
    session.add(deadline)
    session.exec(delete(DueRow).where(col(DueRow.deadline_id) == deadline.id))


def _arm(
    session: Session,
    case: Case,
    rule: DeadlineRule,
    calendar: WorkCalendar,
    now: datetime,
    *,
    step: CaseStep | None,
) -> Deadline:
    computed = arithmetic.compute_deadline(rule.base, rule.offset, rule.basis, calendar)
    deadline = Deadline(
        case_id=case.id,
        step_key=step.key if step else "",
        step_round=step.round if step else 0,
        key=rule.key,
        title=rule.title or rule.key,
        basis=rule.basis.value,
        is_decided=rule.decided,
        reference=rule.reference.danish or "" if rule.reference else "",
        offset_text=str(rule.offset),
        base_at=computed.base_at,
        due_at=computed.due_at,
        safe_due_at=computed.safe_due_at,
        last_safe_working_day=computed.last_safe_working_day,
        calendar_version=computed.calendar_version,
        explanation=explain(computed, calendar, received_word=_counted_from(rule)),
        ladder=rule.ladder.key if rule.ladder else "",
    )
    session.add(deadline)
    session.flush()
    if step is not None and (step.due_at is None or deadline.due_at < step.due_at):
        step.due_at = deadline.due_at
        session.add(step)
    session.add_all(due_rows_of(case, deadline, rule, calendar, now))
    return deadline


def _counted_from(rule: DeadlineRule) -> str:
    return "modtaget" if rule.base_name in ("receipt", "awareness") else "regnet fra"


def due_rows_of(
    case: Case, deadline: Deadline, rule: DeadlineRule, calendar: WorkCalendar, now: datetime
) -> list[DueRow]:
    """The breach itself, and one row a rung. A rung whose time has passed already is not armed: nobody
    could have acted on it. Only when the deadline itself has passed, its latest overdue rung fires at once.
    """
    rows = [_row(case, deadline, deadline.due_at, kind="breach", rung=0)]
    if rule.ladder is None:
        return rows
    ladder, quiet = rule.ladder, rule.ladder.quiet_hours is QuietHours.RESPECT
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
    passed = [row for row in rungs if row.fire_at <= now and row.message == "overdue"]
    return rows + passed[-1:] + [row for row in rungs if row.fire_at > now]


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


def _minutes(offset: arithmetic.Offset) -> int:
    return offset.amount * (60 if offset.unit is arithmetic.Unit.HOURS else 1)


def shifted(at: datetime, offset: arithmetic.Offset, calendar: WorkCalendar) -> datetime:
    """`at` moved by an offset, negative or zero too: hours physically, days to when the office opens."""
    if offset.unit is arithmetic.Unit.HOURS:
        return at + timedelta(hours=offset.amount)
    if offset.unit is arithmetic.Unit.MINUTES:
        return at + timedelta(minutes=offset.amount)
    if offset.amount == 0:
        return at
    zone = ZoneInfo(calendar.zone)
    day = at.astimezone(zone).date()
    if offset.unit is arithmetic.Unit.WORKING_DAYS:
        step = 1 if offset.amount > 0 else -1
        left = abs(offset.amount)
        while left:
            day += timedelta(days=step)
            left -= calendar.is_working_day(day, local=True)
    else:
        day += timedelta(days=offset.amount * (7 if offset.unit is arithmetic.Unit.WEEKS else 1))
    return datetime.combine(day, OFFICE_OPENS, zone).astimezone(UTC)


def in_office_hours(at: datetime, calendar: WorkCalendar) -> datetime:
    """`at` itself when the office is open then, else the next time it opens (aware UTC)."""
    zone = ZoneInfo(calendar.zone)
    local = at.astimezone(zone)
    day = local.date()
    if calendar.is_working_day(day, local=True) and local.time() < OFFICE_CLOSES:
        return (
            at if local.time() >= OFFICE_OPENS else datetime.combine(day, OFFICE_OPENS, zone).astimezone(UTC)
        )
    day += timedelta(days=1)
    while not calendar.is_working_day(day, local=True):
        day += timedelta(days=1)
    return datetime.combine(day, OFFICE_OPENS, zone).astimezone(UTC)
