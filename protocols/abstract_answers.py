"""Which answers the walk over the state space gives: those that some condition tells apart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from protocols.abstract_case import AbstractCase, Answering
from protocols.abstract_focus import Focus, unanswered
from protocols.abstract_gates import Gates
from protocols.abstract_world import AbstractWorld
from protocols.definition import Definition
from protocols.entangled import bounded
from protocols.kinds.question import Kind as Question
from protocols.kinds.step import Kind as Step


class AnswerSpace:
    """The answers of one definition that matter, and what its gates let through."""

    def __init__(self, definition: Definition, world: AbstractWorld, focus: Focus, gates: Gates) -> None:
        self.definition = definition
        self.world = world
        self.focus = focus
        self.gates = gates
        names = {path for one in world.influence.conditions for path in one.names}
        questions = definition.questions.values()
        names |= {path for one in questions if one.asked_when for path in one.asked_when.names}
        self._now = {path[1] for path in names if path[0] == "given"}
        self._remembered: dict[tuple[object, ...], list[dict[str, object]]] = {}

    def given(self, step: Step, case: AbstractCase) -> list[dict[str, object]]:
        """Every combination of answers with which the step can be completed, alike ones only once."""
        about = step.per_person
        seen = (self.world.outlook(one, case, about=about) for one in self.gates.before(step))
        key = (step.key, *seen)
        if key not in self._remembered:
            found: dict[Answering, dict[str, object]] = {}
            every = self._combinations(list(step.questions.values()), step, case, {})
            for given in bounded(every, ("steps", step.key), "the answers to this step"):
                alike = (*self.steering(step, given), ("effects", self.effects(step, given)))
                if alike not in found and not self.gates.refuse(step, case, given):
                    found[alike] = given
            self._remembered[key] = list(found.values())
        return self._remembered[key]

    def _combinations(
        self, questions: list[Question], step: Step, case: AbstractCase, given: dict[str, object]
    ) -> Iterator[dict[str, object]]:
        if not questions:
            yield given
            return
        question, rest = questions[0], questions[1:]
        asked_when, about = question.asked_when, step.per_person
        asked = asked_when is None or self.world.holds(asked_when, case, given, about=about)
        closed = self._closed(question, step, case, given)
        for value in self._values(question) if asked else (unanswered(question),):
            if value in closed:
                continue
            yield from self._combinations(rest, step, case, {**given, question.key: value})

    def _closed(
        self, question: Question, step: Step, case: AbstractCase, given: dict[str, object]
    ) -> tuple[object, ...]:
        """The choices that cannot be chosen in this state; a count of rounds may be anything here."""
        return tuple(
            choice
            for choice, condition in question.offered_when.items()
            if not condition.signatures
            and not self.world.holds(condition, case, given, about=step.per_person)
        )

    def _values(self, question: Question) -> tuple[object, ...]:
        """The values worth trying; a question nobody looks at gets one."""
        if question.must_be:
            return (question.must_be,)
        looked_at = question.key in self.focus.answers or question.key in self._now
        watched = looked_at or question.sets.acute or question.sets.acute_over
        every = self.world.answers_to(question)
        values = every if watched else every[:1]
        return values if question.required else (unanswered(question), *values) if watched else values

    def kept(self, before: Answering, step: Step, given: Mapping[str, object]) -> Answering:
        """The answers that later conditions look at, with this step's in place of its earlier ones."""
        answers = {key: value for key, value in before if key not in step.questions}
        return tuple(sorted((answers | dict(self.steering(step, given))).items()))

    def steering(self, step: Step, given: Mapping[str, object]) -> Answering:
        """Of a step's answers those that a later condition looks at."""
        return tuple(
            (key, given[key]) for key in step.questions if key in self.focus.answers and key in given
        )

    def told(self, step: Step, given: Mapping[str, object]) -> Answering:
        """Of a step's answers those that change something, now or later."""
        pressing = {
            key
            for key, question in step.questions.items()
            if given.get(key) and given[key] in (question.sets.acute, question.sets.acute_over)
        }
        wanted = pressing | self.focus.answers
        return tuple((key, given[key]) for key in step.questions if key in wanted and key in given)

    def effects(self, step: Step, given: Mapping[str, object]) -> tuple[bool, bool]:
        """Whether the answers press acute, and whether they end it."""
        sets = [(question.sets, given.get(key)) for key, question in step.questions.items()]
        acute = any(one.acute != "" and one.acute == value for one, value in sets)
        return acute, any(one.acute_over != "" and one.acute_over == value for one, value in sets)
