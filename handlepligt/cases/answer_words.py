"""Answers in words, for the reader of a settled step, of a request to close, of what was said at intake."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from handlepligt.cases.part_words import actions_in_words, form_in_words
from handlepligt.domain import danish_time
from models import Staff
from protocols.definition import Definition
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType


@dataclass(frozen=True)
class AnswerLine:
    """A question and what was answered, in words; `points` are the parts of an answer that has some."""

    question: str
    answer: str
    points: tuple[str, ...] = ()


def answer_lines(
    session: Session,
    definition: Definition,
    questions: Mapping[str, Question],
    answers: Mapping[str, object],
) -> tuple[AnswerLine, ...]:
    """Answers in words, in the order they are asked."""
    return tuple(
        _line(session, definition, question, answers[key])
        for key, question in questions.items()
        if key in answers
    )


def _line(session: Session, definition: Definition, question: Question, value: object) -> AnswerLine:
    match question.type:
        case QuestionType.FORM if isinstance(value, dict):
            return AnswerLine(question.ask, *form_in_words(definition.forms[question.form], value))
        case QuestionType.ACTIONS:
            return AnswerLine(question.ask, "", actions_in_words(definition, value))
        case _:
            return AnswerLine(question.ask, _in_words(session, definition, question, value))


def _in_words(session: Session, definition: Definition, question: Question, value: object) -> str:
    match question.type:
        case QuestionType.CHOICES:
            chosen = value if isinstance(value, list) else [value]
            return ", ".join(question.choices.get(str(one), str(one)) for one in chosen)
        case QuestionType.CONTACT:
            contact = definition.contacts.get(str(value))
            return contact.title if contact else str(value)
        case QuestionType.PERSON if isinstance(value, dict):
            person = session.get(Staff, int(str(value["staff"])))
            role = definition.roles.get(str(value["role"]))
            return f"{person.name if person else 'ukendt'} ({role.title.lower() if role else value['role']})"
        case QuestionType.DATE:
            return danish_time.day(date.fromisoformat(str(value)))
        case QuestionType.DATETIME:
            return danish_time.full(datetime.fromisoformat(str(value)), definition.head.zone)
        case _:
            return question.choices.get(str(value), str(value))
