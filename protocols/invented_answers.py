"""Draws what people might answer in an invented case: every choice, and numbers on each side of a limit."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random

from protocols.answers import may_be_ahead, offered
from protocols.condition_syntax import Literal, walk
from protocols.conditions import context_of
from protocols.definition import Definition
from protocols.form_answers import read_form
from protocols.invented_case import InventedCase
from protocols.kinds.fact import Kind as Fact
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.state import AnswerValue, StepState
from protocols.times_ahead import furthest
from protocols.world import World

_TEXT = "Opdigtet."
_OLDEST = 90


class Draw:
    """Answers, facts and ages for one case, drawn from `chance`; the same chance draws the same.

    Each case has likings of its own among the choices, so that ways are met which take the same answer often.
    """

    def __init__(self, definition: Definition, chance: Random) -> None:
        self.definition = definition
        self.chance = chance
        self._likings: dict[str, list[float]] = {}
        self._limits = _limits(definition)

    def answers(self, case: InventedCase, round_: StepState) -> dict[str, object]:
        """Something for each question of a round that is asked under what was drawn before it."""
        given: dict[str, AnswerValue] = {}
        for key, question in self.definition.step(round_.key).questions.items():
            if question.asked_when is not None or question.offered_when or question.ahead_when is not None:
                world = World(self.definition, case.state, given, round_.person)
                if question.asked_when is not None and not question.asked_when.holds(world.context):
                    continue
                is_ahead = {"may_be_ahead": may_be_ahead(question, world)}
                question = offered(question, world).model_copy(update=is_ahead)
            if question.required or self.chance.random() < 0.7:
                given[key] = self._answer(question, case)
        return dict(given)

    def fields(self, questions: Mapping[str, Question], case: InventedCase) -> dict[str, object]:
        """Something for each field of an end."""
        return {key: self._answer(question, case) for key, question in questions.items()}

    def facts(self, received_at: datetime) -> dict[str, object]:
        """Answers to what is asked when a concern is raised; now and then nobody knows."""
        asked = self.definition.intake_facts
        known = (fact for fact in asked if self.chance.random() < 0.85)
        return {fact.key: self._fact(fact, received_at) for fact in known}

    def person_facts(self, relation: str, at: datetime) -> dict[str, object]:
        """The same about somebody who is linked to the case."""
        known = (fact for fact in self.definition.person_facts(relation) if self.chance.random() < 0.85)
        return {fact.key: self._fact(fact, at) for fact in known}

    def birth_date(self, at: datetime) -> date | None:
        """The birth date of somebody to whom the definition applies; None where nobody knows it."""
        for _ in range(200):
            age = self._age()
            if self.definition.head.applies_when.holds(context_of({"age": age}, {})):
                days = 0 if age is None else 365.25 * age + self.chance.randrange(1, 365)
                return None if age is None else (at - timedelta(days=days)).date()
        return None

    def _age(self) -> int | None:
        draw = self.chance.random()
        limits = [age for age in self._limits.get(("age",), ()) if 0 <= age <= _OLDEST]
        if draw < 0.1:
            return None
        return self.chance.choice(limits) if limits and draw < 0.6 else self.chance.randrange(_OLDEST)

    def _fact(self, fact: Fact, at: datetime) -> object:
        match fact.type.value:
            case "yes_no":
                return self.chance.choice(("yes", "no"))
            case "choice":
                return self.chance.choice(list(fact.choices))
            case "number":
                return self._number(("fact", fact.key))
            case "date":
                return (at - timedelta(days=self.chance.randrange(30))).date().isoformat()
            case _:
                return _TEXT

    def _number(self, name: tuple[str, ...]) -> int:
        return self.chance.choice([*self._limits.get(name, ()), self.chance.randrange(11)])

    def _answer(self, question: Question, case: InventedCase) -> AnswerValue:
        if question.must_be and self.chance.random() < 0.95:
            return question.must_be
        match question.type:
            case QuestionType.CHOICES:
                chosen = [key for key in question.choices if self.chance.random() < 0.35]
                return chosen or [self.chance.choice(list(question.choices))]
            case QuestionType.PERSON:
                return {"role": self.chance.choice(question.roles), "staff": 1}
            case QuestionType.CONTACT:
                return self.chance.choice(question.contacts)
            case QuestionType.NUMBER:
                return self._number((self.chance.choice(("answer", "given")), question.key))
            case QuestionType.TEXT | QuestionType.LONG_TEXT:
                return _TEXT
            case QuestionType.DATE:
                return self._day(question, case).isoformat()
            case QuestionType.DATETIME:
                return self._instant(question, case).astimezone(UTC).isoformat()
            case QuestionType.ACTIONS:
                return [
                    {"what": _TEXT, "who": _TEXT, "by": self._ahead(case).date().isoformat()}
                    for _ in range(self.chance.randrange(1, 4))
                ]
            case QuestionType.FORM:
                return self._form(question)
            case _:
                return self._choice(question)

    def _choice(self, question: Question) -> str:
        choices = list(question.choices)
        name = f"{question.key}:{len(choices)}"
        if name not in self._likings:
            self._likings[name] = [0.15 + self.chance.random() for _ in choices]
        return self.chance.choices(choices, self._likings[name])[0]

    def _day(self, question: Question, case: InventedCase) -> date:
        if question.looks_ahead:
            return self._ahead(case, question).date()
        today = case.now.astimezone(case.zone).date()
        return today - timedelta(days=min(self.chance.randrange(4), (case.now - case.state.received_at).days))

    def _instant(self, question: Question, case: InventedCase) -> datetime:
        if question.looks_ahead:
            return self._ahead(case, question)
        return case.now - timedelta(minutes=self.chance.randrange(1, 180))

    def _ahead(self, case: InventedCase, question: Question | None = None) -> datetime:
        at = case.now.astimezone(case.zone) + timedelta(days=self.chance.randrange(1, 29), hours=1)
        last = furthest(self.definition, question, case.now) if question is not None else None
        return at if last is None else min(at, last.astimezone(case.zone))

    def _form(self, question: Question) -> AnswerValue:
        form = self.definition.forms[question.form]
        fields: dict[str, object] = {}
        for key in form.items:
            choices = list(form.choices_of(key))
            for time in form.moments:
                name = f"{key}.{time}" if time else key
                if choices:
                    fields[name] = self.chance.choice(choices)
                if form.notes:
                    fields[f"{name}.note"] = _TEXT
        if form.overall is not None:
            fields["overall"] = self.chance.choice(list(form.overall.choices))
        read, _ = read_form(form, question.key, None, fields, needed=True)
        return read or {}


@functools.lru_cache(maxsize=16)
def _limits(definition: Definition) -> Mapping[tuple[str, ...], tuple[int, ...]]:
    """For each name that conditions look at, the whole numbers beside it there, and those next to them."""
    found: dict[tuple[str, ...], set[int]] = {}
    for condition in definition.conditions:
        numbers = {
            node.value
            for node in walk(condition.tree)
            if isinstance(node, Literal) and isinstance(node.value, int) and not isinstance(node.value, bool)
        }
        for name in condition.names:
            found.setdefault(name, set()).update(n + step for n in numbers for step in (-1, 0, 1))
    return {name: tuple(sorted(numbers)) for name, numbers in found.items()}
