"""Marks a step as not applicable (ikke relevant), with a reason, where the protocol allows it."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.arm_deadlines import lapse_deadlines
from handlepligt.cases.case_state import definition_of, state_of
from handlepligt.cases.complete_step import open_round
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind, StepStatus
from handlepligt.errors import InvalidInputError, RefusedByRuleError
from models import CaseStep, Staff
from protocols.engine import modality
from protocols.kinds.step import Modality


def skip_step(
    session: Session, *, case_id: str, step_key: str, by: Staff, now: datetime, reason: str
) -> CaseStep:
    """The open round, now not applicable. A step the protocol says *must* be done is refused.

    Raises NotFoundError, NotAllowedError, CaseClosedError, StepNotOpenError, InvalidInputError.
    """
    case = case_for(session, case_id, by=by, action=Action.COMPLETE_STEP, now=now)
    definition = definition_of(case)
    step = open_round(session, case, definition, step_key)
    if modality(definition, step_key, state_of(session, case, now)) is Modality.MUST:
        raise RefusedByRuleError(
            f"{step_key}.modality",
            user_message="Trinnet skal udføres. Det kan ikke springes over.",
        )
    reason = wording.tidied(reason)
    problem = wording.problem_with(reason)
    if problem:
        raise InvalidInputError(problems={"reason": problem})
    step.status, step.settled_at, step.settled_by_id = StepStatus.NOT_APPLICABLE, now, by.id
    step.reason = reason
    session.add(step)
    lapse_deadlines(session, case, now=now, step=step)
    record(session, case, EventKind.STEP_NOT_APPLICABLE, at=now, by_id=by.id, step=step.key, round=step.round)
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return step
