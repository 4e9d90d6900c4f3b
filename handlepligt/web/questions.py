"""Draws a protocol's questions as fields and reads what was typed in them back."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from handlepligt.cases.view_steps import OpenStep
from handlepligt.domain import wording
from handlepligt.web.forms import Choice, Field, Form, instant, parse_clock, parse_day
from handlepligt.web.part_fields import action_parts, form_parts, read_parts
from handlepligt.web.rendering import local_day, local_time
from protocols.definition import Definition
from protocols.explaining import explain_asked
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType

PREFIX = "q."
_KINDS = {
    QuestionType.YES_NO: "radio",
    QuestionType.YES_NO_UNKNOWN: "radio",
    QuestionType.CHOICE: "radio",
    QuestionType.CHOICES: "checkboxes",
    QuestionType.TEXT: "text",
    QuestionType.LONG_TEXT: "long_text",
    QuestionType.DATE: "date",
    QuestionType.DATETIME: "datetime",
    QuestionType.NUMBER: "number",
    QuestionType.PERSON: "select",
    QuestionType.CONTACT: "select",
    QuestionType.FORM: "group",
    QuestionType.ACTIONS: "group",
}
_NOBODY = Choice("", "Vælg")


def step_fields(
    step: OpenStep, definition: Definition, form: Form, problems: Mapping[str, str], now: datetime
) -> list[Field]:
    """The fields of an open step, holding what was typed; moments nobody has typed begin as now."""
    scope = f"{step.row.person}-" if step.row.person else ""
    fields: list[Field] = []
    for question in step.questions:
        choices = _choices(question, definition)
        if question.type is QuestionType.PERSON:
            people = step.people[question.key]
            choices = (_NOBODY, *(Choice(f"{role}:{staff}", label) for role, staff, label in people))
        fields.append(
            question_field(
                question,
                PREFIX,
                form,
                problems,
                choices=choices,
                definition=definition,
                is_asked=question.key in step.asked,
                now=now,
                scope=scope,
                parts=_parts(step, question, definition, form, problems, scope),
            )
        )
    return fields


def _parts(
    step: OpenStep,
    question: Question,
    definition: Definition,
    form: Form,
    problems: Mapping[str, str],
    scope: str,
) -> tuple[Field, ...]:
    name = PREFIX + question.key
    if question.type is QuestionType.FORM:
        sheet, may_lift = definition.forms[question.form], question.key in step.liftable
        return form_parts(sheet, name, form, problems, scope=scope, may_lift=may_lift)
    if question.type is QuestionType.ACTIONS:
        return action_parts(name, form, problems, scope=scope)
    return ()


def question_field(
    question: Question,
    prefix: str,
    form: Form,
    problems: Mapping[str, str],
    *,
    choices: tuple[Choice, ...] = (),
    definition: Definition | None = None,
    is_asked: bool = True,
    now: datetime | None = None,
    scope: str = "",
    parts: tuple[Field, ...] = (),
) -> Field:
    """One question as a field whose name is `prefix` and the question's key."""
    name = prefix + question.key
    only_when = explain_asked(question.asked_when, definition) if question.asked_when and definition else ""
    values = form.many(name)
    if question.type is QuestionType.DATETIME:
        values = (form.text(f"{name}.date"), form.text(f"{name}.time"))
        if not any(values) and now is not None and not form.values:
            values = (local_day(now), local_time(now))
    return Field(
        name=name,
        label=question.ask,
        kind=_KINDS[question.type],
        value=form.text(name),
        values=values,
        choices=choices or tuple(Choice(key, label) for key, label in question.choices.items()),
        help=question.help,
        required=question.required,
        problem=problems.get(name, ""),
        longest=wording.LINE if question.type is QuestionType.TEXT else wording.LETTER,
        only_when=only_when,
        is_asked=is_asked,
        scope=scope,
        parts=parts,
    )


def read_questions(
    questions: Iterable[Question], prefix: str, form: Form
) -> tuple[dict[str, object], dict[str, str]]:
    """The raw answers for the use case, and what this face itself could not read, by field name."""
    answers: dict[str, object] = {}
    problems: dict[str, str] = {}
    for question in questions:
        name = prefix + question.key
        value: object = form.line(name)
        if question.type.has_parts:
            answers |= read_parts(question, name, form)
            continue
        match question.type:
            case QuestionType.CHOICES:
                value = list(form.many(name))
            case QuestionType.DATE:
                on = parse_day(form.text(name))
                value = on.isoformat() if on else form.line(name)
            case QuestionType.DATETIME:
                value, wrong = read_moment(form, name)
                if wrong:
                    problems[name] = wrong
            case QuestionType.PERSON:
                role, _, staff = form.line(name).partition(":")
                is_id = staff.isascii() and staff.isdigit() and len(staff) < 10
                value = {"role": role, "staff": int(staff)} if is_id else form.line(name)
            case _:
                pass
        if value not in ("", []):
            answers[question.key] = value
    return answers, problems


def read_moment(form: Form, name: str) -> tuple[str, str]:
    """A date and a time of day as an ISO instant in UTC, or a Danish sentence about what is missing."""
    written_day, written_time = form.line(f"{name}.date"), form.line(f"{name}.time")
    if not written_day and not written_time:
        return "", ""
    on, at = parse_day(written_day), parse_clock(written_time)
    if on is None:
        return "", "Skriv datoen som dag, måned og år."
    if at is None:
        return "", "Skriv klokkeslættet som timer og minutter, for eksempel 16.55."
    try:
        return instant(on, at).isoformat(), ""
    except OverflowError:
        return "", "Skriv en dato, der kan bruges."


def given_so_far(questions: Iterable[Question], answers: Mapping[str, object]) -> dict[str, object]:
    """What is typed while the form is being filled in, without what the rules could not compare.

    What a half-filled form comes to, or how much has been agreed, nobody can say before all of it is read.
    """
    kinds = {question.key: question.type for question in questions}
    return {
        key: value
        for key, value in answers.items()
        if key in kinds
        and not (kinds[key] is QuestionType.PERSON and not isinstance(value, dict))
        and not (kinds[key] is QuestionType.NUMBER and isinstance(value, str))
    }


def _choices(question: Question, definition: Definition) -> tuple[Choice, ...]:
    if question.type is not QuestionType.CONTACT:
        return ()
    known = [definition.contacts[key] for key in question.contacts if key in definition.contacts]
    return (_NOBODY, *(Choice(contact.key, contact.title) for contact in known))
