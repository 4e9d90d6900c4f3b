"""What a state means under a definition: what opens, what falls away, what is required and forbidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from protocols.answers import read_answers
from protocols.deadline_rules import DeadlineRule, case_deadlines, deadlines_of, met
from protocols.definition import Definition
from protocols.hours import ContactNow, NumberNow, contacts_now
from protocols.kinds.end import Kind as End
from protocols.kinds.question import Kind as Question
from protocols.kinds.rule import Act
from protocols.kinds.step import Kind as Step
from protocols.kinds.step import Modality, Phase
from protocols.state import AnswerValue, CaseState, StepState
from protocols.world import UNSETTLED, World

__all__ = [
    "Act",
    "ContactNow",
    "DeadlineRule",
    "Effects",
    "NumberNow",
    "Opening",
    "Refusal",
    "authority_may_take_over",
    "case_deadlines",
    "computed_facts",
    "contacts_now",
    "deadlines_of",
    "effects",
    "ends",
    "initial_steps",
    "lapses",
    "left_undone",
    "met",
    "modality",
    "openings",
    "phase",
    "questions_for",
    "read_answers",
    "receivers",
    "refusals",
]

DEFAULT_LAPSE_REASON = "Ikke længere relevant efter det, der er besluttet i sagen."


@dataclass(frozen=True)
class Opening:
    """A step that should be open now and is not, with the number its round will have.

    Rounds are counted by step and person; `person` is empty for a round about the case.
    """

    step: Step
    round: int
    person: str = ""


@dataclass(frozen=True)
class Refusal:
    """A gate that stands in the way: the rule's key, what to do about it in Danish, where it comes from."""

    rule: str
    message: str
    reference: str | None = None


@dataclass(frozen=True)
class Effects:
    """What the answers of one completed step set in motion."""

    acute: bool = False
    acute_over: bool = False
    next_followup: date | None = None


def openings(definition: Definition, state: CaseState) -> tuple[Opening, ...]:
    """Every step that should be open now and is not, in the order of the file.

    Opening one can open another: ask again with the new state until nothing is left. A closed case opens
    nothing.
    """
    if state.closed:
        return ()
    world = World(definition, state)
    return tuple(
        Opening(step, world.rounds(key) + 1)
        for key, step in definition.steps.items()
        if _may_open(world, step) and step.opens_when.holds(world.context)
    )


def _may_open(world: World, step: Step) -> bool:
    rounds = world.rounds(step.key)
    if rounds == 0:
        return True
    at_most = step.repeats.at_most if step.repeats else None
    return at_most is not None and rounds < at_most and not world.is_open(step.key)


def initial_steps(definition: Definition, state: CaseState) -> tuple[Opening, ...]:
    """What opens in a case that has just been raised."""
    return openings(definition, state)


def lapses(definition: Definition, state: CaseState) -> tuple[tuple[StepState, str], ...]:
    """Open rounds that have fallen away, each with the Danish reason."""
    world = World(definition, state)
    fallen: list[tuple[StepState, str]] = []
    for round_ in state.steps:
        step = definition.steps.get(round_.key)
        if round_.status not in UNSETTLED or step is None or step.lapses_when is None:
            continue
        if step.lapses_when.holds(world.context):
            fallen.append((round_, step.lapse_reason or DEFAULT_LAPSE_REASON))
    return tuple(fallen)


def modality(definition: Definition, step_key: str, state: CaseState) -> Modality:
    """How binding the step is in this state; the first case that holds counts, `should` when none does."""
    step, world = definition.step(step_key), World(definition, state)
    for case in step.modality:
        if case.when is None or case.when.holds(world.context):
            return case.then
    return Modality.SHOULD


def questions_for(
    definition: Definition, step_key: str, state: CaseState, given: Mapping[str, AnswerValue]
) -> tuple[Question, ...]:
    """The questions that are asked under what has been answered so far in the same form."""
    step, world = definition.step(step_key), World(definition, state, given)
    return tuple(
        question
        for question in step.questions.values()
        if question.asked_when is None or question.asked_when.holds(world.context)
    )


def refusals(
    definition: Definition,
    state: CaseState,
    act: Act,
    *,
    step_key: str | None = None,
    given: Mapping[str, AnswerValue] | None = None,
) -> tuple[Refusal, ...]:
    """The gates that stand before the act, in the order of the file; nothing means it may go on."""
    world = World(definition, state, given or {})
    found: list[Refusal] = []
    if act is Act.COMPLETE and step_key is not None:
        step = definition.step(step_key)
        if step.done_when is not None and not step.done_when.holds(world.context):
            found.append(Refusal(f"{step_key}.done_when", step.done_when_message))
    for key, rule in definition.rules.items():
        if not rule.concerns(act, step_key):
            continue
        if any(lift is not None and lift.holds(world.context) for lift in (rule.until, rule.unless)):
            continue
        lacking = rule.require is not None and not rule.require.holds(world.context)
        forbidden = rule.forbid is not None and rule.forbid.holds(world.context)
        if lacking or forbidden:
            reference = definition.legal_references.get(rule.reference)
            found.append(Refusal(key, rule.message, reference.danish if reference else None))
    return tuple(found)


def computed_facts(definition: Definition, state: CaseState) -> Mapping[str, object]:
    """Every fact as the rules see it: asked or computed, unknown ones in their safe reading."""
    return World(definition, state).facts


def effects(definition: Definition, step_key: str, given: Mapping[str, AnswerValue]) -> Effects:
    """What the given answers of a step set."""
    acute = acute_over = False
    next_followup: date | None = None
    for key, question in definition.step(step_key).questions.items():
        value = given.get(key)
        if value is None:
            continue
        acute = acute or (question.sets.acute != "" and value == question.sets.acute)
        acute_over = acute_over or (question.sets.acute_over != "" and value == question.sets.acute_over)
        if question.sets.next_followup:
            next_followup = date.fromisoformat(str(value)[:10])
    return Effects(acute, acute_over, next_followup)


def phase(definition: Definition, state: CaseState) -> str:
    """The status the steps put the case in: the furthest phase of those open, else of those that were."""
    order = list(Phase)
    known = [step for step in state.steps if step.key in definition.steps]
    counted = [step for step in known if step.status in UNSETTLED] or known
    reached = [order.index(definition.steps[step.key].phase) for step in counted]
    return order[max(reached, default=0)].value


def receivers(definition: Definition, state: CaseState) -> tuple[str, ...]:
    """The roles to whose people the duty may be offered now."""
    handover = definition.handover
    if handover is None:
        return ()
    world = World(definition, state)
    return tuple(
        role
        for role in handover.to
        if role not in handover.to_when or handover.to_when[role].holds(world.context)
    )


def authority_may_take_over(definition: Definition, state: CaseState) -> bool:
    """Whether the duty may now go to an outside authority that has accepted it."""
    handover = definition.handover
    if handover is None or handover.authority is None:
        return False
    return handover.authority.allowed_when.holds(World(definition, state).context)


def ends(definition: Definition, state: CaseState) -> tuple[End, ...]:
    """The typed ends that are allowed now."""
    world = World(definition, state)
    return tuple(end for end in definition.ends.values() if end.allowed_when.holds(world.context))


def left_undone(definition: Definition, state: CaseState, end: End) -> tuple[Step, ...]:
    """The open steps that must be done before the case may close with this end, in the order of the file.

    A standing step is not done but ends with the case.
    """
    if end.leaves_open:
        return ()
    world = World(definition, state)
    return tuple(
        step
        for key, step in definition.steps.items()
        if not step.standing and world.is_open(key) and modality(definition, key, state) is Modality.MUST
    )
