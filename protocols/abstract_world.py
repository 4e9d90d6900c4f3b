"""Evaluates conditions over abstract cases, remembering every combination of names it has met."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping

from protocols.abstract_case import AbstractCase, Answering
from protocols.condition_syntax import Call, Literal, Name, Operation, walk
from protocols.conditions import Condition, context_of
from protocols.definition import Definition
from protocols.influence import all_conditions
from protocols.kinds.fact import Kind as Fact
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType

_FACT_VALUES = {"yes_no": ("yes", "no"), "number": (0, 1), "text": ("",), "date": ("2026-11-27",)}


def unanswered(question: Question) -> object:
    """What a condition sees of a question nobody has answered."""
    if question.type is QuestionType.CHOICES:
        return ()
    if question.type is QuestionType.ACTIONS:
        return 0
    return "" if question.type in (QuestionType.TEXT, QuestionType.LONG_TEXT) else None


class AbstractWorld:
    """One definition's conditions over abstract cases."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self._remembered: dict[tuple[object, ...], object] = {}
        self._signatures: dict[int, tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]] = {}
        self.conditions = all_conditions(definition)
        self.asks_handover = any(("handover", "accepted") in one.names for one in self.conditions)

    def holds(
        self, condition: Condition, case: AbstractCase, given: Mapping[str, object] | None = None
    ) -> bool:
        """Whether a condition is true in a state, with what is being given."""
        return self._value(condition, case, given or {}) is True

    def possible(
        self,
        condition: Condition,
        case: AbstractCase,
        loose_answers: Mapping[str, tuple[object, ...]],
        loose_steps: Collection[str],
    ) -> bool:
        """Whether a condition can be true in a state, whatever was answered and done beside the way."""
        names, calls = self._signature(condition)
        axes = [
            loose_answers[path[1]]
            if path[0] == "answer" and path[1] in loose_answers
            else (self._name(path, case, {}),)
            for path in names
        ]
        for call in calls:
            counts: tuple[object, ...] = (0, 1) if call[0] == "rounds" else (False, True)
            axes.append(counts if set(call[1:]) & set(loose_steps) else (_call(call, case),))
        return any(
            self._known(condition, values[: len(names)], values[len(names) :]) is True
            for values in itertools.product(*axes)
        )

    def outlook(self, condition: Condition, case: AbstractCase) -> tuple[object, ...]:
        """What a condition sees of a state, apart from what is being given."""
        names, calls = self._signature(condition)
        seen = (self._name(path, case, {}) for path in names if path[0] != "given")
        return (*seen, *(_call(call, case) for call in calls))

    def _value(self, condition: Condition, case: AbstractCase, given: Mapping[str, object]) -> object:
        names, calls = self._signature(condition)
        values = tuple(self._name(path, case, given) for path in names)
        return self._known(condition, values, tuple(_call(call, case) for call in calls))

    def _known(self, condition: Condition, values: tuple[object, ...], answers: tuple[object, ...]) -> object:
        names, calls = self._signature(condition)
        key = (condition.source, values, answers)
        if key not in self._remembered:
            self._remembered[key] = self._evaluate(
                condition, dict(zip(names, values, strict=True)), calls, answers
            )
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
                return case.answered.get(key, unanswered(self.definition.questions[key]))
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
        value = self._value(fact.computed, case, {}) if fact.computed else case.known_facts.get(key)
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
            name: (lambda *arguments, name=name: said[(name, *arguments)])
            for name in {call[0] for call in calls}
        }
        return condition.value(context_of(variables, functions))

    def beginnings(self) -> Iterator[AbstractCase]:
        """An empty case for every combination of ages and facts that the conditions tell apart."""
        asked_by_name = any(("age",) in one.names for one in self.conditions)
        alike: set[tuple[object, ...]] = set()
        for age in self._ages():
            for facts in self._fact_combinations():
                case = AbstractCase(facts=facts, age=age)
                seen = tuple(self._fact(key, case) for key in self.definition.facts)
                told_apart = (*seen, age) if asked_by_name else seen
                if told_apart not in alike:
                    alike.add(told_apart)
                    yield case

    def _ages(self) -> list[int | None]:
        """Nobody knows the age, and one on each side of every limit the conditions mention."""
        head = self.definition.head.applies_when
        computed = [fact.computed for fact in self.definition.facts.values() if fact.computed is not None]
        limits = {
            operand.value
            for condition in [*self.conditions, *computed, head]
            for node in walk(condition.tree)
            if isinstance(node, Operation) and any(_is_age(one) for one in node.operands)
            for operand in node.operands
            if isinstance(operand, Literal) and isinstance(operand.value, int)
        }
        ages: list[int | None] = [None, 20, *sorted(limit + step for limit in limits for step in (-1, 0))]
        return [age for age in ages if head.holds(context_of({"age": age}, {}))]

    def _fact_combinations(self) -> Iterator[Answering]:
        looked_at = {path[1] for one in self.conditions for path in one.names if path[0] == "fact"}
        asked = [fact for fact in self.definition.intake_facts if fact.key in looked_at]
        for values in itertools.product(*(_values(fact) for fact in asked)):
            yield tuple((fact.key, value) for fact, value in zip(asked, values, strict=True))


def _values(fact: Fact) -> tuple[object, ...]:
    return tuple(fact.choices) if fact.choices else _FACT_VALUES.get(fact.type.value, (None,))


def _is_age(node: object) -> bool:
    return isinstance(node, Name) and node.path == ("age",)


def _call(call: tuple[str, ...], case: AbstractCase) -> object:
    function, key = call[0], call[1]
    step = case.by_key.get(key)
    match function:
        case "later":
            return (key, call[2]) in case.later
        case "settled_later":
            return (key, call[2]) in case.settled_later
        case "rounds":
            return step.rounds if step is not None else 0
        case "done":
            return step is not None and step.ever_done
        case "is_open":
            return step is not None and step.is_open
        case _:
            return step is not None and not step.is_open
