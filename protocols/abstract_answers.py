"""Which answers the walk over the state space gives: those that some condition tells apart."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import replace

from protocols.abstract_case import AbstractCase, AbstractStep, Answering
from protocols.abstract_world import AbstractWorld, unanswered
from protocols.condition_syntax import Literal, walk
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.influence import conditions_of
from protocols.kinds.deadline import BaseKind
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.kinds.rule import Act
from protocols.kinds.rule import Kind as Rule
from protocols.kinds.step import Kind as Step


class AnswerSpace:
    """The answers of one definition that matter, and what its rules let through."""

    def __init__(self, definition: Definition, world: AbstractWorld, steering: Mapping[str, Step]) -> None:
        self.definition = definition
        self.world = world
        conditions = world.conditions
        # A gate on completing only narrows what may be given, so the answers that lift it need not be kept:
        # without them it is as strict as it ever is.
        kept = [one for step in steering.values() for one in conditions_of(step)]
        kept += [end.allowed_when for end in definition.ends.values()]
        for rule in definition.rules.values():
            if rule.on is Act.CLOSE:
                written = (rule.require, rule.forbid, rule.until, rule.unless)
                kept += [one for one in written if one is not None]
        self._later = {path[1] for one in kept for path in one.names if path[0] == "answer"}
        self._later |= {
            deadline.base.name
            for step in steering.values()
            for deadline in step.deadlines.values()
            if deadline.base is not None and deadline.base.kind is BaseKind.ANSWER
        }
        self._leaves = set(definition.steps) - set(steering)
        self._remembered: dict[tuple[object, ...], list[dict[str, object]]] = {}
        self._now = {path[1] for one in conditions for path in one.names if path[0] == "given"}
        self._words = {
            node.value
            for one in conditions
            for node in walk(one.tree)
            if isinstance(node, Literal) and isinstance(node.value, str)
        }

    @functools.cached_property
    def loose(self) -> dict[str, tuple[object, ...]]:
        """The answers that are not kept from state to state, each with everything it could be."""
        questions = self.definition.questions
        return {
            key: (unanswered(question), *self._every(question))
            for key, question in questions.items()
            if key not in self._later
        }

    def given(self, step: Step, case: AbstractCase) -> list[dict[str, object]]:
        """Every combination of answers with which the step can be completed, alike ones only once."""
        key = (step.key, *(self.world.outlook(one, case) for one in self._gates(step)))
        if key not in self._remembered:
            found: dict[Answering, dict[str, object]] = {}
            for given in self._combinations(list(step.questions.values()), case, {}):
                alike = (*self.steering(step, given), ("effects", self.effects(step, given)))
                if alike not in found and not self.refused(step, case, given):
                    found[alike] = given
            self._remembered[key] = list(found.values())
        return self._remembered[key]

    def _gates(self, step: Step) -> list[Condition]:
        """The conditions that have a say in what the step may be completed with."""
        rules = [rule for rule in self.definition.rules.values() if rule.concerns(Act.COMPLETE, step.key)]
        written = [one for rule in rules for one in (rule.require, rule.forbid, rule.until, rule.unless)]
        written += [step.done_when, *(question.asked_when for question in step.questions.values())]
        return [one for one in written if one is not None]

    def _combinations(
        self, questions: list[Question], case: AbstractCase, given: dict[str, object]
    ) -> Iterator[dict[str, object]]:
        if not questions:
            yield given
            return
        question, rest = questions[0], questions[1:]
        asked = question.asked_when is None or self.world.holds(question.asked_when, case, given)
        for value in self._values(question) if asked else (unanswered(question),):
            yield from self._combinations(rest, case, {**given, question.key: value})

    def _values(self, question: Question) -> tuple[object, ...]:
        """The values worth trying; a question nobody looks at gets one."""
        if question.must_be:
            return (question.must_be,)
        watched = question.key in self._later | self._now or question.sets.acute or question.sets.acute_over
        depended_on = any(
            other.asked_when is not None and ("given", question.key) in other.asked_when.names
            for other in self.definition.questions.values()
        )
        every = self._every(question)
        values = every if watched or depended_on else every[:1]
        return values if question.required else (unanswered(question), *values) if watched else values

    def _every(self, question: Question) -> tuple[object, ...]:
        match question.type:
            case QuestionType.CHOICES:
                mentioned = [(key,) for key in question.choices if key in self._words]
                return (tuple(question.choices)[:1], *mentioned)
            case QuestionType.PERSON:
                return question.roles
            case QuestionType.CONTACT:
                return question.contacts
            case QuestionType.NUMBER:
                return (0, 1)
            case QuestionType.TEXT | QuestionType.LONG_TEXT:
                return ("tekst",)
            case QuestionType.DATE | QuestionType.DATETIME:
                return ("2026-11-27",)
            case QuestionType.FORM:
                return tuple(self.definition.forms[question.form].outcomes)
            case QuestionType.ACTIONS:
                return (1,)
            case _:
                return tuple(question.choices)

    def refused(self, step: Step, case: AbstractCase, given: Mapping[str, object]) -> bool:
        """Whether a gate or the step's own condition stands in the way of completing it like this."""
        if step.done_when is not None and not self.world.holds(step.done_when, case, given):
            return True
        rules = self.definition.rules.values()
        return any(
            rule.concerns(Act.COMPLETE, step.key) and self._stands(rule, case, given) for rule in rules
        )

    def may_close(self, case: AbstractCase) -> bool:
        """Whether the rules on closing let the case go, once the steps beside the way are settled."""
        closing = [rule for rule in self.definition.rules.values() if rule.on is Act.CLOSE]
        return all(
            any(not self._stands(rule, one, {}) for one in self._finished(rule, case)) for rule in closing
        )

    def _finished(self, rule: Rule, case: AbstractCase) -> Iterator[AbstractCase]:
        """The case with the steps beside the way done, and each combination of their answers."""
        done = {key: AbstractStep(1, is_open=False, ever_done=True) for key in self._leaves}
        case = replace(case, steps=tuple(sorted({**done, **case.by_key}.items())))
        written = (rule.require, rule.forbid, rule.until, rule.unless)
        asked = {path[1] for one in written if one is not None for path in one.names if path[0] == "answer"}
        beside = [key for key in sorted(asked) if self.definition.asked_in[key] in self._leaves]
        for values in itertools.product(*(self._every(self.definition.questions[key]) for key in beside)):
            yield replace(case, answers=case.answers + tuple(zip(beside, values, strict=True)))

    def _stands(self, rule: Rule, case: AbstractCase, given: Mapping[str, object]) -> bool:
        holds = self.world.holds
        if any(lift is not None and holds(lift, case, given) for lift in (rule.until, rule.unless)):
            return False
        lacking = rule.require is not None and not holds(rule.require, case, given)
        return lacking or (rule.forbid is not None and holds(rule.forbid, case, given))

    def kept(self, before: Answering, step: Step, given: Mapping[str, object]) -> Answering:
        """The answers that later conditions look at, with this step's in place of its earlier ones."""
        answers = {key: value for key, value in before if key not in step.questions}
        return tuple(sorted((answers | dict(self.steering(step, given))).items()))

    def steering(self, step: Step, given: Mapping[str, object]) -> Answering:
        """Of a step's answers those that a later condition looks at."""
        return tuple((key, given[key]) for key in step.questions if key in self._later and key in given)

    def effects(self, step: Step, given: Mapping[str, object]) -> tuple[bool, bool]:
        """Whether the answers press acute, and whether they end it."""
        sets = [(question.sets, given.get(key)) for key, question in step.questions.items()]
        acute = any(one.acute != "" and one.acute == value for one, value in sets)
        return acute, any(one.acute_over != "" and one.acute_over == value for one, value in sets)
