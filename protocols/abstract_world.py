"""Evaluates conditions over abstract cases, remembering every combination of names it has met."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from protocols.abstract_case import AbstractCase
from protocols.abstract_focus import HOW_MANY, Focus, unanswered
from protocols.abstract_values import answers_to, said, values_of
from protocols.conditions import Condition, context_of
from protocols.definition import Definition
from protocols.entangled import bounded
from protocols.influence import Influence
from protocols.kinds.fact import Kind as Fact
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.kinds.relation import ANYONE

Given = Mapping[str, object]
# A name such as ("answer", "worried"), or a call such as ("done", "talk").
Asked = tuple[str, ...]
_Reader = Callable[[AbstractCase, Given], object]
_NOTHING: Given = {}
_NO_MORE: Mapping[Asked, tuple[object, ...]] = {}


@dataclass
class _Reading:
    """How a condition is read: what a state says of it, and what may be anything."""

    condition: Condition
    fixed: tuple[tuple[Asked, bool, _Reader], ...]
    loose: tuple[tuple[Asked, bool, tuple[object, ...]], ...]
    readers: tuple[_Reader, ...]
    # Readers of what a state says by itself, without what is being given.
    standing: tuple[_Reader, ...]
    met: dict[tuple[object, ...], frozenset[object]] = field(default_factory=dict)


class AbstractWorld:
    """One definition's conditions over abstract cases."""

    def __init__(self, definition: Definition, influence: Influence, focus: Focus) -> None:
        self.definition = definition
        self.influence = influence
        self.focus = focus
        self._readings: dict[tuple[int, str], _Reading] = {}

    def holds(
        self, condition: Condition, case: AbstractCase, given: Given = _NOTHING, *, about: str = ""
    ) -> bool:
        """Whether a condition can be true in a state, with what is being given.

        What states do not follow may be anything. `about` is the relation of the linked person of whom the
        condition speaks, as in a step's `per_person`.
        """
        return True in self.results(condition, case, given, about=about)

    def asker(
        self, condition: Condition, *, about: str = "", known: Mapping[Asked, tuple[object, ...]] = _NO_MORE
    ) -> Callable[[AbstractCase], bool]:
        """`holds` for one condition that is asked of every state, without looking it up each time.

        `known` narrows what may be anything to these values.
        """
        reading = self._read(condition, about)
        if known:
            narrowed = [(asked, called, known.get(asked, every)) for asked, called, every in reading.loose]
            reading = replace(reading, loose=tuple(narrowed), met={})
        readers, met = reading.readers, reading.met

        def ask(case: AbstractCase) -> bool:
            values = tuple([read(case, _NOTHING) for read in readers])
            known = met.get(values)
            if known is None:
                known = met[values] = _evaluated(reading, values)
            return True in known

        return ask

    def fails(
        self, condition: Condition, case: AbstractCase, given: Given = _NOTHING, *, about: str = ""
    ) -> bool:
        """Whether a condition can be anything else than true."""
        results = self.results(condition, case, given, about=about)
        return len(results) > 1 or True not in results

    def results(
        self, condition: Condition, case: AbstractCase, given: Given = _NOTHING, *, about: str = ""
    ) -> frozenset[object]:
        """Everything a condition can come to in a state."""
        reading = self._readings.get((id(condition), about)) or self._read(condition, about)
        values = tuple([read(case, given) for read in reading.readers])
        known = reading.met.get(values)
        if known is None:
            known = reading.met[values] = _evaluated(reading, values)
        return known

    def outlook(self, condition: Condition, case: AbstractCase, *, about: str = "") -> tuple[object, ...]:
        """What a condition sees of a state, apart from what is being given."""
        reading = self._readings.get((id(condition), about)) or self._read(condition, about)
        return tuple([read(case, _NOTHING) for read in reading.standing])

    def _read(self, condition: Condition, about: str) -> _Reading:
        known = self._readings.get((id(condition), about))
        if known is not None:
            return known
        fixed: list[tuple[Asked, bool, _Reader]] = []
        loose: list[tuple[Asked, bool, tuple[object, ...]]] = []
        for path in sorted(condition.names):
            anything = self._anything(path)
            if anything is not None:
                loose.append((path, False, anything))
            else:
                fixed.append((path, False, self._name(path, about)))
        for call in sorted(condition.signatures):
            if self.focus.follows(call, self.influence.called(call)):
                fixed.append((call, True, self._call(call)))
            else:
                loose.append((call, True, said(call, self.focus.beside)))
        reading = _Reading(
            condition,
            tuple(fixed),
            tuple(loose),
            tuple(read for _, _, read in fixed),
            tuple(read for path, _, read in fixed if path[0] != "given"),
        )
        self._readings[id(condition), about] = reading
        return reading

    def _anything(self, path: Asked) -> tuple[object, ...] | None:
        """Everything that a name can stand for when states do not follow it, None when they do."""
        match path:
            case ("answer", key) if key not in self.focus.answers:
                question = self.definition.questions[key]
                return tuple(dict.fromkeys([unanswered(question), *self.answers_to(question)]))
            case ("fact", key) if (fact := self.definition.facts[key]).computed is None:
                followed = fact in self.focus.facts
                return None if followed else _read_safely(fact, values_of(fact, self.focus.beside))
            case ("person", key):
                followed = any(key == one.key for facts in self.focus.relations.values() for one in facts)
                fact = self.definition.facts[key]
                return None if followed else _read_safely(fact, values_of(fact, self.focus.beside))
            case _:
                return None

    def answers_to(self, question: Question) -> tuple[object, ...]:
        """The answers to a question that some condition could tell apart."""
        if question.type is QuestionType.FORM:
            return tuple(self.definition.forms[question.form].outcomes)
        return answers_to(question, self.focus.beside)

    def _name(self, path: Asked, about: str) -> _Reader:
        match path:
            case ("answer", key):
                nothing = unanswered(self.definition.questions[key])
                return lambda case, _: case.answered.get(key, nothing)
            case ("given", key):
                nothing = unanswered(self.definition.questions[key])
                return lambda _, given: given.get(key, nothing)
            case ("fact", key):
                return self._fact(key)
            case ("person", key):
                fact = self.definition.facts[key]
                return lambda case, _: fact.reading(_of_person(case, about).get(key))
            case ("acute", "on"):
                return lambda case, _: case.acute_on
            case ("acute", "presses"):
                return lambda case, _: case.presses
            case ("handover", _):
                return lambda case, _: case.handed_over
            case ("age",):
                return lambda case, _: case.age
            case _:
                return lambda case, _: case.age is not None

    def _fact(self, key: str) -> _Reader:
        fact = self.definition.facts[key]
        computed = fact.computed
        if computed is None:
            return lambda case, _: fact.reading(case.known_facts.get(key))
        # A fact that leans on what states do not follow is everything it could be.
        reading = self._readings.get((id(computed), "")) or self._read(computed, "")
        if self._is_loose(reading):
            return lambda case, _: frozenset(fact.reading(one) for one in self.results(computed, case))
        return lambda case, _: fact.reading(next(iter(self.results(computed, case))))

    def _is_loose(self, reading: _Reading) -> bool:
        leaning = (path[1] for path in reading.condition.names if path[0] == "fact")
        computed = [self.definition.facts[key].computed for key in leaning]
        return bool(reading.loose) or any(
            self._is_loose(self._read(one, "")) for one in computed if one is not None
        )

    def _call(self, call: Asked) -> _Reader:
        function, key = call[0], call[1]
        match function:
            case "done":
                return lambda case, _: (step := case.by_key.get(key)) is not None and step.ever_done
            case "is_open":
                return lambda case, _: (step := case.by_key.get(key)) is not None and step.is_open
            case "settled":
                return lambda case, _: (step := case.by_key.get(key)) is not None and not step.is_open
            case "rounds":
                return lambda case, _: step.rounds if (step := case.by_key.get(key)) is not None else 0
            case "later":
                return lambda case, _: (key, call[2]) in case.later
            case "settled_later":
                return lambda case, _: (key, call[2]) in case.settled_later
            case "joined":
                return lambda case, _: self.joined(key, case)
            case "expired":
                owner, _, deadline = key.partition(".")
                return lambda case, _: owner in case.by_key and deadline in case.by_key[owner].expired
            case "people":
                return lambda case, _: sum(
                    facts[HOW_MANY] for relation, facts in case.linked.items() if key in (relation, ANYONE)
                )
            case "people_with":
                return lambda case, _: sum(
                    facts[HOW_MANY] for facts in case.linked.values() if facts.get(key) == call[2]
                )
            case _:
                first = self.focus.chances[call][0]
                return lambda case, _: case.chance.get(call, first)

    def joined(self, key: str, case: AbstractCase) -> bool:
        """Whether a join is met in a state, all of whose steps are followed."""
        join, known = self.definition.joins[key], case.by_key
        opened = [one for one in join.of if one in known]
        after = known.get(join.after)
        return join.is_met(
            after_settled=after is not None and not after.is_open,
            opened=opened,
            settled=[one for one in opened if not known[one].is_open],
        )


def _read_safely(fact: Fact, values: tuple[object, ...]) -> tuple[object, ...]:
    return tuple(dict.fromkeys(fact.reading(one) for one in values))


def _of_person(case: AbstractCase, about: str) -> Mapping[str, object]:
    """What is known of the person a step is about; where it is about anyone, of the first who is linked."""
    if about == ANYONE:
        return next(iter(case.linked.values()), {})
    return case.linked.get(about, {})


def _evaluated(reading: _Reading, values: tuple[object, ...]) -> frozenset[object]:
    axes = [tuple(value) if isinstance(value, frozenset) else (value,) for value in values]
    axes += [options for _, _, options in reading.loose]
    told = [(asked, called) for asked, called, _ in (*reading.fixed, *reading.loose)]
    return frozenset(
        _once(reading.condition, [(*one, value) for one, value in zip(told, chosen, strict=True)])
        for chosen in bounded(itertools.product(*axes), (), f"what '{reading.condition}' looks at")
    )


def _once(condition: Condition, told: list[tuple[Asked, bool, object]]) -> object:
    variables: dict[str, object] = {}
    answers: dict[Asked, object] = {}
    for asked, called, value in told:
        plain = list(value) if isinstance(value, tuple) else value
        if called:
            answers[asked] = plain
        elif len(asked) == 1:
            variables[asked[0]] = plain
        else:
            group = variables.setdefault(asked[0], {})
            assert isinstance(group, dict)
            group[asked[1]] = plain
    functions = {
        name: (lambda *arguments, name=name: answers[(name, *arguments)])
        for name in {call[0] for call in answers}
    }
    result = condition.value(context_of(variables, functions))
    return tuple(result) if isinstance(result, list) else result
