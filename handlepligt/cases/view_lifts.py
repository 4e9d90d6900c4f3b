"""Which filled-in forms (skemaer) of a case somebody may lift, and to what."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.override_form import lifters
from handlepligt.domain.vocabulary import StepStatus
from models import Case, CaseStep, Staff
from protocols.definition import Definition
from protocols.form_answers import outcome
from protocols.kinds.form import Kind as Form
from protocols.kinds.question import QuestionType


@dataclass(frozen=True)
class PossibleLift:
    """A form as it was filled in last, about the case or one linked person; `bands` are the graver ones."""

    row_id: str
    question: str
    person: str
    title: str
    bands: tuple[tuple[str, str], ...]


def possible_lifts(
    session: Session,
    case: Case,
    definition: Definition,
    rows: Sequence[CaseStep],
    *,
    hidden: Collection[str],
    by: Staff,
    now: datetime,
) -> tuple[PossibleLift, ...]:
    """What `override_form` would let `by` do at `now`; rounds in `hidden` are not theirs to read."""
    if case.closed_at is not None:
        return ()
    return tuple(
        lift
        for key, form in _liftable(definition)
        if by.id in lifters(session, case, definition, form, now)
        for row in _latest_rounds(rows, definition.asked_in[key])
        if row.status == StepStatus.DONE and row.id not in hidden
        if (lift := _lift(form, key, row)) is not None
    )


def _liftable(definition: Definition) -> Iterator[tuple[str, Form]]:
    for key, question in definition.questions.items():
        if question.type is QuestionType.FORM and definition.forms[question.form].override is not None:
            yield key, definition.forms[question.form]


def _latest_rounds(rows: Sequence[CaseStep], step_key: str) -> list[CaseStep]:
    latest = {row.person: row for row in rows if row.key == step_key}
    return list(latest.values())


def _lift(form: Form, question: str, row: CaseStep) -> PossibleLift | None:
    answer = row.answers.get(question)
    if not isinstance(answer, dict):
        return None
    order = list(form.bands)
    reached = outcome(answer)
    above = order[order.index(reached) + 1 :] if reached in order else []
    bands = tuple((key, form.bands[key].title) for key in above)
    return PossibleLift(row.id, question, row.person, form.title, bands) if bands else None
