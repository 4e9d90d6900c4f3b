"""Asks the questions of a step in a terminal, one by one, and explains an answer that cannot be used."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

import typer

if TYPE_CHECKING:
    from protocols.invented_case import InventedCase
    from protocols.kinds.fact import Kind as Fact
    from protocols.kinds.question import Kind as Question
    from protocols.state import AnswerValue, StepState

Read = TypeVar("Read")
_YES_NO = {"j": "yes", "ja": "yes", "y": "yes", "yes": "yes", "n": "no", "nej": "no", "no": "no",
           "?": "unknown", "v": "unknown", "ved ikke": "unknown", "unknown": "unknown"}  # fmt: skip
_DAY = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_CLOCK = re.compile(r"(\d{1,2})[.:](\d{2})")


class Unusable(Exception):  # noqa: N818 - a sentence to the person at the keyboard, then they are asked again
    """What was typed cannot be used; the text says in Danish what can."""


def ask(prompt: str) -> str:
    """One line from the keyboard; EOFError when there are no more."""
    return input(f"{prompt} ").strip()


def ask_until(prompt: str, read: Callable[[str], Read]) -> Read:
    """The same, until what is typed can be used."""
    while True:
        try:
            return read(ask(prompt))
        except Unusable as why:
            typer.echo(f"  {why}")


def ask_step(case: InventedCase, round_: StepState) -> Mapping[str, AnswerValue]:
    """The answers to the questions of a round that are asked under the answers before them."""
    from protocols.answers import read_answers
    from protocols.engine import questions_for
    from protocols.problems import AnswersError
    from protocols.times_ahead import times_ahead

    given: dict[str, AnswerValue] = {}
    asked: set[str] = set()
    while True:
        shown = questions_for(case.definition, round_.key, case.state, given, round_.person)
        question = next((one for one in shown if one.key not in asked), None)
        if question is None:
            return given
        answer = ask_question(case, question)
        attempt = {**given, question.key: answer} if answer is not None else given
        problems = times_ahead(case.definition, round_.key, attempt, case.now)
        try:
            read_answers(case.definition, round_.key, case.state, attempt, round_.person)
        except AnswersError as error:
            problems = {**error.problems, **problems}
        wrong = [said for name, said in problems.items() if name.partition(".")[0] == question.key]
        if wrong:
            typer.echo(f"  {' '.join(wrong)}")
            continue
        asked.add(question.key)
        given = attempt


def ask_question(case: InventedCase, question: Question) -> AnswerValue | None:
    """One answer in the form the kernel reads; None when the question is passed over."""
    optional = "" if question.required else " (Enter springer over)"
    typer.echo(f"{question.ask}{optional}")
    if question.help:
        typer.echo(f"  {question.help}")
    kind = question.type.value
    if kind == "form":
        return _form(case, question)
    if kind == "actions":
        return _actions(case)
    listed = _listed(case, question)
    for number, (_, label) in enumerate(listed, start=1):
        typer.echo(f"  {number}. {label}")
    return ask_until("  >", lambda typed: _answer(case, question, typed, [key for key, _ in listed]))


def _listed(case: InventedCase, question: Question) -> list[tuple[str, str]]:
    """What can be chosen, with its words."""
    definition = case.definition
    match question.type.value:
        case "choice" | "choices":
            return list(question.choices.items())
        case "person":
            return [(key, definition.roles[key].title) for key in question.roles]
        case "contact":
            return [(key, definition.contacts[key].title) for key in question.contacts]
        case _:
            return []


def _answer(case: InventedCase, question: Question, typed: str, keys: Sequence[str]) -> AnswerValue | None:
    if not typed:
        return None
    match question.type.value:
        case "yes_no" | "yes_no_unknown":
            answer = _YES_NO.get(typed.lower(), "")
            if answer not in question.choices:
                raise Unusable(
                    f"Svar {'ja, nej eller ?' if 'unknown' in question.choices else 'ja eller nej'}."
                )
            return answer
        case "choice" | "contact":
            return chosen(typed, keys)
        case "person":
            return {"role": chosen(typed, keys), "staff": 1}
        case "choices":
            return [chosen(one.strip(), keys) for one in typed.split(",")]
        case "date":
            return read_day(typed, case).isoformat()
        case "datetime":
            return read_instant(typed, case).astimezone(UTC).isoformat()
        case _:
            return typed


def chosen(typed: str, keys: Sequence[str]) -> str:
    """The key of a number in a list, or a key itself."""
    if typed in keys:
        return typed
    if typed.isascii() and typed.isdigit() and 1 <= int(typed[:4]) <= len(keys):
        return keys[int(typed[:4]) - 1]
    raise Unusable(f"Skriv et tal fra 1 til {len(keys)}.")


def read_day(typed: str, case: InventedCase) -> date:
    """`27-11-2026`, `2026-11-27`, `i dag`, `+14` (days from now)."""
    today = case.now.astimezone(case.zone).date()
    if typed.lower() in ("i dag", "idag"):
        return today
    if re.fullmatch(r"[+-]\d{1,4}", typed):
        return today + timedelta(days=int(typed))
    try:
        if found := _DAY.fullmatch(typed):
            return date(int(found[3]), int(found[2]), int(found[1]))
        return date.fromisoformat(typed)
    except ValueError:
        raise Unusable("Skriv en dag som 27-11-2026, i dag, eller +14 for om 14 dage.") from None


def read_instant(typed: str, case: InventedCase) -> datetime:
    """The same with a time of day behind it: `27-11-2026 16.55`; `nu` is now."""
    if typed.lower() == "nu":
        return case.now
    day, _, clock = typed.rpartition(" ")
    found = _CLOCK.fullmatch(clock)
    if not day or found is None or not (int(found[1]) < 24 and int(found[2]) < 60):
        raise Unusable("Skriv dag og klokkeslæt som 27-11-2026 16.55, eller nu.")
    at = read_day(day, case)
    return datetime(at.year, at.month, at.day, int(found[1]), int(found[2]), tzinfo=case.zone)


def _form(case: InventedCase, question: Question) -> AnswerValue | None:
    """A form item by item; asked again from the beginning when it cannot be used as a whole."""
    from protocols.form_answers import read_form

    form = case.definition.forms[question.form]
    while True:
        fields: dict[str, object] = {}
        for key, item in form.items.items():
            choices = form.choices_of(key)
            typer.echo(f"  {item.ask}" + (f"  [{_numbered(choices.values())}]" if choices else ""))
            for time in form.moments:
                name, prompt = (f"{key}.{time}", f"    {form.times[time]} >") if time else (key, "    >")
                if choices:
                    fields[name] = ask_until(prompt, _chosen_or_nothing(list(choices)))
                if form.notes:
                    fields[f"{name}.note"] = ask(f"{prompt[:-1]}note >")
        if form.overall is not None:
            typer.echo(f"  {form.overall.ask}  [{_numbered(form.overall.choices.values())}]")
            fields["overall"] = ask_until("    >", _chosen_or_nothing(list(form.overall.choices)))
        if not question.required and not any(fields.values()):
            return None
        read, problems = read_form(form, question.key, None, fields, needed=True)
        if read is not None and not problems:
            return read
        typer.echo("  " + " ".join(f"{name}: {said}" for name, said in problems.items()))


def _chosen_or_nothing(keys: Sequence[str]) -> Callable[[str], str]:
    return lambda typed: chosen(typed, keys) if typed else ""


def _numbered(labels: Iterable[str]) -> str:
    return ", ".join(f"{number} {label}" for number, label in enumerate(labels, start=1))


def _actions(case: InventedCase) -> AnswerValue | None:
    agreed: list[dict[str, str]] = []
    while what := ask("  Hvad er aftalt (Enter, når der ikke er mere)? >"):
        who = ask("    Hvem? >")
        by = ask_until("    Senest? >", lambda typed: read_day(typed, case))
        agreed.append({"what": what, "who": who, "by": str(by)})
    return agreed or None


def ask_fact(case: InventedCase, fact: Fact) -> AnswerValue | None:
    """A fact is asked like an optional question of the same type, for nobody need know it."""
    from protocols.kinds.question import Kind as Question

    choices = {"choices": fact.choices} if fact.choices else {}
    asked = {"ask": fact.ask or fact.title or fact.key, "type": fact.type.value, "required": False}
    return ask_question(case, Question.model_validate({**asked, **choices}))
