"""Evaluates conditions over abstract cases, remembering every combination of names it has met."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from handlepligt.domain.vocabulary import StepStatus
from protocols.condition_syntax import Call, Literal, Name, Operation, walk
from protocols.conditions import Condition, context_of
from protocols.definition import Definition
from protocols.kinds.fact import Kind as Fact
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from protocols.abstract_case import AbstractCase

_FACT_VALUES = {"yes_no": ("yes", "no"), "number": (0, 1), "text": ("",), "date": ("2026-11-27",)}


def unanswered(question: Question) -> object:
    """What a condition sees of a question nobody has answered."""
    if question.type is QuestionType.CHOICES:
        return ()
    return "" if question.type in (QuestionType.TEXT, QuestionType.LONG_TEXT) else None


class AbstractWorld:
    """One definition's conditions over abstract cases."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._remembered: dict[tuple[object, ...], object] = {}
        self._signatures: dict[int, tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]] = {}
        conditions = self.conditions()
        self.asks_handover = any(("handover", "accepted") in one.names for one in conditions)

    def conditions(self) -> list[Condition]:
        """Every condition that steers the case."""
        found: list[Condition | None] = []
        for step in self.definition.steps.values():
            found += [step.opens_when, step.lapses_when, step.done_when]
            found += [case.when for case in step.modality]
            for deadline in step.deadlines.values():
                found += [deadline.applies_when, deadline.met_by]
        for rule in self.definition.rules.values():
            found += [rule.require, rule.forbid, rule.until, rule.unless]
        found += [end.allowed_when for end in self.definition.ends.values()]
        return [condition for condition in found if condition is not None]

    def holds(self, condition: Condition, case: AbstractCase, given: Mapping[str, object] | None = None) -> bool:
        """Whether a condition is true in a state, with what is being given."""
        return self._value(condition, case, given or {}) is True

    def _value(self, condition: Condition, case: AbstractCase, given: Mapping[str, object]) -> object:
        names, calls = self._signature(condition)
        values = tuple(self._name(path, case, given) for path in names)
        answers = tuple(_call(call, case) for call in calls)
        key = (condition.source, values, answers)
        if key not in self._remembered:
            self._remembered[key] = self._evaluate(condition, dict(zip(names, values, strict=True)), calls, answers)
        return self._remembered[key]

    def _signature(
        self, condition: Condition
    ) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
        known = self._signatures.get(id(condition))
        if known is None:
            calls = {
                (node.function, *(str(one.value) for one in node.arguments if isinstance(one, Literal)))
                for node in walk(condition.tree)
                if isinstance(node, Call) and node.function != "size"
            }
            known = self._signatures[id(condition)] = (tuple(sorted(condition.names)), tuple(sorted(calls)))
        return known

    def _name(self, path: tuple[str, ...], case: AbstractCase, given: Mapping[str, object]) -> object:
        match path:
            case ("answer", key):
                return dict(case.answers).get(key, unanswered(self.definition.questions[key]))
            case ("given", key):
                return given.get(key, unanswered(self.definition.questions[key]))
            case ("fact", key):
                return self._fact(key, case)
            case ("acute", "on"):
                return case.acute_on
            case ("acute", "presses"):
                return case.presses
            case ("handover", _):
                return case.handed_over
            case ("age",):
                return case.age
            case _:
                return case.age is not None

    def _fact(self, key: str, case: AbstractCase) -> object:
        fact = self.definition.facts[key]
        value = self._value(fact.computed, case, {}) if fact.computed else dict(case.facts).get(key)
        return fact.when_unknown if value is None else value

    @staticmethod
    def _evaluate(
        condition: Condition,
        named: Mapping[tuple[str, ...], object],
        calls: tuple[tuple[str, ...], ...],
        answers: tuple[object, ...],
    ) -> object:
        variables: dict[str, object] = {}
        for path, value in named.items():
            plain = list(value) if isinstance(value, tuple) else value
            if len(path) == 1:
                variables[path[0]] = plain
            else:
                group = variables.setdefault(path[0], {})
                assert isinstance(group, dict)
                group[path[1]] = plain
        said = dict(zip(calls, answers, strict=True))
        functions = {
            name: (lambda *arguments, name=name: said[(name, *arguments)]) for name in {call[0] for call in calls}
        }
        return condition.value(context_of(variables, functions))

    def ages(self) -> list[int | None]:
        """Nobody knows the age, and one on each side of every limit the conditions mention."""
        conditions = self.conditions() + [
            fact.computed for fact in self.definition.facts.values() if fact.computed is not None
        ]
        head = self.definition.head.applies_when
        limits: set[int] = set()
        for condition in [*conditions, head]:
            for node in walk(condition.tree):
                if isinstance(node, Operation) and any(one == ("age",) for one in _names_in(node)):
                    limits |= {one.value for one in node.operands if _is_number(one)}  # type: ignore[union-attr,misc]
        known: list[int | None] = sorted({limit + step for limit in limits for step in (-1, 0)}) or [20]  # type: ignore[assignment]
        suited = [age for age in [None, *known] if head.holds(context_of({"age": age}, {}))]
        return suited or [None]

    def fact_combinations(self, _age: int | None) -> Iterator[tuple[tuple[str, object], ...]]:
        """Every combination of the facts asked at intake that some condition looks at."""
        looked_at = {path[1] for one in self.conditions() for path in one.names if path[0] == "fact"}
        asked = [fact for fact in self.definition.intake_facts if fact.key in looked_at]
        for values in itertools.product(*(_values(fact) for fact in asked)):
            yield tuple((fact.key, value) for fact, value in zip(asked, values, strict=True))


def _values(fact: Fact) -> tuple[object, ...]:
    return tuple(fact.choices) if fact.choices else _FACT_VALUES.get(fact.type.value, (None,))


def _names_in(node: Operation) -> list[tuple[str, ...]]:
    return [one.path for one in node.operands if isinstance(one, Name)]


def _is_number(node: object) -> bool:
    return isinstance(node, Literal) and isinstance(node.value, int) and not isinstance(node.value, bool)


def _call(call: tuple[str, ...], case: AbstractCase) -> object:
    function, *steps = call
    found = [next((one for one in case.steps if one[0] == key), None) for key in steps]
    first = found[0]
    match function:
        case "done":
            return first is not None and first[3]
        case "is_open":
            return first is not None and first[2] is StepStatus.OPEN
        case "settled":
            return first is not None and first[2] is not StepStatus.OPEN
        case "rounds":
            return first[1] if first is not None else 0
        case _:
            order = [one[0] for one in case.steps]
            return None not in found and order.index(steps[0]) > order.index(steps[1])
