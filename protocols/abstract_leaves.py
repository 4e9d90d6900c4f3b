"""Finds the steps beside the way that wait for themselves, or for each other, and so can never open."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from protocols.abstract_case import AbstractCase
from protocols.abstract_focus import unanswered
from protocols.condition_functions import FUNCTIONS, Yields
from protocols.state_space import StateSpace

_NOTHING: Mapping[Yields, object] = {Yields.BOOLEAN: False, Yields.COUNT: 0, Yields.NUMBER: None}


def waiting_for_ever(space: StateSpace, states: Iterable[AbstractCase], opened: Collection[str]) -> set[str]:
    """The leaves among `opened` that open only if they, or others that wait for them, had opened before.

    The walk lets whatever a condition asks of a leaf be anything, which is more than can be as long as that
    leaf has never opened. So here leaves open one after the other, each asking only for those before it.
    """
    steps, every = space.definition.steps, list(states)
    leaning = {
        key: space.world.influence.steps(steps[key].opens_when) & space.focus.leaves for key in space.leaves
    }
    waiting = {key for key in opened if leaning.get(key)}
    while waiting:
        found = {key for key in waiting if _opens_somewhere(space, key, every, waiting)}
        if not found:
            return waiting
        waiting -= found
    return waiting


def _opens_somewhere(
    space: StateSpace, key: str, states: list[AbstractCase], never_opened: Collection[str]
) -> bool:
    step = space.definition.steps[key]
    nothing = dict(_never(space, step.opens_when.signatures, never_opened))
    holds = space.world.asker(step.opens_when, about=step.per_person, known=nothing)
    return any(holds(state) for state in states)


def _never(
    space: StateSpace, calls: Iterable[tuple[str, ...]], never_opened: Collection[str]
) -> Iterator[tuple[tuple[str, ...], tuple[object, ...]]]:
    """What calls and answers say of steps that have never opened. A join does not wait for such a branch."""
    for call in calls:
        if call[0] != "joined" and any(one in never_opened for one in space.world.influence.called(call)):
            yield call, (_NOTHING[FUNCTIONS[call[0]].yields],)
    for name, asked_in in space.definition.asked_in.items():
        if asked_in in never_opened:
            yield ("answer", name), (unanswered(space.definition.questions[name]),)
