"""Which steps steer a case and which stand beside its way, so that the walk need not multiply by them."""

from __future__ import annotations

from collections.abc import Iterator

from protocols.condition_syntax import Call, Literal, Operation, walk
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.kinds.deadline import BaseKind
from protocols.kinds.step import Kind as Step


def ordered_pairs(definition: Definition, function: str) -> frozenset[tuple[str, str]]:
    """The pairs of steps whose order some condition asks for, of opening (`later`) or of settling."""
    pairs: set[tuple[str, str]] = set()
    for condition in all_conditions(definition):
        for node in walk(condition.tree):
            if isinstance(node, Call) and node.function == function:
                first, second = (str(one.value) for one in node.arguments if isinstance(one, Literal))
                pairs.add((first, second))
    return frozenset(pairs)


def counted(definition: Definition) -> dict[str, int | None]:
    """Up to which number each step's rounds are told apart; None where compared with another count."""
    bounds: dict[str, int | None] = dict.fromkeys(definition.steps, 1)
    for condition in all_conditions(definition):
        for node in walk(condition.tree):
            if not isinstance(node, Operation):
                continue
            numbers = [one.value for one in node.operands if isinstance(one, Literal)]
            for one in node.operands:
                if (
                    isinstance(one, Call)
                    and one.function == "rounds"
                    and isinstance(one.arguments[0], Literal)
                ):
                    key, bound = str(one.arguments[0].value), bounds.get(str(one.arguments[0].value))
                    number = numbers[0] if numbers else None
                    bounds[key] = max(bound, number + 1) if bound and isinstance(number, int) else None
    return bounds


def remembered(definition: Definition) -> frozenset[str]:
    """The steps of which some condition asks whether they have ever been done."""
    calls = {call for condition in all_conditions(definition) for call in condition.calls}
    return frozenset(step for function, step in calls if function == "done")


def all_conditions(definition: Definition) -> list[Condition]:
    """Every condition that steers a case or stands in the way of an act."""
    found = [condition for step in definition.steps.values() for condition in conditions_of(step)]
    for rule in definition.rules.values():
        written = (rule.require, rule.forbid, rule.until, rule.unless)
        found += [condition for condition in written if condition is not None]
    return found + _conditions_of_ends(definition)


def _conditions_of_ends(definition: Definition) -> list[Condition]:
    found = [end.allowed_when for end in definition.ends.values()]
    handover = definition.handover
    if handover is not None and handover.authority is not None:
        found.append(handover.authority.allowed_when)
    return found


def conditions_of(step: Step) -> Iterator[Condition]:
    """The conditions that decide when a step is open, and when it has a date."""
    found = [step.opens_when, step.lapses_when, step.done_when]
    found += [case.when for case in step.modality]
    for deadline in step.deadlines.values():
        found += [deadline.applies_when, deadline.met_by]
    yield from (condition for condition in found if condition is not None)


def leaves(definition: Definition) -> frozenset[str]:
    """The steps on which nothing that steers depends.

    A step is a leaf when no other step that steers, and no end, looks at it or at its answers. A rule on
    closing that only waits for it makes no difference: it can be settled first. That a leaf presses acute
    makes none either, since acute can be pressed at any time.
    """
    found: frozenset[str] = frozenset()
    while True:
        more = frozenset(
            key
            for key, step in definition.steps.items()
            if key not in found
            and not step.interrupts
            and not step.standing
            and not _needed(definition, key, found)
        )
        if not more:
            return found
        found |= more


def _needed(definition: Definition, key: str, leaves_so_far: frozenset[str]) -> bool:
    asked = set(definition.steps[key].questions)
    for other, step in definition.steps.items():
        if other == key or other in leaves_so_far:
            continue
        if any(_looks_at(condition, key, asked) for condition in conditions_of(step)):
            return True
        if any(
            deadline.base is not None
            and (
                deadline.base.name == key
                or (deadline.base.kind is BaseKind.ANSWER and deadline.base.name in asked)
            )
            for deadline in step.deadlines.values()
        ):
            return True
    return any(_looks_at(condition, key, asked) for condition in _conditions_of_ends(definition))


def _looks_at(condition: Condition, key: str, asked: set[str]) -> bool:
    return any(name == key for _, name in condition.calls) or _answers_in(condition, asked)


def _answers_in(condition: Condition, asked: set[str]) -> bool:
    return any(path[0] == "answer" and path[1] in asked for path in condition.names)
