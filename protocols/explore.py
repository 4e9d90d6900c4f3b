"""Walks the finite state space of a definition: dead ends, unreachable steps, open cases without a date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from protocols.abstract_leaves import waiting_for_ever
from protocols.definition import Definition
from protocols.entangled import EntangledError
from protocols.kinds.step import Kind as Step
from protocols.nearest import nearest
from protocols.scope import Complaint
from protocols.state_space import StateSpace
from protocols.trouble import Trouble
from protocols.ways import Map, Troubles, Way

# A sensible protocol has fewer orderly states; one with more is said to be too entangled to be checked.
ORDERLY_STATES = 8_000
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
    joined: set[str] = field(default_factory=set)
    ends: set[str] = field(default_factory=set)
    # Each step's answers that were given somewhere on the walk, as (question, value).
    branches: set[tuple[str, object]] = field(default_factory=set)


def explore(definition: Definition, *, most_states: int = MOST_STATES) -> Exploration:
    """Walks twice, breadth first, so that the first way into trouble that is found is a shortest one.

    First orderly: the open steps are settled in the order of the file, with every answer that conditions tell
    apart. From this walk, which ends, follows what can never happen and what never ends. Then in any order,
    as far as the bound allows. Loops are followed until nothing new comes, and steps beside the way (see
    `influence`) are looked at wherever they would open instead of being multiplied into the states.
    """
    try:
        return _explored(definition, most_states)
    except EntangledError as error:
        return Exploration(complaints=((error.where, error.sentence),), complete=False)


def _explored(definition: Definition, most_states: int) -> Exploration:
    space, seen, troubles = StateSpace(definition), Exploration(), Troubles()
    orderly = _walk(space, seen, troubles, most_states=ORDERLY_STATES, orderly=True)
    never: list[Complaint] = []
    if not seen.complete:
        sentence = "the steps are too entangled to be walked through; use fewer repeating steps"
        never.append((("steps",), sentence))
    else:
        never += [*_unreached(space, seen, orderly), *_closed_gates(space, orderly)]
        stranded = orderly.stranded()
        if stranded is not None:
            troubles.add(Trouble(("ends",), "a case can get stuck and never end"), stranded)
        _walk(space, seen, troubles, most_states=most_states, orderly=False)
    seen.complaints = tuple(dict.fromkeys([*never, *troubles.complaints()]))
    return seen


def _walk(
    space: StateSpace, seen: Exploration, troubles: Troubles, *, most_states: int, orderly: bool
) -> Map:
    waiting = [Way(state, move=told) for told, state in space.beginnings()]
    known = {way.state for way in waiting}
    map_ = Map()
    while waiting and len(known) <= most_states:
        following: list[Way] = []
        for way in waiting:
            _look_at(space, way, seen, map_, troubles)
            for move, state in space.moves(way.state, orderly=orderly):
                seen.branches.update(move.answers)
                map_.before.setdefault(state, []).append(way.state)
                if state not in known:
                    known.add(state)
                    following.append(way.on(move, state))
        waiting = following
    if orderly:
        seen.complete = not waiting
    seen.states += len(known)
    return map_


def _look_at(space: StateSpace, way: Way, seen: Exploration, map_: Map, troubles: Troubles) -> None:
    state = way.state
    map_.ways.append(way)
    map_.to[state] = way
    endings = space.endings(state)
    seen.ends.update(endings)
    if endings:
        map_.can_end.add(state)
    space.gates.look_around(state)
    for key, step in state.steps:
        seen.opened.add(key)
        map_.opened.setdefault(key, way)
        if not step.is_open:
            seen.settled.add(key)
            map_.settled.setdefault(key, way)
    passing = space.passing(state)
    for beside in passing:
        seen.opened.add(beside.key)
        map_.opened.setdefault(beside.key, way)
        if beside.key not in seen.settled and space.can_be_settled(state, beside):
            seen.settled.add(beside.key)
    seen.joined.update(space.joined(state, seen.joined))
    for trouble in space.troubles(state, passing):
        troubles.add(trouble, way)


def _unreached(space: StateSpace, seen: Exploration, map_: Map) -> Iterator[Complaint]:
    definition = space.definition
    for_ever = waiting_for_ever(space, (way.state for way in map_.ways), seen.opened)
    for key, step in definition.steps.items():
        if key in for_ever:
            seen.opened.discard(key)
            yield (
                ("steps", key),
                f"the step '{key}' can never open; it waits for itself, or for what waits for it; "
                "mend opens_when or remove the step",
            )
        elif key not in seen.opened:
            near = nearest(space.world, map_, step.opens_when, about=step.per_person)
            yield (
                ("steps", key),
                f"the step '{key}' can never open; {near}; mend opens_when or remove the step",
            )
        elif key not in seen.settled and not step.standing:
            yield _endless(space, step, map_.opened[key])
    for key, end in definition.ends.items():
        if key not in seen.ends:
            near = nearest(space.world, map_, end.allowed_when)
            yield (
                ("ends", key),
                f"no case can ever end with '{key}'; {near}; mend allowed_when or the rules on close",
            )
    yield from _unmet_joins(space, seen, map_)


def _endless(space: StateSpace, step: Step, way: Way) -> Complaint:
    """Why a step is never seen ended: nobody can end it, or it opens again in the same breath."""
    if step.repeats is not None and space.answers.given(step, way.state):
        what = f"the step '{step.key}' opens again the moment it ends, for opens_when still holds then"
        mend = (
            f'let it ask what is new, such as rounds("{step.key}") == 0 or settled_later("...", "{step.key}")'
        )
        return Trouble(("steps", step.key, "opens_when"), what, mend).told(str(way))
    what = f"the step '{step.key}' can never end; no answers get past its questions and rules"
    return Trouble(("steps", step.key), what).told(str(way))


def _unmet_joins(space: StateSpace, seen: Exploration, map_: Map) -> Iterator[Complaint]:
    for key, join in space.definition.joins.items():
        for position, branch in enumerate(join.of):
            if branch not in seen.opened:
                yield ("joins", key, "of", position), f"the branch '{branch}' can never open; remove it"
        if key not in seen.joined and join.after in map_.settled:
            what = f"the join '{key}' can never be met"
            yield Trouble(("joins", key), what, "mend after or need").told(str(map_.settled[join.after]))


def _closed_gates(space: StateSpace, map_: Map) -> Iterator[Complaint]:
    """The gates that refused whoever came to them, on every way there is."""
    for key, state in space.gates.met.items():
        if key not in space.gates.passed:
            what = "the gate can never open; nobody ever gets past it, first met"
            way = map_.to.get(state)
            yield Trouble(("rules", key), what, "mend what it asks for").told(str(way or "at once"))
