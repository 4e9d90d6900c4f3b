"""What a state means under a definition: what opens, what falls away, what is required and forbidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from protocols.answers import offered, read_answers
from protocols.deadline_rules import DeadlineRule, case_deadlines, deadlines_of, met
from protocols.definition import Definition
from protocols.gates import Refusal, modality_of, paused, pausing, refusals, tick_refusal, warnings
from protocols.hours import ContactNow, NumberNow, contacts_now
from protocols.kinds.end import Kind as End
from protocols.kinds.question import Kind as Question
from protocols.kinds.rule import Act
from protocols.kinds.step import Kind as Step
from protocols.kinds.step import Modality, Phase
from protocols.rounds import Opening, lapses, openings, taken_up_again
from protocols.state import AnswerValue, CaseState
from protocols.ticking import Item, checklist_of
from protocols.world import UNSETTLED, World, seen

__all__ = [
    "Act",
    "ContactNow",
    "DeadlineRule",
    "Effects",
    "Item",
    "NumberNow",
    "Opening",
    "Refusal",
    "authority_may_take_over",
    "case_deadlines",
    "checklist_of",
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
    "paused",
    "pausing",
    "phase",
    "questions_for",
    "read_answers",
    "receivers",
    "refusals",
    "taken_up_again",
    "tick_refusal",
    "warnings",
]


@dataclass(frozen=True)
class Effects:
    """What the answers of one completed step set in motion."""

    acute: bool = False
    acute_over: bool = False
    next_followup: date | None = None


def initial_steps(definition: Definition, state: CaseState) -> tuple[Opening, ...]:
    """What opens in a case that has just been raised."""
    return openings(definition, state)


def modality(definition: Definition, step_key: str, state: CaseState, person: str = "") -> Modality:
    """How binding the step is in this state; the first case that holds counts, `should` when none does."""
    return modality_of(definition, step_key, state, person=person)


def questions_for(
    definition: Definition,
    step_key: str,
    state: CaseState,
    given: Mapping[str, AnswerValue],
    person: str = "",
) -> tuple[Question, ...]:
    """The questions that are asked under what has been answered so far, with the choices offered now."""
    step, world = definition.step(step_key), World(definition, state, given, person)
    return tuple(
        offered(question, world)
        for question in step.questions.values()
        if question.asked_when is None or question.asked_when.holds(world.context)
    )


def computed_facts(definition: Definition, state: CaseState) -> Mapping[str, object]:
    """Every fact as the rules see it: asked or computed, unknown ones in their safe reading."""
    return World(definition, state).facts


def effects(definition: Definition, step_key: str, given: Mapping[str, AnswerValue]) -> Effects:
    """What the given answers of a step set."""
    acute = acute_over = False
    next_followup: date | None = None
    for key, question in definition.step(step_key).questions.items():
        if key not in given:
            continue
        # A form speaks by what it came to, as in conditions.
        value = seen(question, given[key])
        acute = acute or (question.sets.acute != "" and value == question.sets.acute)
        acute_over = acute_over or (question.sets.acute_over != "" and value == question.sets.acute_over)
        if question.sets.next_followup:
            next_followup = date.fromisoformat(str(value)[:10])
    return Effects(acute, acute_over, next_followup)


def phase(definition: Definition, state: CaseState) -> str:
    """The status the steps put the case in: the furthest phase of those open, else of those that were.

    Steps beside the way have no say.
    """
    order, steps = list(Phase), definition.steps
    known = [step for step in state.steps if step.key in steps and not steps[step.key].beside]
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

    A standing step is not done but ends with the case, and a step beside the way is never waited for.
    """
    if end.leaves_open:
        return ()
    must = {
        one.key
        for one in state.steps
        if one.status in UNSETTLED
        and one.key in definition.steps
        and modality(definition, one.key, state, one.person) is Modality.MUST
    }
    return tuple(
        step
        for key, step in definition.steps.items()
        if key in must and not step.standing and not step.beside
    )
