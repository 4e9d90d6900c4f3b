"""Lifts what a form came to (hæver en vurdering), with a reason: what it can be lifted to, and by whom."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of, steps_of
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.people import resolve
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.rounds import about
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind, StepStatus
from handlepligt.errors import ConflictError, InvalidInputError, NotAllowedError
from models import Case, CaseStep, Staff
from protocols.definition import Definition
from protocols.form_answers import higher, outcome
from protocols.kinds.form import Kind as Form
from protocols.kinds.question import QuestionType
from protocols.state import AnswerValue


class FormNotFilledError(ConflictError):
    """Nobody has filled the form in, or its step is open anew."""

    user_message = "Skemaet er ikke udfyldt endnu, eller det udfyldes på ny. Se sagen igen."


def override_form(
    session: Session,
    *,
    case_id: str,
    question: str,
    band: str,
    reason: str,
    by: Staff,
    now: datetime,
    person: str = "",
) -> CaseStep:
    """The latest round that asked for the form, now lifted to `band`, and everything that follows.

    For somebody of the role the form names (without one, for who holds the duty) who reads what another has
    filled in. Only upwards from what it came to, and with a reason. Raises NotFoundError, NotAllowedError,
    CaseClosedError, FormNotFilledError, InvalidInputError.
    """
    case = case_for(session, case_id, by=by, action=Action.OVERRIDE_FORM, now=now)
    definition = definition_of(case)
    asked = definition.questions.get(question)
    if asked is None or asked.type is not QuestionType.FORM or definition.forms[asked.form].override is None:
        raise InvalidInputError(
            problems={"question": "Skemaet findes ikke, eller vurderingen kan ikke hæves."}
        )
    form = definition.forms[asked.form]
    if by.id not in lifters(session, case, definition, form, now):
        raise NotAllowedError(f"staff {by.id} may not lift {question!r} in case {case.id}")
    step = _latest(session, case, definition.asked_in[question], person)
    answers = dict(step.answers)
    answer = answers[question]
    problems: dict[str, str] = {}
    now_at = outcome(answer)
    if band == now_at or band not in form.bands or higher(form, now_at, band) != band:
        problems["band"] = "Vurderingen kan kun hæves. Vælg en, der er alvorligere."
    reason = wording.tidied(reason)
    if sentence := wording.problem_with(reason):
        problems["reason"] = sentence
    if problems:
        raise InvalidInputError(problems=problems)
    answers[question] = {**answer, "override": band, "reason": reason}
    step.answers = answers
    session.add(step)
    record(session, case, EventKind.FORM_OVERRIDDEN, at=now, by_id=by.id, question=question, **about(step))
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return step


def refuse_lifting_by_others(
    session: Session,
    case: Case,
    definition: Definition,
    step_key: str,
    given: Mapping[str, AnswerValue],
    *,
    by: Staff,
    now: datetime,
) -> None:
    """Raises InvalidInputError when answers lift a form that only somebody else may lift."""
    problems: dict[str, str] = {}
    for key, value in given.items():
        asked = definition.step(step_key).questions[key]
        if asked.type is not QuestionType.FORM or not isinstance(value, dict) or not value.get("override"):
            continue
        form = definition.forms[asked.form]
        if form.override is not None and not may_lift_filling(
            session, case, definition, form, by=by, now=now
        ):
            who = definition.roles[form.override.role].title
            problems[f"{key}.override"] = f"Kun {who} kan hæve vurderingen. Gem skemaet uden, og bed om det."
    if problems:
        raise InvalidInputError(f"answers to {step_key} lift a form", problems=problems)


def may_lift_filling(
    session: Session, case: Case, definition: Definition, form: Form, *, by: Staff, now: datetime
) -> bool:
    """Whether `by`, filling the form in, may lift it too: anybody where no role is named for it."""
    if form.override is None:
        return False
    return not form.override.role or by.id in lifters(session, case, definition, form, now)


def lifters(
    session: Session, case: Case, definition: Definition, form: Form, now: datetime
) -> set[int | None]:
    """Ids of those who may lift a form in a case: the people of its role, without one the holder."""
    role = form.override.role if form.override is not None else ""
    return {one.id for one in resolve(session, definition, role, case, now)} if role else {case.keeper_id}


def _latest(session: Session, case: Case, step_key: str, person: str) -> CaseStep:
    rounds = [one for one in steps_of(session, case) if (one.key, one.person) == (step_key, person)]
    if not rounds or rounds[-1].status != StepStatus.DONE:
        raise FormNotFilledError(f"step {step_key} of case {case.id} is not done")
    return rounds[-1]
