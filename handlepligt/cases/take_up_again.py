"""Takes a settled step up again by hand (tager et trin op igen), where the protocol lets that happen."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of, state_of, steps_of
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_again, open_what_follows
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.rounds import UNSETTLED, about
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import NotFoundError, RefusedByRuleError
from models import Case, CaseStep, Staff
from protocols.definition import Definition
from protocols.engine import taken_up_again
from protocols.problems import UnknownStepError
from protocols.state import CaseState


def take_up_again(
    session: Session, *, case_id: str, step_key: str, by: Staff, now: datetime, person: str = ""
) -> CaseStep:
    """One more open round of a step that is settled, for whoever holds the duty.

    A consent that was given is taken up again to write down that it has been withdrawn. `person` is the id
    of the linked person the step is about, "" for the case itself. A round that is open already is given as
    it is. Raises NotFoundError, NotAllowedError, CaseClosedError, and RefusedByRuleError where the protocol
    does not let the step be taken up now.
    """
    case = case_for(session, case_id, by=by, action=Action.COMPLETE_STEP, now=now)
    definition = definition_of(case)
    if step_key not in definition.steps:
        raise NotFoundError(f"no step {step_key[:60]!r}", user_message=UnknownStepError.user_message)
    there = _open_round(session, case, step_key, person)
    if there is not None:
        # Two browsers, or one pressed twice: both wanted the round that is now open.
        return there
    openings = taken_up_again(definition, state_of(session, case, now))
    if (step_key, person) not in {(one.step.key, one.person) for one in openings}:
        raise RefusedByRuleError(
            f"{step_key}.taken_up_when",
            user_message="Trinnet kan ikke tages op igen, som sagen står nu.",
        )
    step = open_again(session, case, definition, [step_key], now=now, by_id=by.id, person=person)[0]
    record(session, case, EventKind.STEP_TAKEN_UP, at=now, by_id=by.id, **about(step))
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return step


def rounds_to_take_up(definition: Definition, state: CaseState, steps: Iterable[CaseStep]) -> frozenset[str]:
    """Ids of those of a case's rounds that are the latest of a step which can be taken up again now."""
    before = {(one.step.key, one.round - 1, one.person) for one in taken_up_again(definition, state)}
    return frozenset(one.id for one in steps if (one.key, one.round, one.person) in before)


def _open_round(session: Session, case: Case, step_key: str, person: str) -> CaseStep | None:
    rounds = (one for one in steps_of(session, case) if (one.key, one.person) == (step_key, person))
    return next((one for one in rounds if one.status in UNSETTLED), None)
