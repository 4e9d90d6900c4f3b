"""Presses acute (akut handling): from any step and at any time; the other steps stay open."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of, steps_of
from handlepligt.cases.offer_handover import hurry_offer
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind, StepStatus
from handlepligt.errors import InvalidInputError
from models import Case, Staff
from protocols.definition import Definition


def press_acute(session: Session, *, case_id: str, by: Staff, now: datetime, reason: str = "") -> Case:
    """The case, now acute, with the protocol's interrupting step open. Pressing twice changes nothing more.

    Raises NotFoundError, NotAllowedError, CaseClosedError, InvalidInputError for an unusable reason.
    """
    case = case_for(session, case_id, by=by, action=Action.PRESS_ACUTE, now=now)
    reason = wording.tidied(reason)
    problem = wording.problem_with(reason, limit=wording.LINE, required=False)
    if problem:
        raise InvalidInputError(problems={"reason": problem})
    definition = definition_of(case)
    start_acute(session, case, definition, by=by, now=now, reason=reason)
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return case


def start_acute(
    session: Session, case: Case, definition: Definition, *, by: Staff, now: datetime, reason: str = ""
) -> None:
    """Raises the flag; counts a press only when no interrupting step is open already."""
    interrupted = is_interrupted(session, case, definition)
    if case.is_acute and interrupted:
        return
    if not case.is_acute:
        case.is_acute, case.acute_at = True, now
        hurry_offer(session, case, definition, now=now)
    if not interrupted:
        case.acute_presses += 1
    session.add(case)
    record(session, case, EventKind.ACUTE_PRESSED, at=now, by_id=by.id, detail=reason)


def is_interrupted(session: Session, case: Case, definition: Definition) -> bool:
    """Whether a step that interrupts the others is open."""
    return any(
        step.status in (StepStatus.OPEN, StepStatus.WAITING) and definition.step(step.key).interrupts
        for step in steps_of(session, case)
    )


def end_acute(session: Session, case: Case, *, by: Staff, now: datetime) -> None:
    """Lowers the flag, when an answer of the protocol says that the danger is over."""
    case.is_acute = False
    session.add(case)
    record(session, case, EventKind.ACUTE_ENDED, at=now, by_id=by.id)
