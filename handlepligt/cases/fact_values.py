"""Reads what is said of a case or of a linked person: facts of the protocol, each checked for its type."""

import math
from collections.abc import Mapping
from datetime import date, timedelta

from handlepligt.domain import danish_time, wording
from protocols.definition import Definition
from protocols.kinds.fact import FactType
from protocols.kinds.fact import Kind as Fact

EARLIEST = date(1900, 1, 1)
FURTHEST = timedelta(days=3653)
LARGEST_NUMBER = 1_000_000_000
_UNKNOWN = (None, "", "unknown")


def facts_of_case(definition: Definition) -> dict[str, Fact]:
    """The facts that are asked of a case, by key."""
    return {one.key: one for one in definition.intake_facts if not one.is_of_a_person}


def facts_of_person(definition: Definition, relation: str) -> dict[str, Fact]:
    """The facts that are asked of a person linked with this relation, by key."""
    return {key: one for key, one in definition.facts.items() if one.concerns(relation)}


def read_facts(
    asked: Mapping[str, Fact], given: Mapping[str, object], *, today: date
) -> tuple[dict[str, object], dict[str, str]]:
    """The facts as they are kept, and a Danish sentence for each that cannot be used.

    What is unanswered or unknown is left out: it has its safe reading. `today` is the local day.
    """
    problems = {key: "Spørgsmålet findes ikke i denne arbejdsgang." for key in given if key not in asked}
    known: dict[str, object] = {}
    for key, fact in asked.items():
        value = given.get(key)
        if isinstance(value, str):
            value = wording.tidied(value)
        if value in _UNKNOWN:
            continue
        try:
            known[key] = _READERS[fact.type](fact, value, today)
        except ValueError as error:
            problems[key] = str(error)
    return known, problems


def fact_in_words(fact: Fact, value: object) -> str:
    """A kept fact as a person reads it; what is not known is said to be so."""
    if value in _UNKNOWN:
        return "Ved ikke"
    if fact.type is FactType.DATE:
        return danish_time.day(date.fromisoformat(str(value)))
    if fact.type is FactType.NUMBER:
        return str(value).replace(".", ",")
    words = fact.choices if fact.type is FactType.CHOICE else {"yes": "Ja", "no": "Nej"}
    return words.get(str(value), str(value))


def changes_in_words(
    asked: Mapping[str, Fact], before: Mapping[str, object], after: Mapping[str, object]
) -> str:
    """One line a fact that changed: the question, what was said before, what is said now."""
    return "\n".join(
        f"{fact.ask} Før: {fact_in_words(fact, before.get(key))}. Nu: {fact_in_words(fact, after.get(key))}."
        for key, fact in asked.items()
        if before.get(key) != after.get(key)
    )


def _allowed(fact: Fact, value: object, _today: date) -> object:
    if value not in fact.allowed:
        raise ValueError("Vælg et af svarene.")
    return value


def _text(_fact: Fact, value: object, _today: date) -> object:
    if not isinstance(value, str):
        raise ValueError("Skriv svaret som tekst.")
    if sentence := wording.problem_with(value, limit=wording.LINE, lines=False):
        raise ValueError(sentence)
    return value


def _number(_fact: Fact, value: object, _today: date) -> object:
    if isinstance(value, str):
        try:
            value = int(value) if value.lstrip("-").isdecimal() else float(value.replace(",", "."))
        except ValueError:
            raise ValueError("Skriv et tal.") from None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("Skriv et tal.")
    if abs(value) > LARGEST_NUMBER:
        raise ValueError("Tallet er for stort.")
    return value


def _date(fact: Fact, value: object, today: date) -> object:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("Skriv en dato, for eksempel 2026-11-27.") from None
    if not EARLIEST <= day <= today + FURTHEST:
        raise ValueError("Datoen skal ligge efter år 1900 og højst ti år frem. Ret den.")
    # What deadlines are counted from has happened; other dates, such as a hearing, may be agreed ahead.
    if fact.moment is not None and day > today:
        raise ValueError("Datoen ligger i fremtiden. Skriv, hvornår det skete.")
    return day.isoformat()


_READERS = {
    FactType.YES_NO: _allowed,
    FactType.CHOICE: _allowed,
    FactType.TEXT: _text,
    FactType.NUMBER: _number,
    FactType.DATE: _date,
}
