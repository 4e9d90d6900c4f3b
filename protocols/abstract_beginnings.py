"""The cases the walk begins with: one for every combination of ages and facts that conditions tell apart."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from protocols.abstract_case import AbstractCase, Answering, Move
from protocols.abstract_focus import Focus
from protocols.abstract_values import values_of
from protocols.abstract_world import AbstractWorld
from protocols.condition_syntax import Literal, Name, Operation, walk
from protocols.conditions import context_of
from protocols.entangled import bounded

AN_AGE = 20


def beginnings(world: AbstractWorld) -> Iterator[tuple[Move | None, AbstractCase]]:
    """Each with what is told of it where there are several."""
    found = list(_told_apart(world))
    of_any_age = len({case.age for case in found}) == 1
    for case in found:
        age = "unknown" if case.age is None else case.age
        told = case.facts if of_any_age else (*case.facts, ("age", age))
        yield Move("raised", told) if len(found) > 1 else None, case


def _told_apart(world: AbstractWorld) -> Iterator[AbstractCase]:
    computed = [
        (key, fact.computed)
        for key, fact in world.definition.facts.items()
        if fact.computed is not None and ("fact", key) in _names(world)
    ]
    alike: set[tuple[object, ...]] = set()
    for age in _ages(world):
        for facts in _facts(world.focus):
            case = AbstractCase(facts=facts, age=age)
            seen = tuple(world.results(one, case) for _, one in computed)
            told_apart = (facts, *seen, age) if world.focus.asks_age else (facts, *seen)
            if told_apart not in alike:
                alike.add(told_apart)
                yield case


def _names(world: AbstractWorld) -> set[tuple[str, ...]]:
    return {path for one in world.influence.conditions for path in one.names}


def _ages(world: AbstractWorld) -> list[int | None]:
    """Nobody knows the age, and one on each side of every limit the conditions mention."""
    head = world.definition.head.applies_when
    limits = {
        operand.value
        for condition in [*world.influence.conditions, head]
        for node in walk(condition.tree)
        if isinstance(node, Operation) and any(_is_age(one) for one in node.operands)
        for operand in node.operands
        if isinstance(operand, Literal) and isinstance(operand.value, int)
    }
    ages: list[int | None] = [None, AN_AGE, *sorted(limit + step for limit in limits for step in (-1, 0))]
    return [age for age in ages if head.holds(context_of({"age": age}, {}))]


def _facts(focus: Focus) -> Iterator[Answering]:
    every = itertools.product(*(values_of(fact, focus.beside) for fact in focus.facts))
    for values in bounded(every, ("facts",), "the facts"):
        yield tuple((fact.key, value) for fact, value in zip(focus.facts, values, strict=True))


def _is_age(node: object) -> bool:
    return isinstance(node, Name) and node.path == ("age",)
