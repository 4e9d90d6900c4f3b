"""What the walk over the state space follows from state to state; all else may be anything at any time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from protocols.abstract_values import Beside, beside, said
from protocols.condition_functions import FUNCTIONS
from protocols.conditions import Condition
from protocols.deadline_base import asked_at
from protocols.definition import Definition
from protocols.influence import Influence, conditions_of, conditions_of_ends
from protocols.kinds.fact import Kind as Fact
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.kinds.relation import ANYONE
from protocols.kinds.rule import Act
from protocols.kinds.rule import Kind as Rule
from protocols.kinds.step import Kind as Step

# Stands among the facts of linked people for how many they are.
HOW_MANY = "number"

Call = tuple[str, ...]


@dataclass(frozen=True)
class Focus:
    """What states hold.

    `answers` and `chances` are kept, the latter being calls that no step decides, each with all it may say,
    what it says at first before the rest. `beside` is what conditions tell values apart by. People of each of
    `relations` can be linked, with these facts; `numbers` are how many of them are told apart. `leaves` are
    the steps beside the way, in no state.
    """

    leaves: frozenset[str]
    answers: frozenset[str]
    chances: dict[Call, tuple[object, ...]]
    relations: dict[str, tuple[Fact, ...]]
    numbers: tuple[int, ...]
    facts: tuple[Fact, ...]
    asks_age: bool
    beside: Beside

    def follows(self, call: Call, steps: Iterable[str]) -> bool:
        """Whether states say what a call says; `steps` are those it speaks of."""
        if FUNCTIONS[call[0]].loose:
            return call in self.chances
        if call[0] == "people":
            return call[1] in self.relations or (call[1] == ANYONE and bool(self.relations))
        if call[0] == "people_with":
            return any(call[1] == fact.key for facts in self.relations.values() for fact in facts)
        return not self.leaves.intersection(steps)


def focus_of(definition: Definition, influence: Influence) -> Focus:
    """The focus on what steers: the steps with an influence, the ends, and the rules on what is followed."""
    leaves = influence.leaves()
    steering = [step for key, step in definition.steps.items() if key not in leaves]
    watched = [one for step in steering for one in conditions_of(step)]
    watched += conditions_of_ends(definition)
    for rule in definition.rules.values():
        if rule.on is Act.CLOSE or any(rule.concerns(Act.COMPLETE, step.key) for step in steering):
            watched += conditions_of_rule(rule)
    watched = list(dict.fromkeys(influence.with_facts(watched)))
    calls = {call for one in watched for call in one.signatures}
    names = {path for one in watched for path in one.names}
    answers = {path[1] for path in names if path[0] == "answer"}
    answers |= {
        asked_at(deadline.base)
        for step in definition.steps.values()
        for deadline in step.deadlines.values()
        if deadline.base is not None and asked_at(deadline.base)
    }
    there = beside(definition, influence.conditions)
    everything = {path for one in _followed(definition, influence) for path in one.names}
    by_name = {path for one in influence.written for path in one.names}
    return Focus(
        leaves=leaves,
        answers=frozenset(one for one in answers if definition.asked_in[one] not in leaves),
        chances={call: said(call, there) for call in sorted(calls) if FUNCTIONS[call[0]].loose},
        relations=_relations(definition, steering, calls, names),
        numbers=_numbers(calls, there),
        facts=tuple(one for one in definition.intake_facts if ("fact", one.key) in everything),
        asks_age=bool(by_name & {("age",), ("birth_date_known",)}),
        beside=there,
    )


def _followed(definition: Definition, influence: Influence) -> Iterator[Condition]:
    """Every condition but those of rules on acts that can be tried at any time: such a rule changes nothing,
    so the facts it asks for may be anything.
    """
    found = [one for step in definition.steps.values() for one in conditions_of(step)]
    found += conditions_of_ends(definition)
    for rule in definition.rules.values():
        if rule.on in (Act.COMPLETE, Act.CLOSE):
            found += conditions_of_rule(rule)
    return influence.with_facts(found)


def _relations(
    definition: Definition, steering: list[Step], calls: set[Call], names: set[tuple[str, ...]]
) -> dict[str, tuple[Fact, ...]]:
    """The relations that steer, each with the facts of such a person that conditions tell apart."""
    asked = {call[1] for call in calls if call[0] == "people_with"}
    asked |= {path[1] for path in names if path[0] == "person"}
    named = {call[1] for call in calls if call[0] == "people"}
    named |= {step.per_person for step in steering if step.per_person}
    found: dict[str, tuple[Fact, ...]] = {}
    for relation in definition.relations:
        facts = tuple(fact for fact in definition.person_facts(relation) if fact.key in asked)
        if facts or {relation, ANYONE} & named:
            found[relation] = facts
    return found


def _numbers(calls: set[Call], there: Beside) -> tuple[int, ...]:
    counts = [said(call, there) for call in calls if call[0] in ("people", "people_with")]
    return tuple(sorted({1} | {one for every in counts for one in every if isinstance(one, int) and one > 0}))


def conditions_of_rule(rule: Rule) -> list[Condition]:
    """The conditions a rule is made of."""
    written = (rule.require, rule.forbid, rule.until, rule.unless)
    return [one for one in written if one is not None]


def unanswered(question: Question) -> object:
    """What a condition sees of a question nobody has answered."""
    match question.type:
        case QuestionType.CHOICES:
            return ()
        case QuestionType.ACTIONS:
            return 0
        case QuestionType.TEXT | QuestionType.LONG_TEXT:
            return ""
        case _:
            return None
