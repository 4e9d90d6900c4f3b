"""Which rounds of which steps should be open now, and which open ones have fallen away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.kinds.relation import ANYONE
from protocols.kinds.step import Kind as Step
from protocols.state import CaseState, StepState
from protocols.world import UNSETTLED, World

DEFAULT_LAPSE_REASON = "Ikke længere relevant efter det, der er besluttet i sagen."
UNLINKED_REASON = "Personen er ikke længere knyttet til sagen."


@dataclass(frozen=True)
class Opening:
    """A step that should be open now and is not, with the number its round will have.

    Rounds are counted by step and person; `person` is empty for a round about the case.
    """

    step: Step
    round: int
    person: str = ""


def openings(definition: Definition, state: CaseState) -> tuple[Opening, ...]:
    """Every step that should be open now and is not, in the order of the file; one for each linked person.

    Opening one can open another: ask again with the new state until nothing is left. A closed case opens
    nothing.
    """
    if state.closed:
        return ()
    worlds = _Worlds(definition, state)
    found = [
        Opening(step, world.rounds(step.key) + 1, person)
        for step in definition.steps.values()
        for person in people_of(step, state)
        if _may_open(world := worlds[person], step) and step.opens_when.holds(world.context)
    ]
    opening = {one.step.key for one in found}
    first = tuple(one for one in found if not waits_for_branches(definition, one.step, opening))
    # Steps that are branches of each other's joins would otherwise wait for each other for ever.
    return first or tuple(found)


def lapses(definition: Definition, state: CaseState) -> tuple[tuple[StepState, str], ...]:
    """Open rounds that have fallen away, each with the Danish reason.

    So does a round about somebody who is no longer linked to the case.
    """
    worlds = _Worlds(definition, state)
    fallen: list[tuple[StepState, str]] = []
    for round_ in state.steps:
        step = definition.steps.get(round_.key)
        if round_.status not in UNSETTLED or step is None:
            continue
        if round_.person and state.person(round_.person) is None:
            fallen.append((round_, UNLINKED_REASON))
        elif step.lapses_when is not None and step.lapses_when.holds(worlds[round_.person].context):
            fallen.append((round_, step.lapse_reason or DEFAULT_LAPSE_REASON))
    return tuple(fallen)


def people_of(step: Step, state: CaseState) -> Sequence[str]:
    """The ids of the people of whom a step has a line of rounds; "" for a step about the case."""
    if not step.per_person:
        return ("",)
    return [one.id for one in state.people if step.per_person in (one.relation, ANYONE)]


def waits_for_branches(definition: Definition, step: Step, opening: set[str]) -> bool:
    """Whether the step asks for a join of which another branch opens at this same moment.

    What comes after a join would otherwise open together with the first of its branches, for until then
    none of them has opened and there is nothing to wait for.
    """
    return any(
        set(definition.joins[key].of) & (opening - {step.key})
        for key in _joins_asked(definition, step.opens_when)
        if key in definition.joins
    )


def _joins_asked(definition: Definition, condition: Condition) -> Iterator[str]:
    """The joins that a condition looks at, also through computed facts."""
    if not definition.joins:
        return
    yield from (call[1] for call in condition.signatures if call[0] == "joined")
    for path in condition.names:
        fact = definition.facts.get(path[-1]) if path[0] == "fact" else None
        if fact is not None and fact.computed is not None:
            yield from _joins_asked(definition, fact.computed)


def _may_open(world: World, step: Step) -> bool:
    rounds = world.rounds(step.key)
    if rounds == 0:
        return True
    at_most = step.repeats.at_most if step.repeats else None
    return at_most is not None and rounds < at_most and not world.is_open(step.key)


class _Worlds(dict[str, World]):
    """One state as it is for the case ("") and for each linked person, each made when it is asked for."""

    def __init__(self, definition: Definition, state: CaseState) -> None:
        super().__init__()
        self._of = definition, state

    def __missing__(self, person: str) -> World:
        self[person] = World(*self._of, person=person)
        return self[person]
