"""What stands in the way of an act: rules, what goes first, what must not be, what is not yet ticked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from protocols.checklist import Order
from protocols.definition import Definition
from protocols.kinds.rule import Act
from protocols.kinds.rule import Kind as Rule
from protocols.kinds.step import Kind as Step
from protocols.kinds.step import Modality, ModalityCase
from protocols.precedence import paused_by
from protocols.state import AnswerValue, CaseState
from protocols.ticking import checklist_of, out_of_order, skipped_items, unticked
from protocols.wording import words_of
from protocols.world import UNSETTLED, World

# What staff read is Danish, whatever language the definition was written in.
_LANGUAGE = "da"


@dataclass(frozen=True)
class Refusal:
    """A gate that stands in the way: the rule's key, what to do about it in Danish, where it comes from."""

    rule: str
    message: str
    reference: str | None = None


def refusals(
    definition: Definition,
    state: CaseState,
    act: Act,
    *,
    step_key: str | None = None,
    given: Mapping[str, AnswerValue] | None = None,
    person: str = "",
) -> tuple[Refusal, ...]:
    """The gates that stand before the act; nothing means it may go on.

    Before completing a step come those of the step itself, then the rules in the order of the file. `person`
    is whom the round is about, where there is one line of rounds for each linked person.
    """
    found: list[Refusal] = []
    step = definition.step(step_key) if step_key is not None else None
    world = World(definition, state, given or {}, person)
    if act is Act.COMPLETE and step is not None:
        found += _before_completing(definition, state, step, world, person)
    for key, rule in definition.rules.items():
        if rule.concerns(act, step_key) and _stands(rule, world):
            reference = definition.legal_references.get(rule.reference)
            found.append(Refusal(key, rule.message, reference.danish if reference else None))
    return tuple(found)


def _before_completing(
    definition: Definition, state: CaseState, step: Step, world: World, person: str
) -> Iterator[Refusal]:
    words = words_of(_LANGUAGE)
    for first in pausing(definition, state, step.key):
        yield Refusal(f"{step.key}.paused", words("step.paused", title=first.title))
    if step.order is Order.STRICT:
        for first in _still_open(definition, state, step, person):
            yield Refusal(f"{step.key}.after", words("step.comes_after", title=first.title))
    case = modality_case(step, world)
    if case is not None and case.then is Modality.MUST_NOT:
        why = case.why or words("step.must_not", title=step.title)
        yield Refusal(f"{step.key}.must_not", why)
    lacking = unticked(definition, step.key, state, person=person)
    if lacking:
        named = "; ".join(one.text for one in lacking)
        yield Refusal(f"{step.key}.checklist", words("step.unticked", items=named))
    if step.done_when is not None and not step.done_when.holds(world.context):
        yield Refusal(f"{step.key}.done_when", step.done_when_message)


def tick_refusal(
    definition: Definition, state: CaseState, step_key: str, item: str, *, done: bool, person: str = ""
) -> Refusal | None:
    """Why an item cannot be ticked (or unticked, when not `done`) now; None when it can.

    A paused step rests with all that is in it.
    """
    step = definition.step(step_key)
    for first in pausing(definition, state, step_key):
        return Refusal(f"{step_key}.paused", words_of(_LANGUAGE)("step.paused", title=first.title))
    other = out_of_order(definition, step_key, state, item, done=done, person=person)
    if other is None or step.checklist.order is not Order.STRICT:
        return None
    key = "step.item_order" if done else "step.item_order_back"
    return Refusal(f"{step_key}.checklist_order", words_of(_LANGUAGE)(key, item=other.text))


def warnings(definition: Definition, state: CaseState, step_key: str, *, person: str = "") -> tuple[str, ...]:
    """Advice to whoever completes the step now, in Danish; completing it goes through all the same."""
    step, words = definition.step(step_key), words_of(_LANGUAGE)
    found: list[str] = []
    if step.order is Order.RECOMMENDED:
        open_first = _still_open(definition, state, step, person)
        found += [words("step.better_after", title=one.title) for one in open_first]
    items = checklist_of(definition, step_key, state, person=person)
    found += [words("step.better_order", item=one.text) for one in skipped_items(step, items)]
    return tuple(found)


def paused(definition: Definition, state: CaseState) -> frozenset[str]:
    """The open steps that wait because another one that pauses them is open."""
    if not any(step.pauses for step in definition.steps.values()):
        return frozenset()
    open_now = _open_steps(state)
    return frozenset(
        other
        for key in open_now
        if key in definition.steps
        for other in paused_by(definition, definition.steps[key])
        if other in open_now
    )


def pausing(definition: Definition, state: CaseState, step_key: str) -> tuple[Step, ...]:
    """The open steps that go before this one while they are open, in the order of the file."""
    open_now = _open_steps(state)
    return tuple(
        step
        for key, step in definition.steps.items()
        if step.pauses and key in open_now and step_key in paused_by(definition, step)
    )


def modality_of(definition: Definition, step_key: str, state: CaseState, *, person: str = "") -> Modality:
    """How binding the step is in this state; the first case that holds counts, `should` when none does."""
    step = definition.step(step_key)
    case = modality_case(step, World(definition, state, person=person))
    return case.then if case is not None else Modality.SHOULD


def modality_case(step: Step, world: World) -> ModalityCase | None:
    """The line of the step's modality that counts in a world, None when none does."""
    return next((one for one in step.modality if one.when is None or one.when.holds(world.context)), None)


def _still_open(definition: Definition, state: CaseState, step: Step, person: str) -> list[Step]:
    """The steps this one comes after that are open: of the same person, where both have a line of theirs."""
    found: list[Step] = []
    for key in step.after:
        first = definition.step(key)
        whose = person if person and first.per_person == step.per_person else None
        if any(one.status in UNSETTLED for one in state.rounds(key, whose)):
            found.append(first)
    return found


def _open_steps(state: CaseState) -> frozenset[str]:
    return frozenset(one.key for one in state.steps if one.status in UNSETTLED)


def _stands(rule: Rule, world: World) -> bool:
    if any(lift is not None and lift.holds(world.context) for lift in (rule.until, rule.unless)):
        return False
    lacking = rule.require is not None and not rule.require.holds(world.context)
    return lacking or (rule.forbid is not None and rule.forbid.holds(world.context))
