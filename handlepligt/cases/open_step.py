"""Opens what the protocol says is to be open now. The verbs and the Prefect task call the same function."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.arm_deadlines import arm_deadlines, lapse_deadlines, settle_deadlines
from handlepligt.cases.arm_reconsideration import arm_reconsideration
from handlepligt.cases.case_state import people_of, state_of, steps_of
from handlepligt.cases.expire_deadlines import expire_deadlines
from handlepligt.cases.pause_deadlines import pause_deadlines
from handlepligt.cases.people import leader_of, owners_of
from handlepligt.cases.raise_sub_cases import raise_sub_cases
from handlepligt.cases.record import record
from handlepligt.cases.rounds import about
from handlepligt.cases.tell import tell_of_step
from handlepligt.domain.vocabulary import EventKind, StepStatus
from models import Case, CaseStep, Staff
from notifications.messages import Message
from protocols.definition import Definition
from protocols.engine import Opening, lapses, openings, paused
from protocols.kinds.relation import ANYONE
from protocols.kinds.step import Kind as Step
from protocols.rounds import Line, is_beyond
from protocols.state import CaseState, StepState


def open_what_follows(
    session: Session, *, case: Case, definition: Definition, now: datetime, by_id: int | None = None
) -> list[CaseStep]:
    """Opens each step that the rules open in the case's state at `now`, and ends those that fell away.

    Idempotent: whoever comes first does it, the other finds it done (unique by case, step, round, person).
    The case must be locked. `by_id` is who acted, None when it was the flow or the time. Beyond the rounds
    that the protocol reckons with a step opens once for each person, and holder and leader are told. Returns
    what was opened.
    """
    session.flush()
    opened: list[CaseStep] = []
    steps = steps_of(session, case)
    state = state_of(session, case, now, steps=steps)
    # What was just done is settled before its next round opens: from then on the step is open again.
    has_expired = settle_deadlines(session, case, definition, state, now=now)
    expired = expire_deadlines(session, case, steps=steps, now=now)
    for step, reason in expired or ():
        end_round(session, case, step, reason=reason, now=now)
    if has_expired or expired is not None:
        session.flush()
        state = state_of(session, case, now, steps=steps)
    # Where rules open and drop a step without end, looking again must not open one more each time.
    beyond = set() if by_id else _came_and_went(definition, steps)
    # Opening one step can open another, so the rules are asked until they have nothing more to say.
    while True:
        fallen = lapses(definition, state)
        due = openings(definition, state, without=beyond)
        if not fallen and not due:
            break
        for round_, reason in fallen:
            step = next(one for one in steps if _is_of(one, round_))
            end_round(session, case, step, reason=reason, now=now)
        if not fallen:
            for opening in due:
                step = _open(session, case, opening, sequence=len(steps) + 1, now=now, by_id=by_id)
                steps.append(step)
                opened.append(step)
            beyond.update(one.line for one in due if one.is_beyond)
        session.flush()
        state = state_of(session, case, now, steps=steps)
    _wait_or_go_on(session, definition, state, steps)
    arm_deadlines(session, case, definition, state, steps=steps, now=now)
    settle_deadlines(session, case, definition, state, now=now)
    pause_deadlines(session, case, definition, state, now=now)
    arm_reconsideration(session, case, definition, state)
    raise_sub_cases(session, case, definition, now=now, by_id=by_id, open_steps=open_what_follows)
    for step in opened:
        _tell(session, case, definition, step, now=now, by_id=by_id)
    # Also of those that were opened again by hand a moment ago.
    for step in steps:
        if step.opened_at == now and _is_beyond(definition, step):
            _tell_of_beyond(session, case, definition, step, now=now)
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
    person: str | None = None,
) -> list[CaseStep]:
    """Opens one more round of each of these steps that is not open, whatever the rules say of it.

    For a case that comes back, and for a step that is taken up again by hand. A step of linked people opens
    for each of them, or for `person` (an id) alone. `open_what_follows`, called afterwards, arms the
    deadlines.
    """
    steps = steps_of(session, case)
    opened: list[CaseStep] = []
    for step in definition.steps.values():
        for whose in _whom(session, case, step) if step.key in keys else ():
            rounds = [one for one in steps if (one.key, one.person) == (step.key, whose)]
            is_wanted = person is None or person == whose
            if is_wanted and all(one.settled_at is not None for one in rounds):
                opening = Opening(step, len(rounds) + 1, whose)
                row = _open(session, case, opening, sequence=len(steps) + 1, now=now, by_id=by_id)
                steps.append(row)
                opened.append(row)
    return opened


def end_round(
    session: Session, case: Case, step: CaseStep, *, reason: str, now: datetime, by_id: int | None = None
) -> None:
    """The open round falls away with its deadlines; `by_id` is None when the rules did it."""
    step.status, step.settled_at = StepStatus.NOT_APPLICABLE, now
    step.reason = reason
    session.add(step)
    lapse_deadlines(session, case, now=now, step=step)
    record(session, case, EventKind.STEP_NOT_APPLICABLE, at=now, by_id=by_id, **about(step))


def _came_and_went(definition: Definition, steps: list[CaseStep]) -> set[Line]:
    """The lines of rounds whose latest lies beyond what is reckoned with and fell away as it opened."""
    latest = {(step.key, step.person): step for step in steps}
    return {
        line
        for line, step in latest.items()
        if step.settled_at == step.opened_at
        and step.status == StepStatus.NOT_APPLICABLE
        and _is_beyond(definition, step)
    }


def _is_beyond(definition: Definition, step: CaseStep) -> bool:
    # A case that was moved to another version may have had steps that are not there any more.
    return step.key in definition.steps and is_beyond(definition.steps[step.key], step.round)


def _is_of(step: CaseStep, round_: StepState) -> bool:
    return (step.key, step.round, step.person) == (round_.key, round_.round, round_.person)


def _whom(session: Session, case: Case, step: Step) -> list[str]:
    if not step.per_person:
        return [""]
    return [one.id for one in people_of(session, case) if step.per_person in (one.relation, ANYONE)]


def _open(
    session: Session, case: Case, opening: Opening, *, sequence: int, now: datetime, by_id: int | None
) -> CaseStep:
    step = CaseStep(
        case_id=case.id,
        key=opening.step.key,
        round=opening.round,
        person=opening.person,
        sequence=sequence,
        opened_at=now,
        # Somebody else acts: what is left to do here is to write down what they said.
        status=StepStatus.WAITING if opening.step.waits_for else StepStatus.OPEN,
    )
    session.add(step)
    record(session, case, EventKind.STEP_OPENED, at=now, by_id=by_id, **about(step))
    if opening.is_beyond:
        record(session, case, EventKind.STEP_OPENED_BEYOND, at=now, by_id=by_id, **about(step))
    return step


def _wait_or_go_on(session: Session, definition: Definition, state: CaseState, steps: list[CaseStep]) -> None:
    """What is paused waits, and goes on once nothing pauses it; what waits for somebody always waits."""
    resting = paused(definition, state)
    for step in steps:
        if step.settled_at is not None:
            continue
        waits = step.key in resting or bool(definition.step(step.key).waits_for)
        status = StepStatus.WAITING if waits else StepStatus.OPEN
        if step.status != status:
            step.status = status
            session.add(step)


def _tell(
    session: Session,
    case: Case,
    definition: Definition,
    step: CaseStep,
    *,
    now: datetime,
    by_id: int | None,
) -> None:
    """The holder hears of a step that somebody else opened; an interrupting one reaches the leader too.

    Whoever owns the step hears of it as well: they are to do it, though the duty is not theirs.
    """
    people: list[Staff | None] = [session.get(Staff, case.keeper_id)]
    message = Message.STEP_OPENED
    if definition.step(step.key).interrupts:
        message = Message.ACUTE_PRESSED
        people.append(leader_of(session, case))
    people += owners_of(session, definition, step.key, case, now)
    tell_of_step(
        session, message, people, case=case, step=step, definition=definition, now=now, besides=by_id
    )


def _tell_of_beyond(
    session: Session, case: Case, definition: Definition, step: CaseStep, *, now: datetime
) -> None:
    """Holder and leader hear once of each round more than is reckoned with, whoever of them opened it."""
    people = [session.get(Staff, case.keeper_id), leader_of(session, case)]
    tell_of_step(session, Message.STEP_BEYOND, people, case=case, step=step, definition=definition, now=now)
