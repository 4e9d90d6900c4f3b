"""The open round of a step in hand: which it is, about whom, and whether this person may settle it."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from handlepligt.cases.case_state import definition_of, steps_of
from handlepligt.cases.open_case import case_for
from handlepligt.cases.people import owners_of
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import StepStatus
from handlepligt.errors import ConflictError, NotAllowedError, NotFoundError, RefusedByRuleError
from models import Case, CaseStep, Staff
from protocols.definition import Definition
from protocols.kinds.decision import confirmed_beside
from protocols.problems import UnknownStepError

UNSETTLED = (StepStatus.OPEN, StepStatus.WAITING)


class StepNotOpenError(ConflictError):
    """The step has not opened yet, or has been settled already, perhaps in another browser."""

    user_message = (
        "Trinnet er ikke åbent. Det er enten ikke nået endnu, eller også er det udført. Se sagen igen."
    )


def about(step: CaseStep) -> dict[str, Any]:
    """What an event says of a round: key and number, and the opaque id of whom it is about."""
    whose = {"person": step.person} if step.person else {}
    return {"step": step.key, "round": step.round, **whose}


def round_in_hand(
    session: Session,
    *,
    case_id: str,
    step_key: str,
    person: str,
    by: Staff,
    now: datetime,
    may_stand: bool = False,
) -> tuple[Case, Definition, CaseStep]:
    """The locked case, its definition and the open round, for the holder or an owner of the step.

    `may_stand` lets a standing step in, which is not completed but may have a checklist. Raises
    NotFoundError, NotAllowedError, CaseClosedError, StepNotOpenError, RefusedByRuleError.
    """
    case = case_for(session, case_id, by=by, action=Action.COMPLETE_OWN_STEP, now=now)
    definition = definition_of(case)
    owners = {one.id for one in owners_of(session, definition, step_key, case, now)}
    # Whoever owns one step knows nothing of the others, not even which of them are open.
    if by.id != case.keeper_id and by.id not in owners:
        raise NotAllowedError(f"staff {by.id} does not own step {step_key[:60]!r} of case {case.id}")
    step = open_round(session, case, definition, step_key, person, may_stand=may_stand)
    refusal = _refusal_of_a_foreign_hand(session, case, definition, step, owners, by)
    if refusal is not None:
        raise refusal
    return case, definition, step


def may_settle(
    session: Session, case: Case, definition: Definition, step: CaseStep, *, by: Staff, now: datetime
) -> bool:
    """Whether the open round is for `by` to settle: as the holder or an owner, and no other hand's."""
    owners = {one.id for one in owners_of(session, definition, step.key, case, now)}
    if by.id != case.keeper_id and by.id not in owners:
        return False
    return _refusal_of_a_foreign_hand(session, case, definition, step, owners, by) is None


def open_round(
    session: Session,
    case: Case,
    definition: Definition,
    step_key: str,
    person: str = "",
    *,
    may_stand: bool = False,
) -> CaseStep:
    """The open or waiting round of the step about that person (an id; "" for the case itself).

    Raises NotFoundError for an unknown step, StepNotOpenError. A standing step ends by what happens in the
    case, never by hand: RefusedByRuleError.
    """
    try:
        definition.step(step_key)
    except UnknownStepError as error:
        raise NotFoundError(str(error), user_message=error.user_message) from None
    if definition.step(step_key).standing and not may_stand:
        raise RefusedByRuleError(
            f"{step_key}.standing",
            user_message="Trinnet står åbent, til det, det beder om, er sket. Det skal ikke udføres for sig.",
        )
    found = select(CaseStep).where(
        CaseStep.case_id == case.id,
        CaseStep.key == step_key,
        CaseStep.person == person.replace("\x00", ""),
        col(CaseStep.status).in_(UNSETTLED),
    )
    step = session.exec(found).first()
    if step is None:
        raise StepNotOpenError(f"step {step_key} of case {case.id} is not open")
    return step


def was_done_by(session: Session, case: Case, other: str, step: CaseStep, by: Staff) -> bool:
    """Whether `by` completed the latest round of the step `other` that `step` is the second look at."""
    done = [
        one
        for one in steps_of(session, case)
        if one.key == other and one.status == StepStatus.DONE and _speak_of_one(one, step)
    ]
    return bool(done) and done[-1].settled_by_id == by.id


def _confirmed_beside(
    session: Session, case: Case, definition: Definition, step: CaseStep, by: Staff
) -> bool:
    """Whether `by` has confirmed the same decision in the same turn already, for another of its roles."""
    beside = confirmed_beside(definition.steps, step.key)
    if not beside:
        return False
    decided = definition.step(step.key).not_same_person_as
    rounds = [one for one in steps_of(session, case) if _speak_of_one(one, step)]
    # A decision that came back is confirmed anew; who confirmed it the time before says nothing now.
    turn = max((one.sequence for one in rounds if one.key == decided), default=0)
    return any(
        one.key in beside
        and one.status == StepStatus.DONE
        and one.settled_by_id == by.id
        and one.sequence > turn
        for one in rounds
    )


def _speak_of_one(first: CaseStep, second: CaseStep) -> bool:
    return first.person == second.person or "" in (first.person, second.person)


def _refusal_of_a_foreign_hand(
    session: Session,
    case: Case,
    definition: Definition,
    step: CaseStep,
    owners: set[int | None],
    by: Staff,
) -> RefusedByRuleError | None:
    """A second pair of eyes is somebody else's, and where the protocol says whose, exactly theirs."""
    written = definition.step(step.key)
    if not written.not_same_person_as:
        return None
    if was_done_by(session, case, written.not_same_person_as, step, by):
        return RefusedByRuleError(
            f"{step.key}.not_same_person_as",
            user_message="Trinnet skal udføres af en anden end den, der udførte det tidligere trin.",
        )
    if _confirmed_beside(session, case, definition, step, by):
        return RefusedByRuleError(
            f"{step.key}.own_hand",
            user_message="Du har selv bekræftet beslutningen i en anden rolle. Her skal en anden bekræfte.",
        )
    if written.owner in definition.roles and by.id not in owners:
        return RefusedByRuleError(
            f"{step.key}.owner",
            user_message=f"Trinnet skal udføres af {definition.roles[written.owner].title} med eget login.",
        )
    return None
