"""Reads what a form or a program sent as answers to a step, and says in Danish what cannot be used."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from handlepligt.domain import wording
from protocols.action_answers import read_actions
from protocols.definition import Definition
from protocols.form_answers import read_form
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.problems import AnswersError
from protocols.state import AnswerValue, CaseState
from protocols.world import World

LARGEST_NUMBER = 1_000_000_000
_BLANK: tuple[object, ...] = (None, "", [], {})


class _Refused(Exception):  # noqa: N818 - inner signal, never leaves this module
    """One answer cannot be used; the text is Danish."""


def read_answers(
    definition: Definition, step_key: str, state: CaseState, raw: Mapping[str, object], person: str = ""
) -> Mapping[str, AnswerValue]:
    """The answers in their stored form, in the order they are asked.

    `person` is whom the round is about, where there is one line of rounds for each linked person. A form and
    agreed actions come as they are stored or field by field (`question.item.time`, `question.0.what`).
    Unanswered optional questions are left out, and so is a blank answer to a question that is not asked; a
    real answer to one is refused. AnswersError names every question at once.
    """
    step = definition.step(step_key)
    below = _below(step.questions, raw)
    problems = {
        key: "Spørgsmålet findes ikke i dette trin."
        for key in raw
        if key not in step.questions and not _is_part(step.questions, key)
    }
    read: dict[str, AnswerValue] = {}
    # A question may depend on answers above it, so each is read with those already accepted.
    for key, question in step.questions.items():
        world = World(definition, state, read, person)
        value, parts = _tidied(raw.get(key)), below.get(key, {})
        asked = question.asked_when is None or question.asked_when.holds(world.context)
        needed = asked and (
            question.required
            or (question.required_when is not None and question.required_when.holds(world.context))
        )
        if value in _BLANK and not any(part not in _BLANK for part in parts.values()):
            if needed:
                problems |= _lacking(definition, state, question)
            continue
        if not asked and _depends_on(question, problems):
            continue
        if not asked:
            problems[key] = "Spørgsmålet stilles ikke efter de øvrige svar. Slet svaret, eller ret de andre."
            continue
        if question.type.has_parts:
            found, wrong = _read_parts(definition, state, question, value, parts)
            problems |= wrong
            if found not in _BLANK and not wrong:
                read[key] = found
            elif needed and not wrong:
                problems |= _lacking(definition, state, question)
            continue
        try:
            read[key] = _read(offered(question, world), value)
        except _Refused as refused:
            problems[key] = str(refused)
    if problems:
        raise AnswersError(f"answers to {step_key} refused: {sorted(problems)}", problems=problems)
    return read


def offered(question: Question, world: World) -> Question:
    """The question with only the choices that can be chosen in this world."""
    if not question.offered_when:
        return question
    choices = {
        key: label
        for key, label in question.choices.items()
        if key not in question.offered_when or question.offered_when[key].holds(world.context)
    }
    return question.model_copy(update={"choices": choices})


def may_be_ahead(question: Question, world: World) -> bool:
    """Whether the answer may lie in the future after what has been answered above it."""
    if question.may_be_ahead and question.ahead_when is not None:
        return question.ahead_when.holds(world.context)
    return question.looks_ahead


def _is_part(questions: Mapping[str, Question], key: str) -> bool:
    name, dot, _ = key.partition(".")
    return dot != "" and name in questions and questions[name].type.has_parts


def _below(questions: Mapping[str, Question], raw: Mapping[str, object]) -> dict[str, dict[str, object]]:
    """The fields that are part of an answer, by question and by the rest of their name."""
    found: dict[str, dict[str, object]] = {}
    for key, value in raw.items():
        if _is_part(questions, key):
            name, _, part = key.partition(".")
            found.setdefault(name, {})[part] = _tidied(value)
    return found


def _lacking(definition: Definition, state: CaseState, question: Question) -> dict[str, str]:
    """What to say of a question that must be answered and was not touched."""
    if question.type is QuestionType.FORM:
        return _read_parts(definition, state, question, None, {})[1]
    return {question.key: "Spørgsmålet skal besvares."}


def _read_parts(
    definition: Definition, state: CaseState, question: Question, value: object, parts: Mapping[str, object]
) -> tuple[AnswerValue, dict[str, str]]:
    if question.type is QuestionType.ACTIONS:
        today = state.now.astimezone(ZoneInfo(definition.head.zone)).date()
        return read_actions(question.key, value, parts, today=today)
    form = definition.forms[question.form]
    read, problems = read_form(form, question.key, value, parts, needed=True)
    return read or {}, problems


def read_fields(
    questions: Mapping[str, Question], raw: Mapping[str, object]
) -> tuple[dict[str, AnswerValue], dict[str, str]]:
    """Answers to fields that depend on no state (an end's, an authority's), and a sentence per problem."""
    problems = {key: "Feltet findes ikke." for key in raw if key not in questions}
    read: dict[str, AnswerValue] = {}
    for key, question in questions.items():
        value = _tidied(raw.get(key))
        if value in _BLANK:
            if question.required:
                problems[key] = "Feltet skal udfyldes."
            continue
        try:
            read[key] = _read(question, value)
        except _Refused as refused:
            problems[key] = str(refused)
    return read, problems


def _depends_on(question: Question, refused: Mapping[str, str]) -> bool:
    """Whether a refused answer decides if the question is asked; then only that answer is complained of."""
    names = question.asked_when.names if question.asked_when is not None else frozenset()
    return any(("given", key) in names for key in refused)


def _tidied(value: object) -> object:
    return wording.tidied(value) if isinstance(value, str) else value


def _read(question: Question, value: object) -> AnswerValue:
    read = _READERS[question.type](question, value)
    if question.must_be and read != question.must_be:
        raise _Refused(question.must_be_message)
    return read


def _choice(question: Question, value: object) -> AnswerValue:
    if not isinstance(value, str) or value not in question.choices:
        raise _Refused(f"Vælg et af svarene: {', '.join(question.choices.values())}.")
    return value


def _choices(question: Question, value: object) -> AnswerValue:
    chosen = [value] if isinstance(value, str) else value
    if not isinstance(chosen, list) or any(one not in question.choices for one in map(str, chosen)):
        raise _Refused(f"Vælg blandt svarene: {', '.join(question.choices.values())}.")
    return [key for key in question.choices if key in chosen]


def _text(question: Question, value: object) -> AnswerValue:
    if not isinstance(value, str):
        raise _Refused("Skriv svaret som tekst.")
    is_long = question.type is QuestionType.LONG_TEXT
    sentence = wording.problem_with(value, limit=wording.LETTER if is_long else wording.LINE, lines=is_long)
    if sentence is not None:
        raise _Refused(sentence)
    return value


def _date(_question: Question, value: object) -> AnswerValue:
    try:
        if not isinstance(value, str) or len(value) != len("2026-11-27"):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise _Refused("Skriv en dato, for eksempel 2026-11-27.") from None


def _datetime(_question: Question, value: object) -> AnswerValue:
    try:
        if not isinstance(value, str):
            raise ValueError
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise _Refused("Skriv tidspunktet med tidszone.")
        return instant.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        raise _Refused("Skriv dato og klokkeslæt, for eksempel 2026-11-27T16:55.") from None


def _number(_question: Question, value: object) -> AnswerValue:
    if isinstance(value, str):
        try:
            value = int(value) if value.lstrip("-").isdigit() else float(value.replace(",", "."))
        except ValueError:
            raise _Refused("Skriv et tal.") from None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise _Refused("Skriv et tal.")
    if abs(value) > LARGEST_NUMBER:
        raise _Refused("Tallet er for stort.")
    return value


def _person(question: Question, value: object) -> AnswerValue:
    if isinstance(value, Mapping) and set(value) == {"role", "staff"}:
        role, staff = value["role"], value["staff"]
        if role in question.roles and isinstance(staff, int) and not isinstance(staff, bool) and staff > 0:
            return {"role": role, "staff": staff}
    raise _Refused("Vælg en medarbejder på listen.")


def _contact(question: Question, value: object) -> AnswerValue:
    if not isinstance(value, str) or value not in question.contacts:
        raise _Refused("Vælg en kontakt på listen.")
    return value


_READERS = {
    QuestionType.YES_NO: _choice,
    QuestionType.YES_NO_UNKNOWN: _choice,
    QuestionType.CHOICE: _choice,
    QuestionType.CHOICES: _choices,
    QuestionType.TEXT: _text,
    QuestionType.LONG_TEXT: _text,
    QuestionType.DATE: _date,
    QuestionType.DATETIME: _datetime,
    QuestionType.NUMBER: _number,
    QuestionType.PERSON: _person,
    QuestionType.CONTACT: _contact,
}
