"""Plausible answers to whatever a protocol asks, so that the demo needs no list of questions."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from sqlmodel import Session

from handlepligt.cases.case_state import state_of
from handlepligt.cases.people import resolve
from models import Case
from protocols.definition import Definition
from protocols.engine import questions_for
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.state import AnswerValue, CaseState


def answers_for(
    session: Session,
    case: Case,
    definition: Definition,
    step_key: str,
    at: datetime,
    chosen: Mapping[str, str],
) -> dict[str, AnswerValue]:
    """A plausible answer to every question the step asks, with those `chosen` by the story."""
    state = state_of(session, case, at)
    given: dict[str, AnswerValue] = {}
    for _round in definition.step(step_key).questions:
        for question in _unanswered(definition, step_key, state, given):
            value = chosen.get(question.key) or plain_answer(question, at)
            if question.type is QuestionType.PERSON:
                role = question.roles[0]
                value = {"role": role, "staff": resolve(session, definition, role, case, at)[0].id}
            given[question.key] = value
    return given


def _unanswered(
    definition: Definition, step_key: str, state: CaseState, given: Mapping[str, AnswerValue]
) -> Iterator[Question]:
    for question in questions_for(definition, step_key, state, given):
        if question.key not in given and (question.required or question.type is QuestionType.LONG_TEXT):
            yield question


def plain_answer(question: Question, at: datetime) -> AnswerValue:
    """The least alarming answer to a question: no, the first choice, now."""
    match question.type:
        case QuestionType.YES_NO | QuestionType.YES_NO_UNKNOWN:
            return question.must_be or "no"
        case QuestionType.CHOICE:
            return question.must_be or next(iter(question.choices))
        case QuestionType.CHOICES:
            return next(iter(question.choices))
        case QuestionType.DATE:
            return (at + timedelta(days=10 if question.sets.next_followup else 0)).date().isoformat()
        case QuestionType.DATETIME:
            return at.astimezone(UTC).isoformat()
        case QuestionType.NUMBER:
            return 1
        case QuestionType.CONTACT:
            return question.contacts[0]
        case _:
            return "Opdigtet demotekst."
