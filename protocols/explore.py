"""Walks the finite state space of a definition: dead ends, unreachable steps, open cases without a date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from protocols.abstract_case import AbstractCase, Move, StateSpace
from protocols.definition import Definition
from protocols.scope import Complaint
from protocols.yaml_source import Where

# More states than any sensible protocol has under the abstraction; beyond it the walk says it was cut short.
MOST_STATES = 4_000


@dataclass
class Exploration:
    """What the walk saw. `complaints` are places in the file with what is wrong there."""

    complaints: tuple[Complaint, ...] = ()
    states: int = 0
    complete: bool = True
    opened: set[str] = field(default_factory=set)
    settled: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    # Each step's answers that were given somewhere on the walk, as (question, value).
    branches: set[tuple[str, object]] = field(default_factory=set)


@dataclass(frozen=True)
class _Way:
    """A state and how it was reached, as a chain back to the beginning."""

    state: AbstractCase
    before: _Way | None = None
    move: Move | None = None

    def __str__(self) -> str:
        moves: list[str] = []
        way: _Way | None = self
        while way is not None and way.move is not None:
            moves.append(str(way.move))
            way = way.before
        return " -> ".join(reversed(moves)) or "at once"


def explore(definition: Definition, *, most_states: int = MOST_STATES) -> Exploration:
    """Walks breadth first, so that the first way into trouble that is found is a shortest one.

    Only the answers that conditions look at are told apart, loops are followed for two rounds, and of several
    open steps the first and the last in the file are acted on: together that meets every answer of every step
    early and late, without walking every order in which people could work.
    """
    space = StateSpace(definition)
    seen = Exploration()
    complaints: dict[tuple[Where, str], None] = {}
    waiting = [_Way(state) for state in space.beginnings()]
    known = {way.state for way in waiting}
    can_end: set[AbstractCase] = set()
    before: dict[AbstractCase, list[AbstractCase]] = {}
    ways: list[_Way] = []
    while waiting:
        if len(known) > most_states:
            seen.complete = False
            break
        following: list[_Way] = []
        for way in waiting:
            ways.append(way)
            seen.opened |= way.state.opened
            seen.settled |= way.state.settled
            endings = space.endings(way.state)
            seen.ends |= set(endings)
            if endings:
                can_end.add(way.state)
            for where, sentence in space.troubles(way.state, endings):
                complaints.setdefault((where, sentence), None)
            for move, state in space.moves(way.state):
                seen.branches |= set(move.answers)
                before.setdefault(state, []).append(way.state)
                if state not in known:
                    known.add(state)
                    following.append(_Way(state, way, move))
        waiting = following
    seen.states = len(known)
    found = list(complaints)
    found += _unreached(definition, seen)
    if seen.complete:
        found += _stranded(ways, can_end, before)
    seen.complaints = tuple(found)
    return seen


def _unreached(definition: Definition, seen: Exploration) -> Iterator[Complaint]:
    if not seen.complete:
        return
    for key, step in definition.steps.items():
        if key not in seen.opened:
            yield ("steps", key), f"the step '{key}' can never open; mend opens_when or remove the step"
        elif key not in seen.settled and not step.standing:
            yield ("steps", key), f"the step '{key}' can never end; no answers get past its questions and rules"
    for key in definition.ends:
        if key not in seen.ends:
            yield ("ends", key), f"no case can ever end with '{key}'; mend allowed_when or the rules on close"


def _stranded(
    ways: list[_Way], can_end: set[AbstractCase], before: dict[AbstractCase, list[AbstractCase]]
) -> Iterator[Complaint]:
    """The shortest way into a state from which no end can be reached any more."""
    alive, waiting = set(can_end), list(can_end)
    while waiting:
        for state in before.get(waiting.pop(), ()):
            if state not in alive:
                alive.add(state)
                waiting.append(state)
    for way in ways:
        if way.state not in alive and not way.state.cut:
            yield ("ends",), f"a case can get stuck and never end, this way: {way}"
            return
