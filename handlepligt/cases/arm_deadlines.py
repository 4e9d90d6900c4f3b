"""Starts the deadlines that run in a case, with the rows that will wake somebody, and settles those met."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from handlepligt.cases.record import record
from handlepligt.cases.reminders import arm_reminders, arm_reminders_anew, silence
from handlepligt.domain import deadlines as arithmetic
from handlepligt.domain.explanations import explain
from handlepligt.domain.vocabulary import DeadlineStatus, EventKind, StepStatus
from models import Case, CaseStep, Deadline
from protocols.deadline_base import BaseKind
from protocols.deadline_rules import DeadlineRule, case_deadlines, deadlines_of, met, name_of
from protocols.definition import Definition
from protocols.state import CaseState

BREACH = "breach"
_UNSETTLED = (StepStatus.OPEN, StepStatus.WAITING)
# What somebody has written down, and may correct or agree anew.
_MAY_MOVE = {
    BaseKind.AWARENESS, BaseKind.DEED, BaseKind.BIRTHDAY, BaseKind.FACT, BaseKind.ANSWER, BaseKind.MEETING,
}  # fmt: skip
_HAPPENED = {
    BaseKind.RECEIPT: "modtaget",
    BaseKind.AWARENESS: "kendt",
    BaseKind.DEED: "sket",
    BaseKind.MEETING: "mødet",
    BaseKind.BIRTHDAY: "fødselsdag",
    BaseKind.ACTION: "aftalt til",
}
_Round = tuple[str, int, str]


def arm_deadlines(
    session: Session,
    case: Case,
    definition: Definition,
    state: CaseState,
    *,
    steps: list[CaseStep],
    now: datetime,
) -> list[Deadline]:
    """Writes each deadline that has begun to run and is not there yet, and its reminders. Idempotent.

    One that runs is counted anew when the date it is counted from has been corrected or agreed anew (a
    fact, an answer, a meeting), unless it has passed or somebody has lawfully extended it.
    """
    written = session.exec(select(Deadline).where(Deadline.case_id == case.id))
    known = {(*round_of(row), row.key): row for row in written}
    armed: list[Deadline] = []
    for step, rule in _running(definition, state, steps):
        whose: _Round = (step.key, step.round, step.person) if step else ("", 0, "")
        row = known.get((*whose, rule.key))
        if row is None:
            armed.append(_arm(session, case, definition, rule, step, now))
        elif _has_moved(row, rule, now):
            _count_anew(session, case, definition, row, rule, step, now)
    return armed


def settle_deadlines(
    session: Session, case: Case, definition: Definition, state: CaseState, *, now: datetime
) -> bool:
    """Marks each running deadline whose condition now holds as met (or met late) and stops its reminders.

    True when one of them had expired before, so that the rules have something more to say.
    """
    has_expired = False
    for deadline in running_deadlines(session, case):
        step_key, round_, person = round_of(deadline)
        if met(definition, state, deadline.key, step_key=step_key or None, round_=round_, person=person):
            settle(session, case, deadline, now, DeadlineStatus.MET)
            has_expired = has_expired or deadline.expired_at is not None
    return has_expired


def lapse_deadlines(session: Session, case: Case, *, now: datetime, step: CaseStep | None = None) -> None:
    """Ends the running deadlines of a round that fell away, or of the whole case when `step` is None."""
    for deadline in running_deadlines(session, case):
        if step is None or round_of(deadline) == (step.key, step.round, step.person):
            settle(session, case, deadline, now, DeadlineStatus.LAPSED)


def running_deadlines(session: Session, case: Case) -> list[Deadline]:
    """The deadlines of a case that are not settled, passed or not."""
    running = select(Deadline).where(Deadline.case_id == case.id, col(Deadline.settled_at).is_(None))
    return list(session.exec(running))


def round_of(deadline: Deadline) -> _Round:
    """Whose a deadline is: key of the step, round, person; all empty for the case itself."""
    return deadline.step_key, deadline.step_round, deadline.person


def settle(session: Session, case: Case, deadline: Deadline, now: datetime, outcome: DeadlineStatus) -> None:
    """Ends a deadline. One that has passed stays passed: acting afterwards neither meets nor forgets it.

    Where its passing is a breach it says so for ever; where it leads on or lets its round fall away it has
    expired, which is no breach.
    """
    passed = deadline.paused_at is None and now > deadline.due_at
    deadline.settled_at, deadline.paused_at = now, None
    if passed and deadline.at_expiry != BREACH:
        expire(session, case, deadline, now)
        return
    if passed:
        if deadline.breached_at is None:
            # Nobody had noticed yet (the sweep was down): the chronology says it all the same.
            deadline.breached_at = deadline.due_at
            say(session, case, EventKind.DEADLINE_BREACHED, deadline, at=deadline.due_at)
        outcome = DeadlineStatus.MET_LATE if outcome is DeadlineStatus.MET else DeadlineStatus.BREACHED
    deadline.status = outcome
    session.add(deadline)
    silence(session, deadline)
    if name_of(deadline.key) != deadline.key:
        # Of several actions in one round the next one is now the first that is due.
        bring_round_up_to_date(session, deadline)


def expire(session: Session, case: Case, deadline: Deadline, now: datetime) -> None:
    """Ends a deadline whose passing is no breach, at the instant it truly passed."""
    deadline.status, deadline.settled_at, deadline.expired_at = DeadlineStatus.LAPSED, now, deadline.due_at
    session.add(deadline)
    silence(session, deadline)
    say(session, case, EventKind.DEADLINE_EXPIRED, deadline, at=deadline.due_at)


def say(
    session: Session,
    case: Case,
    kind: EventKind,
    deadline: Deadline,
    *,
    at: datetime,
    by_id: int | None = None,
    detail: str = "",
    **more: object,
) -> None:
    """Writes what happened to a deadline into the chronology: keys, numbers and times only."""
    whose = {"person": deadline.person} if deadline.person else {}
    record(
        session, case, kind, at=at, by_id=by_id, detail=detail, deadline=deadline.key,
        step=deadline.step_key, round=deadline.step_round, **whose, **more,
    )  # fmt: skip


def bring_round_up_to_date(session: Session, deadline: Deadline) -> None:
    """Keeps on the round when the first of its deadlines is due, for lists."""
    if not deadline.step_key:
        return
    session.flush()
    mine = (
        Deadline.case_id == deadline.case_id,
        Deadline.step_key == deadline.step_key,
        Deadline.step_round == deadline.step_round,
        Deadline.person == deadline.person,
    )
    dues = session.exec(select(Deadline.due_at).where(*mine, col(Deadline.settled_at).is_(None))).all()
    step = session.exec(
        select(CaseStep).where(
            CaseStep.case_id == deadline.case_id,
            CaseStep.key == deadline.step_key,
            CaseStep.round == deadline.step_round,
            CaseStep.person == deadline.person,
        )
    ).one()
    step.due_at = min(dues, default=step.due_at)
    session.add(step)


def _running(
    definition: Definition, state: CaseState, steps: list[CaseStep]
) -> Iterator[tuple[CaseStep | None, DeadlineRule]]:
    for rule in case_deadlines(definition, state):
        yield None, rule
    for step in steps:
        if step.status in _UNSETTLED:
            for rule in deadlines_of(
                definition, step.key, state, opened_at=step.opened_at, person=step.person
            ):
                yield step, rule


def _arm(
    session: Session,
    case: Case,
    definition: Definition,
    rule: DeadlineRule,
    step: CaseStep | None,
    now: datetime,
) -> Deadline:
    deadline = Deadline(
        case_id=case.id,
        step_key=step.key if step else "",
        step_round=step.round if step else 0,
        person=step.person if step else "",
        key=rule.key,
        title=rule.title or rule.key,
        basis=rule.basis.value,
        is_decided=rule.decided,
        reference=rule.reference.danish or "" if rule.reference else "",
        ladder=rule.ladder.key if rule.ladder else "",
        at_expiry=rule.at_expiry.value,
        **_counted(case, definition, rule),
    )
    session.add(deadline)
    session.flush()
    if step is not None and (step.due_at is None or deadline.due_at < step.due_at):
        step.due_at = deadline.due_at
        session.add(step)
    arm_reminders(session, case, deadline, rule.ladder, definition.head.work_calendar, now=now)
    return deadline


def _counted(case: Case, definition: Definition, rule: DeadlineRule) -> dict[str, Any]:
    """The columns that the arithmetic gives."""
    calendar = definition.head.work_calendar
    computed = arithmetic.compute_deadline(rule.base, rule.offset, rule.basis, calendar)
    # While nobody has said when the municipality became aware, the receipt stands for it.
    kind = BaseKind.RECEIPT if rule.base == case.received_at else rule.base_kind
    word = _HAPPENED.get(kind, "regnet fra")
    return {
        "offset_text": str(rule.offset),
        "base_at": computed.base_at,
        "due_at": computed.due_at,
        "safe_due_at": computed.safe_due_at,
        "last_safe_working_day": computed.last_safe_working_day,
        "calendar_version": computed.calendar_version,
        "explanation": explain(computed, calendar, received_word=word),
    }


def _has_moved(row: Deadline, rule: DeadlineRule, now: datetime) -> bool:
    """Whether a running deadline is counted from another instant than when it was armed."""
    if rule.base_kind not in _MAY_MOVE or rule.base == row.base_at:
        return False
    is_running = row.settled_at is None and row.breached_at is None and row.due_at > now
    return is_running and row.extensions == 0 and row.paused_at is None


def _count_anew(
    session: Session,
    case: Case,
    definition: Definition,
    row: Deadline,
    rule: DeadlineRule,
    step: CaseStep | None,
    now: datetime,
) -> None:
    before = row.due_at
    for column, value in _counted(case, definition, rule).items():
        setattr(row, column, value)
    session.add(row)
    session.flush()
    bring_round_up_to_date(session, row)
    arm_reminders_anew(session, case, row, rule.ladder, definition.head.work_calendar, now=now)
    say(session, case, EventKind.DEADLINE_MOVED, row, at=now, was=before, now=row.due_at)
