"""The functions of the condition language, each declared once: what it takes, what it yields, its checks."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from protocols.condition_syntax import Call, Literal, Node
from protocols.windows import window


class Takes(StrEnum):
    """What one argument names, as a complaint calls it. Every argument is a text in quotes."""

    STEP = "step"
    ASSESSED_STEP = "step with a second_assessor"
    JOIN = "join"
    STEP_DEADLINE = "deadline"
    CONTACT = "contact"
    ROLE = "role"
    RELATION = "relation"
    PERSON_FACT = "fact of a person"
    VALUE = "value"
    DURATION = "length of time"
    FORM_QUESTION = "question of type form"


class Yields(StrEnum):
    """What a function says: true or false, a count from 0, or a number that may be unknown (null)."""

    BOOLEAN = "boolean"
    COUNT = "count"
    NUMBER = "number"

    @property
    def values(self) -> tuple[object, ...]:
        """What to try; of counts and numbers only the first ones."""
        return {"boolean": (False, True), "count": (0, 1, 2), "number": (None, 0, 1)}[self.value]


@dataclass(frozen=True)
class Function:
    """One function. `takes` are the kinds of its arguments in order.

    `loose` ones say what no step's state says; the walk lets them change by themselves.
    """

    takes: tuple[Takes, ...]
    yields: Yields = Yields.BOOLEAN
    loose: bool = False


# `World` has a method of the same name for each; nothing else needs to know of a new one.
FUNCTIONS: Mapping[str, Function] = {
    "done": Function((Takes.STEP,)),
    "is_open": Function((Takes.STEP,)),
    "settled": Function((Takes.STEP,)),
    "rounds": Function((Takes.STEP,), Yields.COUNT),
    "later": Function((Takes.STEP, Takes.STEP)),
    "settled_later": Function((Takes.STEP, Takes.STEP)),
    "joined": Function((Takes.JOIN,)),
    "expired": Function((Takes.STEP_DEADLINE,)),
    "count_within": Function((Takes.STEP, Takes.DURATION), Yields.COUNT, loose=True),
    "people": Function((Takes.RELATION,), Yields.COUNT),
    "people_with": Function((Takes.PERSON_FACT, Takes.VALUE), Yields.COUNT),
    "bypassed": Function((Takes.ROLE,), loose=True),
    "reached": Function((Takes.CONTACT,), loose=True),
    "unanswered": Function((Takes.CONTACT,), Yields.COUNT, loose=True),
    "score": Function((Takes.FORM_QUESTION,), Yields.NUMBER, loose=True),
    "differs": Function((Takes.ASSESSED_STEP,), loose=True),
}
# CEL's own; it takes a list or a text instead of names.
SIZE = "size"


@dataclass(frozen=True)
class Names:
    """What the arguments of functions may be, by kind; `values` are those of each fact of a person."""

    known: Mapping[Takes, Collection[str]] = field(default_factory=dict)
    values: Mapping[str, Collection[str]] = field(default_factory=dict)
    # Names that would be known if they were written otherwise, each with what to do.
    nearly: Mapping[tuple[Takes, str], str] = field(default_factory=dict)


def complaints_about(call: Call, names: Names) -> Iterator[str]:
    """What is wrong with a call: an unknown function, too few arguments, an argument that names nothing."""
    if call.function == SIZE:
        if len(call.arguments) != 1:
            yield "size() takes one list or text"
        return
    function = FUNCTIONS.get(call.function)
    if function is None:
        close = difflib.get_close_matches(call.function, FUNCTIONS, n=1)
        hint = f"did you mean '{close[0]}'?" if close else f"there are {', '.join([*FUNCTIONS, SIZE])}"
        yield f"unknown function '{call.function}'; {hint}"
    elif len(call.arguments) != len(function.takes):
        yield f"{call.function}() takes {_wanted(function.takes)} in quotes"
    else:
        for kind, argument in zip(function.takes, call.arguments, strict=True):
            yield from _argument(call, kind, argument, names)


def _wanted(takes: tuple[Takes, ...]) -> str:
    if len(set(takes)) < len(takes):
        return f"{len(takes)} {takes[0]}s"
    return " and ".join(f"a {kind}" for kind in takes)


def _argument(call: Call, kind: Takes, argument: Node, names: Names) -> Iterator[str]:
    if not isinstance(argument, Literal) or not isinstance(argument.value, str):
        yield f"{call.function}() takes the key of a {kind} in quotes"
        return
    check = _CHECKS.get(kind, _named)
    yield from check(call, kind, argument.value, names)


def _named(call: Call, kind: Takes, name: str, names: Names) -> Iterator[str]:
    known = names.known.get(kind, ())
    if name in known:
        return
    if nearly := names.nearly.get((kind, name)):
        yield nearly
        return
    close = difflib.get_close_matches(name, [one for one in known if " " not in one and "-" not in one], n=1)
    yield f"unknown {kind} '{name}'" + (f"; did you mean '{close[0]}'?" if close else "")


def _value(call: Call, kind: Takes, value: str, names: Names) -> Iterator[str]:
    fact = call.arguments[0]
    allowed = names.values.get(str(fact.value), ()) if isinstance(fact, Literal) else ()
    if allowed and value not in allowed:
        yield f"'{value}' can never be the answer; it is one of {', '.join(allowed)}"


def _duration(call: Call, kind: Takes, written: str, names: Names) -> Iterator[str]:
    try:
        window(written)
    except ValueError as error:
        yield str(error)


_CHECKS: Mapping[Takes, Callable[[Call, Takes, str, Names], Iterator[str]]] = {
    Takes.VALUE: _value,
    Takes.DURATION: _duration,
}
