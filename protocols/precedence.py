"""Which steps go before which: what one step pauses, and after which others it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from protocols.checklist import Order

if TYPE_CHECKING:
    from protocols.definition import Definition
    from protocols.kinds.step import Kind as Step
    from protocols.scope import Complaint, Scope


def paused_by(definition: Definition, step: Step) -> tuple[str, ...]:
    """The steps that wait while a round of this one is open, in the order of the file.

    `all` leaves out what runs beside the way, what interrupts, and what pauses everything itself.
    """
    if not step.pauses_all:
        return step.pauses
    return tuple(
        key
        for key, other in definition.steps.items()
        if key != step.key and not (other.beside or other.interrupts or other.pauses_all)
    )


def check_precedence(scope: Scope, step: Step) -> Iterator[Complaint]:
    """What is wrong with what a step pauses and comes after."""
    yield from _check_pauses(scope, step)
    for position, other in enumerate(step.after):
        where = ("after", position)
        yield from scope.name("steps", other, "step", where)
        if other == step.key:
            yield where, "a step cannot come after itself; remove it"
        elif step.order is Order.STRICT and other in scope.definition.steps:
            yield from _circle(scope.definition, step.key, other, where)
            if scope.definition.steps[other].standing:
                sentence = f"'{other}' is never completed, so '{step.key}' never could be either; remove it"
                yield where, sentence
    if step.order is Order.FREE:
        yield ("order",), "a step comes after others strictly or recommended; write one, or leave after out"


def _check_pauses(scope: Scope, step: Step) -> Iterator[Complaint]:
    if step.pauses_all and len(step.pauses) > 1:
        yield ("pauses",), "all stands alone; write pauses: all"
    for position, other in enumerate(() if step.pauses_all else step.pauses):
        where = ("pauses", position)
        yield from scope.name("steps", other, "step", where)
        if other == step.key:
            yield where, "a step cannot pause itself; remove it"
        elif other in scope.definition.steps:
            yield from _circle(scope.definition, other, step.key, where)
    if step.pauses_all:
        for other in paused_by(scope.definition, step):
            for _, sentence in _circle(scope.definition, other, step.key, ()):
                yield ("pauses",), sentence
    if step.standing and step.pauses and step.lapses_when is None:
        yield (
            ("pauses",),
            "a standing step is never completed, so what it pauses never goes on; say lapses_when",
        )


def _circle(
    definition: Definition, later: str, first: str, where: tuple[str | int, ...]
) -> Iterator[Complaint]:
    """A complaint when `first`, which goes before `later`, in turn has to wait for it."""
    way = _way(definition, first, later)
    if way:
        told = " waits for ".join(f"'{key}'" for key in (later, *way))
        yield where, f"the steps wait for each other: {told}; break the circle"


def _way(definition: Definition, start: str, goal: str) -> list[str]:
    """A shortest way of waiting from one step to another, empty when there is none."""
    ways, known = [[start]], {start}
    for way in ways:
        for following in _waits_for(definition, way[-1]):
            if following == goal:
                return [*way, goal]
            if following not in known:
                known.add(following)
                ways.append([*way, following])
    return []


def _waits_for(definition: Definition, key: str) -> list[str]:
    """The steps that go before one: those that pause it, and those it comes strictly after."""
    step = definition.steps.get(key)
    if step is None:
        return []
    strictly = list(step.after) if step.order is Order.STRICT else []
    pausing = [
        other for other, one in definition.steps.items() if one.pauses and key in paused_by(definition, one)
    ]
    return strictly + pausing
