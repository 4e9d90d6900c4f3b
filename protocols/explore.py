"""Walks the finite state space of a definition: dead ends, unreachable steps, open cases without a date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from protocols.abstract_case import AbstractCase, Move
from protocols.definition import Definition
from protocols.scope import Complaint
from protocols.state_space import StateSpace

# A sensible protocol has fewer orderly states; one with more is said to be too entangled to be checked.
ORDERLY_STATES = 4_000
# The walk in any order is cut short here: it looks for trouble near the beginning, where most is found.
MOST_STATES = 150


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
    """Walks twice, breadth first, so that the first way into trouble that is found is a shortest one.

    First orderly: the open steps are settled in the order of the file, with every answer that conditions tell
    apart. From this walk, which ends, follows what can never happen and what never ends. Then in any order,
    as far as the bound allows. Loops are followed until nothing new comes, and steps beside the way (see
    `influence`) are looked at wherever they would open instead of being multiplied into the states.
    """
    space = StateSpace(definition)
    seen = Exploration()
    complaints: dict[Complaint, None] = {}
    orderly = _walk(space, seen, complaints, most_states=ORDERLY_STATES, orderly=True)
    if not seen.complete:
        complaints[
            ("steps",), "the steps are too entangled to be walked through; use fewer repeating steps"
        ] = None
    else:
        complaints.update(dict.fromkeys([*_unreached(definition, seen), *_stranded(orderly)]))
        _walk(space, seen, complaints, most_states=most_states, orderly=False)
    seen.complaints = tuple(complaints)
    return seen


def _walk(
    space: StateSpace,
    seen: Exploration,
    complaints: dict[Complaint, None],
    *,
    most_states: int,
    orderly: bool,
) -> _Map:
    waiting = [_Way(state) for state in space.beginnings()]
    known = {way.state for way in waiting}
    map_ = _Map()
    while waiting and len(known) <= most_states:
        following: list[_Way] = []
        for way in waiting:
            map_.ways.append(way)
            complaints.update(dict.fromkeys(_looked_at(space, way.state, seen, map_)))
            for move, state in space.moves(way.state, orderly=orderly):
                seen.branches |= set(move.answers)
                map_.before.setdefault(state, []).append(way.state)
                if state not in known:
                    known.add(state)
                    following.append(_Way(state, way, move))
        waiting = following
    if orderly:
        seen.complete = not waiting
    seen.states += len(known)
    return map_


@dataclass
class _Map:
    """Every way walked, which states may be closed, and what leads to each state."""

    ways: list[_Way] = field(default_factory=list)
    can_end: set[AbstractCase] = field(default_factory=set)
    before: dict[AbstractCase, list[AbstractCase]] = field(default_factory=dict)


def _looked_at(space: StateSpace, state: AbstractCase, seen: Exploration, map_: _Map) -> list[Complaint]:
    endings = space.endings(state)
    seen.ends |= set(endings)
    if endings:
        map_.can_end.add(state)
    seen.opened |= set(state.by_key)
    seen.settled |= {key for key, step in state.steps if not step.is_open}
    for step in space.passing(state):
        seen.opened.add(step.key)
        if step.key not in seen.settled and space.can_be_settled(state, step):
            seen.settled.add(step.key)
    return list(space.troubles(state))


def _unreached(definition: Definition, seen: Exploration) -> Iterator[Complaint]:
    for key, step in definition.steps.items():
        if key not in seen.opened:
            yield ("steps", key), f"the step '{key}' can never open; mend opens_when or remove the step"
        elif key not in seen.settled and not step.standing:
            yield (
                ("steps", key),
                f"the step '{key}' can never end; no answers get past its questions and rules",
            )
    for key in definition.ends:
        if key not in seen.ends:
            yield ("ends", key), f"no case can ever end with '{key}'; mend allowed_when or the rules on close"


def _stranded(map_: _Map) -> Iterator[Complaint]:
    """The shortest way into a state from which no end can be reached any more."""
    # A state beyond the bound of a loop is where the walk stopped, not where a case does.
    alive = map_.can_end | {way.state for way in map_.ways if way.state.cut}
    waiting = list(alive)
    while waiting:
        for state in map_.before.get(waiting.pop(), ()):
            if state not in alive:
                alive.add(state)
                waiting.append(state)
    for way in map_.ways:
        if way.state not in alive:
            yield ("ends",), f"a case can get stuck and never end, this way: {way}"
            return
