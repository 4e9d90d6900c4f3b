"""Which steps steer a case and which stand beside its way, so that the walk need not multiply by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from protocols.condition_functions import FUNCTIONS, Takes
from protocols.condition_syntax import Call, Literal, Node, Operation, walk
from protocols.conditions import Condition
from protocols.deadline_base import BaseKind, asked_at
from protocols.definition import Definition
from protocols.kinds.step import Kind as Step

_COMPARED = ("==", "!=", "<", "<=", ">", ">=")


class Influence:
    """What the conditions of one definition look at, computed facts included."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._steps: dict[Condition, frozenset[str]] = {}
        self.written = list(dict.fromkeys(_all_conditions(definition)))
        self.conditions = list(dict.fromkeys(self.with_facts(self.written)))

    def with_facts(self, conditions: Iterable[Condition]) -> Iterator[Condition]:
        """The conditions, each followed by those of the computed facts it leans on."""
        for condition in conditions:
            yield condition
            for path in condition.names:
                fact = self.definition.facts.get(path[-1]) if path[0] == "fact" else None
                if fact is not None and fact.computed is not None:
                    yield from self.with_facts([fact.computed])

    def steps(self, condition: Condition) -> frozenset[str]:
        """The steps a condition looks at, or whose answers it looks at."""
        if condition not in self._steps:
            found: set[str] = set()
            for one in self.with_facts([condition]):
                for path in one.names:
                    if path[0] == "answer":
                        found.add(self.definition.asked_in.get(path[1], ""))
                for call in one.signatures:
                    found.update(self.called(call))
            self._steps[condition] = frozenset(found)
        return self._steps[condition]

    def called(self, call: tuple[str, ...]) -> Iterator[str]:
        """The steps that one call, such as ("later", "talk", "visit"), speaks of."""
        for kind, name in zip(FUNCTIONS[call[0]].takes, call[1:], strict=True):
            match kind:
                case Takes.STEP | Takes.ASSESSED_STEP:
                    yield name
                case Takes.JOIN:
                    join = self.definition.joins[name]
                    yield from (join.after, *join.of)
                case Takes.STEP_DEADLINE:
                    yield name.partition(".")[0]
                case Takes.FORM_QUESTION:
                    yield self.definition.asked_in[name]

    def leaves(self) -> frozenset[str]:
        """The steps on which nothing that steers depends.

        What steers are the steps that an end looks at, those that interrupt or stand by themselves, and
        every step that one of these looks at in turn, or whose answers it looks at. A rule on closing that
        only waits for a leaf makes no difference: it can be settled first. That a leaf presses acute makes
        none either, since acute can be pressed at any time.
        """
        steps = self.definition.steps
        waiting = [key for key, one in steps.items() if one.interrupts or (one.standing and not one.beside)]
        waiting += [one for end in conditions_of_ends(self.definition) for one in self.steps(end)]
        steering: set[str] = set()
        while waiting:
            key = waiting.pop()
            if key in steps and key not in steering:
                steering.add(key)
                waiting += self._looked_at_by(steps[key])
        return frozenset(steps) - steering

    def _looked_at_by(self, step: Step) -> set[str]:
        found = {one for condition in conditions_of(step) for one in self.steps(condition)}
        for deadline in step.deadlines.values():
            base = deadline.base
            if base is None:
                continue
            if base.kind in (BaseKind.OPENED, BaseKind.DONE):
                found.add(base.name)
            elif asked := asked_at(base):
                found.add(self.definition.asked_in[asked])
        return found

    def ordered_pairs(self, function: str) -> frozenset[tuple[str, str]]:
        """The pairs of steps whose order some condition asks for, of opening (`later`) or of settling."""
        return frozenset(
            (call[1], call[2]) for one in self.conditions for call in one.signatures if call[0] == function
        )

    def remembered(self) -> frozenset[str]:
        """The steps of which something asks whether they have ever been done."""
        called = {call[1] for one in self.conditions for call in one.signatures if call[0] == "done"}
        return frozenset(called) | {
            deadline.base.name
            for step in self.definition.steps.values()
            for deadline in step.deadlines.values()
            if deadline.base is not None and deadline.base.kind is BaseKind.DONE
        }

    def counted(self) -> tuple[dict[str, int], frozenset[str]]:
        """Up to which number each step's rounds are told apart, and the steps of which every number is.

        The latter are those whose rounds are compared with another count.
        """
        numbers = dict.fromkeys(self.definition.steps, 0)
        without_end: set[str] = set()
        for condition in self.conditions:
            compared: set[int] = set()
            for node in walk(condition.tree):
                for key, call, number in _counts_in(node):
                    if number is not None:
                        compared.add(id(call))
                        numbers[key] = max(numbers.get(key, 0), number)
            for node in walk(condition.tree):
                if (key := _count(node)) and id(node) not in compared:
                    without_end.add(key)
        return numbers, frozenset(without_end)


def _counts_in(node: Node) -> Iterator[tuple[str, Node, int | None]]:
    """The counts of rounds that a comparison compares, each with the number it is compared with."""
    if not isinstance(node, Operation) or node.operator not in _COMPARED:
        return
    for one, other in (node.operands, node.operands[::-1]):
        if key := _count(one):
            number = other.value if isinstance(other, Literal) else None
            yield key, one, number if isinstance(number, int) else None


def _count(node: Node) -> str:
    """The step whose rounds a call counts, empty when it is no such call."""
    if isinstance(node, Call) and node.function == "rounds" and isinstance(node.arguments[0], Literal):
        return str(node.arguments[0].value)
    return ""


def _all_conditions(definition: Definition) -> Iterator[Condition]:
    """Every condition that steers a case or stands in the way of an act."""
    for step in definition.steps.values():
        yield from conditions_of(step)
    for rule in definition.rules.values():
        written = (rule.require, rule.forbid, rule.until, rule.unless)
        yield from (condition for condition in written if condition is not None)
    yield from conditions_of_ends(definition)


def conditions_of_ends(definition: Definition) -> Iterator[Condition]:
    """The conditions that say how a case may leave the hands of those who have it."""
    yield from (end.allowed_when for end in definition.ends.values())
    handover = definition.handover
    if handover is not None and handover.authority is not None:
        yield handover.authority.allowed_when


def conditions_of(step: Step) -> Iterator[Condition]:
    """The conditions that decide when a step is open, and when it has a date."""
    found = [step.opens_when, step.lapses_when, step.taken_up_when, step.done_when]
    found += [case.when for case in step.modality]
    for deadline in step.deadlines.values():
        found += [deadline.applies_when, deadline.met_by]
    yield from (condition for condition in found if condition is not None)
