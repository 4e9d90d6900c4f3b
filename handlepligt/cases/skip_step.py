"""Marks a step as not applicable (ikke relevant), with a reason, where the protocol allows it."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of, state_of
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import end_round, open_what_follows
from handlepligt.cases.record import bring_up_to_date
from handlepligt.cases.rounds import open_round
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.errors import InvalidInputError, RefusedByRuleError
from models import CaseStep, Staff
from protocols.engine import modality
from protocols.kinds.step import Modality


def skip_step(
    session: Session, *, case_id: str, step_key: str, by: Staff, now: datetime, reason: str, person: str = ""
) -> CaseStep:
    """The open round, now not applicable. A step the protocol says *must* be done is refused.

    `person` is the id of the linked person the round is about, "" for the case itself. Only whoever holds
    the duty skips: an owner does the act or leaves it, and what is left stays the holder's to see to.
    Raises NotFoundError, NotAllowedError, CaseClosedError, StepNotOpenError, InvalidInputError.
    """
    case = case_for(session, case_id, by=by, action=Action.COMPLETE_STEP, now=now)
    definition = definition_of(case)
    step = open_round(session, case, definition, step_key, person)
    if modality(definition, step_key, state_of(session, case, now), person) is Modality.MUST:
        raise RefusedByRuleError(
            f"{step_key}.modality",
            user_message="Trinnet skal udføres. Det kan ikke springes over.",
        )
    reason = wording.tidied(reason)
    problem = wording.problem_with(reason)
    if problem:
        raise InvalidInputError(problems={"reason": problem})
    step.settled_by_id = by.id
    end_round(session, case, step, reason=reason, now=now, by_id=by.id)
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return step
