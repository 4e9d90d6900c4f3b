"""Does what has fallen due and is not yet claimed, once each, however late and by however many processes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from handlepligt.cases.arm_deadlines import BREACH
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.expire_handover import expire_handover
from handlepligt.cases.open_case import lock_case
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.domain.vocabulary import DeadlineStatus, EventKind
from handlepligt.followups.calls import missed_line, take, tell_now
from handlepligt.followups.due import TELLING, Due, Kind, claim, due_rows, late_rows, move, postpone
from models import Case, Deadline, HandoverOffer
from models.session import reading, writing
from notifications.messages import Line, Message, Urgency, Variables
from notifications.outbox import enqueue

# Whoever was not told for this long is told of everything together, as of an outage (DESIGN.md, 5).
MISSED_AFTER = timedelta(minutes=30)
_ROWS_AT_ONCE = 500
# The merged messages are one transaction, and on SQLite nobody writes meanwhile: a few seconds at most.
_MISSED_AT_ONCE = 1000

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class SweepResult:
    """How many rows were acted on, and how many failed and come back later."""

    done: int = 0
    failed: int = 0


@dataclass(slots=True)
class _Missed:
    """What one person was not told in time."""

    lines: list[Line]
    rows: list[str]
    is_acute: bool = False


def _never() -> bool:
    return False


def sweep(engine: Engine, now: datetime, *, is_stopped: Callable[[], bool] = _never) -> SweepResult:
    """Acts on every row due at `now` (aware UTC). One transaction a case; a broken one is left for later.

    Raises DBAPIError only when the database cannot be read at all.
    """
    result = SweepResult()
    while not is_stopped():
        with reading(engine) as session:
            rows = due_rows(session, now, limit=_ROWS_AT_ONCE)
        if not rows:
            break
        before = result.done + result.failed
        in_time: dict[str, list[Due]] = {}
        for due in rows:
            if not _is_missed(due, now):
                in_time.setdefault(due.case_id, []).append(due)
        for case_id, group in in_time.items():
            if is_stopped():
                return result
            _sweep_case(engine, case_id, group, now, result)
        if any(_is_missed(due, now) for due in rows):
            _sweep_missed(engine, now, result)
        # Rows that neither went nor moved (the database refuses) are for the next sweep, not for this one.
        if result.done + result.failed == before:
            break
    return result


def _is_missed(due: Due, now: datetime) -> bool:
    return due.kind in TELLING and now - due.fire_at > MISSED_AFTER


def _sweep_case(engine: Engine, case_id: str, rows: list[Due], now: datetime, result: SweepResult) -> None:
    part = SweepResult()
    try:
        with writing(engine) as session:
            case = lock_case(session, case_id)
            for due in rows:
                _attempt(session, due, now, part, partial(_act, session, case, due, now))
    except Exception as error:
        # The case must not stop the others, whatever is wrong with it.
        _log.error("sweep_case_failed", case_id=case_id, error=type(error).__name__)
        part = _given_up(engine, rows, now, error)
    result.done += part.done
    result.failed += part.failed


def _attempt(
    session: Session, due: Due, now: datetime, result: SweepResult, act: Callable[[], object]
) -> None:
    """One row in a savepoint of its own: what fails is undone and comes back later."""
    try:
        with session.begin_nested():
            act()
            session.flush()
        result.done += 1
    except Exception as error:
        _log.error(
            "due_row_failed", row_id=due.id, case_id=due.case_id, kind=due.kind,
            attempts=due.attempts + 1, error=type(error).__name__,
        )  # fmt: skip
        postpone(session, due, now)
        result.failed += 1


def _given_up(engine: Engine, rows: list[Due], now: datetime, error: Exception) -> SweepResult:
    """A whole transaction failed: its rows come back later, at the next sweep when it was the database."""
    if isinstance(error, OperationalError | InterfaceError):
        return SweepResult()
    try:
        with writing(engine) as session:
            return SweepResult(failed=sum(postpone(session, due, now) for due in rows))
    except Exception as another:
        _log.error("sweep_could_not_postpone", rows=len(rows), error=type(another).__name__)
        return SweepResult()


def _act(session: Session, case: Case, due: Due, now: datetime) -> None:
    match Kind(due.kind):
        case Kind.BREACH:
            _breach(session, case, due, now)
        case Kind.OFFER_EXPIRY:
            _expire(session, due, now)
        case Kind.RECONSIDER:
            _reconsider(session, case, due, now)
        case Kind.RUNG | Kind.RUNG_UNLESS_BEGUN | Kind.FOLLOWUP:
            notice = take(session, case, due, now)
            if notice is not None:
                tell_now(session, case, due, notice, now)


def _breach(session: Session, case: Case, due: Due, now: datetime) -> None:
    """The deadline passed at `due_at`, whenever that is noticed."""
    deadline = session.get(Deadline, due.deadline_id, populate_existing=True)
    if deadline is not None and deadline.due_at > now:
        move(session, due, to=deadline.due_at)
        return
    if not claim(session, due) or deadline is None or deadline.status != DeadlineStatus.RUNNING:
        return
    if deadline.paused_at is not None:
        return
    if deadline.at_expiry != BREACH:
        _ask_the_rules(session, case, now)
        return
    deadline.status, deadline.breached_at = DeadlineStatus.BREACHED, deadline.due_at
    session.add(deadline)
    record(
        session, case, EventKind.DEADLINE_BREACHED, at=deadline.due_at, by_id=None,
        deadline=deadline.key, step=deadline.step_key, round=deadline.step_round,
    )  # fmt: skip
    _time_has_passed(session, case, now)


def _reconsider(session: Session, case: Case, due: Due, now: datetime) -> None:
    """A counted round has left its window, so the rules may say something else than before."""
    if claim(session, due) and case.closed_at is None:
        _ask_the_rules(session, case, now)


def _ask_the_rules(session: Session, case: Case, now: datetime) -> None:
    """Time has changed what the rules say: what expired ends or leads on, and what follows opens."""
    open_what_follows(session, case=case, definition=definition_of(case), now=now)
    _time_has_passed(session, case, now)


def _time_has_passed(session: Session, case: Case, now: datetime) -> None:
    touched_at = case.touched_at
    bring_up_to_date(session, case, now)
    # That time passes is not activity in a case: "no activity" lists must still find it.
    case.touched_at = touched_at


def _expire(session: Session, due: Due, now: datetime) -> None:
    offer = session.get(HandoverOffer, due.offer_id, populate_existing=True) if due.offer_id else None
    if offer is not None and offer.expires_at > now:
        move(session, due, to=offer.expires_at)
    elif claim(session, due) and offer is not None:
        expire_handover(session, offer_id=offer.id, now=now)


def _sweep_missed(engine: Engine, now: datetime, result: SweepResult) -> None:
    """After downtime: one message to each person, with a line for everything they were not told."""
    part, rows = SweepResult(), list[Due]()
    try:
        with writing(engine) as session:
            rows = late_rows(session, now - MISSED_AFTER, limit=_MISSED_AT_ONCE)
            by_person: dict[int, _Missed] = {}
            for due in rows:
                _attempt(session, due, now, part, partial(_collect, session, due, by_person, now))
            for staff_id, missed in sorted(by_person.items()):
                _tell_missed(session, staff_id, missed, now)
    except Exception as error:
        _log.error("sweep_missed_failed", rows=len(rows), error=type(error).__name__)
        part = _given_up(engine, rows, now, error)
    result.done += part.done
    result.failed += part.failed


def _collect(session: Session, due: Due, by_person: dict[int, _Missed], now: datetime) -> None:
    case = lock_case(session, due.case_id)
    notice = take(session, case, due, now)
    if notice is None:
        return
    line = missed_line(case, due, notice)
    Variables(lines=(line,))  # A line that may not be sent fails here, alone, and not the whole message.
    session.flush()
    for staff in (*notice.to.people, *notice.to.instead):
        missed = by_person.setdefault(staff.id or 0, _Missed([], []))
        missed.lines.append(line)
        missed.rows.append(f"{due.id}@{due.fire_at.isoformat()}")
        missed.is_acute = missed.is_acute or case.is_acute


def _tell_missed(session: Session, staff_id: int, missed: _Missed, now: datetime) -> None:
    what = hashlib.sha256("\n".join(sorted(missed.rows)).encode()).hexdigest()
    enqueue(
        session,
        Message.MISSED_WHILE_DOWN,
        staff_id=staff_id,
        now=now,
        lines=sorted(missed.lines, key=lambda line: line.at),
        urgency=Urgency.ACUTE if missed.is_acute else None,
        dedupe=f"missed:{what}:{staff_id}",
    )
