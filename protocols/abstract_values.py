"""What facts, answers and calls can be on the walk: only what conditions can tell apart."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping

from protocols.condition_functions import FUNCTIONS, Yields
from protocols.condition_syntax import Literal, Name, Node, Operation, signatures, walk
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.kinds.fact import FactType
from protocols.kinds.fact import Kind as Fact
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType

# A name such as ("answer", "worried"), or a call such as ("done", "talk").
Asked = tuple[str, ...]
# The texts and numbers that each of them is compared with.
Beside = Mapping[Asked, Collection[object]]

A_TEXT, A_DAY = "tekst", "2026-11-27"
_COMPARING = frozenset({"==", "!=", "<", "<=", ">", ">=", "in"})
# Of so many choices that conditions name, every combination is tried.
_COMBINED = 3


def beside(definition: Definition, conditions: Iterable[Condition]) -> Beside:
    """What each name and call is compared with, also where a computed fact stands between them."""
    found: dict[Asked, set[object]] = {}
    for condition in conditions:
        for node in walk(condition.tree):
            if isinstance(node, Operation) and node.operator in _COMPARING:
                literals = {one.value for one in walk(node) if isinstance(one, Literal)}
                for asked in _asked_in(node):
                    found.setdefault(asked, set()).update(literals)
    # A fact leans only on facts above it, so from below each is known when those it leans on are met.
    for key, fact in reversed(list(definition.facts.items())):
        if fact.computed is not None:
            for asked in (*fact.computed.names, *fact.computed.signatures):
                found.setdefault(asked, set()).update(found.get(("fact", key), ()))
    return found


def _asked_in(node: Node) -> Iterator[Asked]:
    yield from (one.path for one in walk(node) if isinstance(one, Name))
    yield from signatures(node)


def said(call: Asked, there: Beside) -> tuple[object, ...]:
    """Everything a function may say, what it says at first before the rest."""
    yields = FUNCTIONS[call[0]].yields
    if yields is Yields.BOOLEAN:
        return (False, True)
    first: object = 0 if yields is Yields.COUNT else None
    return (first, *(one for one in _near(there.get(call, ())) if one >= 0 and one != first))


def values_of(fact: Fact, there: Beside) -> tuple[object, ...]:
    """What a fact can be. Nobody may know a number or a day, and then it may have no safe reading."""
    literals = {*there.get(("fact", fact.key), ()), *there.get(("person", fact.key), ())}
    nobody_knows = () if fact.when_unknown is not None else (None,)
    match fact.type:
        case FactType.NUMBER:
            return (*nobody_knows, *(_near(literals) or (0, 1)))
        case FactType.TEXT:
            # Any text that is none of those named is as good as any other, but for one that is empty.
            return ("", *([A_TEXT] if "" in literals else []), *_texts(literals))
        case FactType.DATE:
            return (*nobody_knows, A_DAY, *_texts(literals))
        case _:
            return fact.allowed


def answers_to(question: Question, there: Beside) -> tuple[object, ...]:
    """The answers to a question; of a form these are its outcomes, which the form knows."""
    literals = {*there.get(("answer", question.key), ()), *there.get(("given", question.key), ())}
    match question.type:
        case QuestionType.CHOICES:
            return _chosen(list(question.choices), literals)
        case QuestionType.PERSON:
            return question.roles
        case QuestionType.CONTACT:
            return question.contacts
        case QuestionType.NUMBER:
            return _near(literals) or (0, 1)
        case QuestionType.ACTIONS:
            return tuple(sorted({1, *(one for one in _near(literals) if one > 0)}))
        case QuestionType.TEXT | QuestionType.LONG_TEXT:
            return (A_TEXT, *_texts(literals))
        case QuestionType.DATE | QuestionType.DATETIME:
            return (A_DAY, *_texts(literals))
        case _:
            return tuple(question.choices)


def _near(literals: Iterable[object]) -> tuple[int | float, ...]:
    """The numbers among them, and those just below and above."""
    numbers = [one for one in literals if isinstance(one, int | float) and not isinstance(one, bool)]
    return tuple(sorted({one + step for one in numbers for step in (-1, 0, 1)}))


def _texts(literals: Iterable[object]) -> tuple[str, ...]:
    return tuple(sorted(one for one in literals if isinstance(one, str) and one not in ("", A_TEXT, A_DAY)))


def _chosen(choices: list[str], literals: Collection[object]) -> tuple[tuple[str, ...], ...]:
    """One choice nobody speaks of, those spoken of in combinations, and as many as somebody counts."""
    named = [key for key in choices if key in literals]
    found: list[tuple[str, ...]] = []
    found += [(key,) for key in choices if key not in literals][:1]
    most = len(named) if len(named) <= _COMBINED else 1
    found += [one for size in range(1, most + 1) for one in itertools.combinations(named, size)]
    found += [tuple(named)] if named else []
    found += [tuple(choices[:size]) for size in range(1, len(choices) + 1) if size in _near(literals)]
    return tuple(dict.fromkeys(found))
