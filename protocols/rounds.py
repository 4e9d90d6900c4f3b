"""Which rounds of which steps should be open now, and which open ones have fallen away."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.kinds.relation import ANYONE
from protocols.kinds.step import Kind as Step
from protocols.state import CaseState, StepState
from protocols.world import UNSETTLED, World

DEFAULT_LAPSE_REASON = "Ikke længere relevant efter det, der er besluttet i sagen."
UNLINKED_REASON = "Personen er ikke længere knyttet til sagen."

# The rounds of one step about one person ("" about the case) are counted together.
Line = tuple[str, str]


@dataclass(frozen=True)
class Opening:
    """A step that should be open now and is not, with the number its round will have.

    Rounds are counted by step and person; `person` is empty for a round about the case.
    """

    step: Step
    round: int
    person: str = ""

    @property
    def is_beyond(self) -> bool:
        """Whether the protocol did not reckon with so many rounds; the round is needed all the same."""
        return is_beyond(self.step, self.round)

    @property
    def line(self) -> Line:
        """Whose rounds this one is counted among."""
        return self.step.key, self.person


def is_beyond(step: Step, round_: int) -> bool:
    """Whether a round, by its number, is one more than the step's `repeats` reckons with."""
    return step.repeats is not None and round_ > (step.repeats.at_most or 0)


def openings(
    definition: Definition, state: CaseState, *, without: Collection[Line] = ()
) -> tuple[Opening, ...]:
    """Every step that should be open now and is not, in the order of the file; one for each linked person.

    Opening one can open another: ask again with the new state until nothing is left. A closed case opens
    nothing. `repeats` bounds how often a step opens and falls away in one breath, and not what a case may
    need: what the rules ask for opens beyond it too, but not in the lines of rounds in `without`. Whoever
    asks again and again names there the lines in which a round beyond was opened already, so that rules
    which open and drop without end come to rest.
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
    found = [one for one in found if not (one.is_beyond and one.line in without)]
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


def taken_up_again(definition: Definition, state: CaseState) -> tuple[Opening, ...]:
    """The settled steps of which somebody may open one more round by hand now, one for each linked person.

    Nothing bounds how often: each time it is a person who does it.
    """
    if state.closed:
        return ()
    worlds = _Worlds(definition, state)
    return tuple(
        Opening(step, world.rounds(step.key) + 1, person)
        for step in definition.steps.values()
        if step.taken_up_when is not None
        for person in people_of(step, state)
        if (world := worlds[person]).rounds(step.key) and not world.is_open(step.key)
        if step.taken_up_when.holds(world.context)
        if step.lapses_when is None or not step.lapses_when.holds(world.context)
    )


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
    if world.rounds(step.key) == 0:
        return True
    return step.repeats is not None and not world.is_open(step.key)


class _Worlds(dict[str, World]):
    """One state as it is for the case ("") and for each linked person, each made when it is asked for."""

    def __init__(self, definition: Definition, state: CaseState) -> None:
        super().__init__()
        self._of = definition, state

    def __missing__(self, person: str) -> World:
        self[person] = World(*self._of, person=person)
        return self[person]
