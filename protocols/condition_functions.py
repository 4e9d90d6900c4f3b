"""The functions of the condition language, each declared once: what it takes, what it yields, its checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Takes(StrEnum):
    """What one argument names. Every argument is a text in quotes."""

    STEP = "step"
    JOIN = "join"
    STEP_DEADLINE = "step.deadline"
    CONTACT = "contact"
    ROLE = "role"
    RELATION = "relation"
    PERSON_FACT = "person fact"
    VALUE = "value"
    DURATION = "duration"
    QUESTION = "question"


class Yields(StrEnum):
    """What a function says: true or false, a count from 0, or a number that may be unknown (null)."""

    BOOLEAN = "boolean"
    COUNT = "count"
    NUMBER = "number"


@dataclass(frozen=True)
class Function:
    """One function. `takes` are the kinds of its arguments in order."""

    takes: tuple[Takes, ...]
    yields: Yields = Yields.BOOLEAN


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
    "count_within": Function((Takes.STEP, Takes.DURATION), Yields.COUNT),
    "people": Function((Takes.RELATION,), Yields.COUNT),
    "people_with": Function((Takes.PERSON_FACT, Takes.VALUE), Yields.COUNT),
    "bypassed": Function((Takes.ROLE,)),
    "reached": Function((Takes.CONTACT,)),
    "unanswered": Function((Takes.CONTACT,), Yields.COUNT),
    "score": Function((Takes.QUESTION,), Yields.NUMBER),
    "differs": Function((Takes.STEP,)),
}
