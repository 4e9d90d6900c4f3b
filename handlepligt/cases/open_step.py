"""Opens what the protocol says is to be open now. The verbs and the Prefect task call the same function."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.arm_deadlines import arm_deadlines, lapse_deadlines, settle_deadlines
from handlepligt.cases.case_state import state_of, steps_of
from handlepligt.cases.people import leader_of
from handlepligt.cases.record import record
from handlepligt.cases.tell import tell_of_step
from handlepligt.domain.vocabulary import EventKind, StepStatus
from models import Case, CaseStep, Staff
from notifications.messages import Message
from protocols.definition import Definition
from protocols.engine import Opening, lapses, openings
from protocols.state import CaseState, StepState


def open_what_follows(
    session: Session, *, case: Case, definition: Definition, now: datetime, by_id: int | None = None
) -> list[CaseStep]:
    """Opens each step that the rules open in the case's state at `now`, and ends those that fell away.

    Idempotent: whoever comes first does it, the other finds it done (unique by case, step and round).
    The case must be locked. `by_id` is who acted, None when it was the flow. Returns what was opened.
    """
    session.flush()
    opened: list[CaseStep] = []
    steps = steps_of(session, case)
    state = state_of(session, case, now, steps=steps)
    # What was just done is settled before its next round opens: from then on the step is open again.
    settle_deadlines(session, case, definition, state, now=now)
    # Opening one step can open another, so the rules are asked until they have nothing more to say.
    while True:
        fallen = lapses(definition, state)
        due = openings(definition, state)
        if not fallen and not due:
            break
        for round_, reason in fallen:
            _end(session, case, steps, round_, reason, now)
        if not fallen:
            for opening in due:
                step = _open(session, case, opening, sequence=len(steps) + 1, now=now, by_id=by_id)
                steps.append(step)
                opened.append(step)
        session.flush()
        state = state_of(session, case, now, steps=steps)
    arm_deadlines(session, case, definition, state, steps=steps, now=now)
    settle_deadlines(session, case, definition, state, now=now)
    for step in opened:
        _tell(session, case, definition, state, step, now=now, by_id=by_id)
    session.flush()
    return opened


def open_again(
    session: Session,
    case: Case,
    definition: Definition,
    keys: Collection[str],
    *,
    now: datetime,
    by_id: int | None,
) -> None:
    """Opens one more round of each of these steps that is not open, whatever the rules say of it.

    For a case that comes back. `open_what_follows`, called afterwards, arms the deadlines.
    """
    steps = steps_of(session, case)
    for key in definition.steps:
        rounds = [step for step in steps if step.key == key]
        if key in keys and all(step.settled_at is not None for step in rounds):
            opening = Opening(definition.step(key), len(rounds) + 1)
            steps.append(_open(session, case, opening, sequence=len(steps) + 1, now=now, by_id=by_id))


def _open(
    session: Session, case: Case, opening: Opening, *, sequence: int, now: datetime, by_id: int | None
) -> CaseStep:
    step = CaseStep(
        case_id=case.id, key=opening.step.key, round=opening.round, sequence=sequence, opened_at=now
    )
    session.add(step)
    record(session, case, EventKind.STEP_OPENED, at=now, by_id=by_id, step=step.key, round=step.round)
    return step


def _end(
    session: Session, case: Case, steps: list[CaseStep], round_: StepState, reason: str, now: datetime
) -> None:
    step = next(one for one in steps if (one.key, one.round) == (round_.key, round_.round))
    step.status, step.settled_at = StepStatus.NOT_APPLICABLE, now
    step.reason = reason
    session.add(step)
    lapse_deadlines(session, case, now=now, step=step)
    record(session, case, EventKind.STEP_NOT_APPLICABLE, at=now, by_id=None, step=step.key, round=step.round)


def _tell(
    session: Session,
    case: Case,
    definition: Definition,
    state: CaseState,
    step: CaseStep,
    *,
    now: datetime,
    by_id: int | None,
) -> None:
    """The holder hears of a step that somebody else opened; an interrupting one reaches the leader too."""
    keeper = session.get(Staff, case.keeper_id)
    if not definition.step(step.key).interrupts:
        message, people = Message.STEP_OPENED, [keeper]
    else:
        message, people = Message.ACUTE_PRESSED, [keeper, leader_of(session, case)]
    tell_of_step(
        session, message, people, case=case, step=step, definition=definition, now=now, besides=by_id
    )
