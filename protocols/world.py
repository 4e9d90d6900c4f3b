"""The world in which a case's conditions are evaluated: names and functions over one state."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from datetime import datetime

import cel

from handlepligt.domain.vocabulary import StepStatus
from protocols.conditions import Condition, context_of
from protocols.definition import Definition
from protocols.form_answers import outcome
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.kinds.relation import ANYONE
from protocols.second_assessor import SECOND
from protocols.state import AnswerValue, CaseState, StepState
from protocols.windows import leaves_at, window

UNSETTLED = frozenset({StepStatus.OPEN, StepStatus.WAITING})
_EMPTY: dict[QuestionType, object] = {
    QuestionType.CHOICES: [],
    QuestionType.TEXT: "",
    QuestionType.LONG_TEXT: "",
    QuestionType.ACTIONS: 0,
}


def seen(question: Question, value: AnswerValue | None) -> object:
    """An answer as a condition sees it: what is unanswered is empty or null.

    A person is the role chosen, a form the key of what it came to, agreed actions how many there are.
    """
    if value is None:
        return _EMPTY.get(question.type)
    if question.type is QuestionType.FORM:
        # While a form is being filled in, nobody knows yet what it comes to.
        return outcome(value) if isinstance(value, Mapping) and "items" in value else None
    if question.type is QuestionType.ACTIONS:
        return len(value) if isinstance(value, list) else 0
    if isinstance(value, Mapping):
        return value.get("role")
    return value


class World:
    """One state, ready for conditions. Made once per question to the kernel, thrown away after.

    With `person`, the id of a linked person, `person.<fact>` speaks of them, and so do the steps of which
    that person has a line of rounds, and the answers given in them. Without, those speak of everybody: done
    when any round was, settled when there was one and none is open, the latest answer whomever it is about.
    """

    def __init__(
        self,
        definition: Definition,
        state: CaseState,
        given: Mapping[str, AnswerValue] | None = None,
        person: str = "",
    ) -> None:
        self.definition = definition
        self.state = state
        self.given = given
        self.person = state.person(person) if person else None
        self._read: dict[str, object] = {}
        self._by_key: dict[str, list[StepState]] = {}
        for step in state.steps:
            if self._speaks_of(step):
                self._by_key.setdefault(step.key, []).append(step)

    def _speaks_of(self, round_: StepState) -> bool:
        """False for rounds about others, in the steps of which this world's person has a line."""
        if self.person is None or round_.person == self.person.id:
            return True
        step = self.definition.steps.get(round_.key)
        return step is None or step.per_person not in (self.person.relation, ANYONE)

    @functools.cached_property
    def context(self) -> cel.Context:
        """Everything that a condition of the definition may ask for, and nothing it does not."""
        vocabulary = self.definition.vocabulary
        variables = {
            group: self._group(group, names)
            for group, names in vocabulary.names.items()
            if group != "given" or self.given is not None
        }
        return context_of(variables, {name: getattr(self, name) for name in vocabulary.functions})

    def _group(self, group: str, names: Collection[str]) -> object:
        """What a name, or the group of names before a dot, stands for; names nobody asks for are left out."""
        match group:
            case "answer":
                return {key: self.answer(key) for key in names}
            case "given":
                questions, given = self.definition.questions, self.given or {}
                return {key: seen(questions[key], given.get(key)) for key in names if key in questions}
            case "fact":
                return {key: self._fact(key) for key in names}
            case "person":
                return {key: self._of_person(key) for key in names}
            case "acute":
                return {"on": self.state.acute_on, "presses": self.state.acute_presses}
            case "handover":
                return {"accepted": self.state.handed_over_at is not None}
            case "age":
                return self.state.age
            case _:
                return self.state.birth_date is not None

    @functools.cached_property
    def facts(self) -> Mapping[str, object]:
        """Every fact of the case as the rules see it; unknown ones in their safe reading."""
        return {key: self._fact(key) for key, one in self.definition.facts.items() if not one.is_of_a_person}

    def _fact(self, key: str) -> object:
        fact = self.definition.facts.get(key)
        if fact is None or fact.is_of_a_person:
            return None
        if key not in self._read:
            # A computed fact leans only on facts that stand above it, so this ends.
            value = self.value(fact.computed) if fact.computed else self.state.facts.get(key)
            self._read[key] = fact.reading(value)
        return self._read[key]

    def value(self, condition: Condition) -> object:
        """What any expression comes to here, also one that does not stand in the definition."""
        groups: dict[str, list[str]] = {}
        for path in condition.names:
            groups.setdefault(path[0], []).append(path[-1])
        variables = {group: self._group(group, names) for group, names in groups.items()}
        functions = {call[0]: getattr(self, call[0]) for call in condition.signatures}
        return condition.value(context_of(variables, functions))

    def answer(self, key: str) -> object:
        """The latest settled answer to a question.

        A later round that left the question unanswered has taken the earlier answer back: only the latest
        round of the asking step that was done speaks.
        """
        question = self.definition.questions.get(key)
        if question is None:
            return None
        speaking = self._latest_done(self.definition.asked_in[key])
        return seen(question, speaking.answers.get(key) if speaking else None)

    def _latest_done(self, key: str) -> StepState | None:
        rounds = self._by_key.get(key, ())
        return next((one for one in reversed(rounds) if one.status is StepStatus.DONE), None)

    def _of_person(self, key: str) -> object:
        fact = self.definition.facts.get(key)
        if fact is None or self.person is None:
            return None
        return fact.reading(self.person.facts.get(key))

    def done(self, key: str) -> bool:
        """A round has been done."""
        return any(step.status is StepStatus.DONE for step in self._by_key.get(key, ()))

    def is_open(self, key: str) -> bool:
        """A round is open or waiting."""
        return any(step.status in UNSETTLED for step in self._by_key.get(key, ()))

    def settled(self, key: str) -> bool:
        """There has been a round and none is open."""
        return key in self._by_key and not self.is_open(key)

    def rounds(self, key: str) -> int:
        """How many rounds have been opened."""
        return len(self._by_key.get(key, ()))

    def later(self, key: str, other: str) -> bool:
        """The latest round of `key` opened after that of `other`; false unless both have opened."""
        positions = {step.key: at for at, step in enumerate(self.state.steps) if self._speaks_of(step)}
        return key in positions and other in positions and positions[key] > positions[other]

    def settled_later(self, key: str, other: str) -> bool:
        """The latest round of `key` was settled after the latest settled round of `other`.

        False unless both have been settled, and while a round of `key` is open; an open round of `other`
        leaves what its earlier round said. It is for what must be done anew once something has come that it
        could not yet know, whichever was opened first. Of two settled in the same instant the one opened
        later counts as later: a round that answers for another is always opened after it.
        """
        last: dict[str, tuple[datetime, int]] = {}
        for position, step in enumerate(self.state.steps):
            if step.settled_at is not None and self._speaks_of(step):
                last[step.key] = (step.settled_at, position)
        both = key in last and other in last
        return both and not self.is_open(key) and last[key] > last[other]

    def joined(self, key: str) -> bool:
        """What the join comes after is settled, and so are enough of its branches that have opened."""
        join = self.definition.joins[key]
        opened = [step for step in join.of if step in self._by_key]
        return join.is_met(
            after_settled=self.settled(join.after),
            opened=opened,
            settled=[step for step in opened if self.settled(step)],
        )

    def expired(self, name: str) -> bool:
        """A deadline, named step.deadline, has passed unmet in the latest round, of anybody's line."""
        key, deadline = name.split(".")
        latest = {round_.person: round_.round for round_ in self._by_key.get(key, ())}
        return any((key, number, person, deadline) in self.state.expired for person, number in latest.items())

    def count_within(self, key: str, length: str) -> int:
        """How many rounds have been opened in the window of that length which ends now."""
        long, zone = window(length), self.definition.head.zone
        rounds = self._by_key.get(key, ())
        return sum(leaves_at(one.opened_at, long, zone) > self.state.now for one in rounds)

    def people(self, relation: str) -> int:
        """How many people of this relation, or `anyone`, are linked to the case."""
        return sum(relation in (one.relation, ANYONE) for one in self.state.people)

    def people_with(self, key: str, value: str) -> int:
        """Of how many linked people a fact is this, where nobody knows in its safe reading."""
        fact = self.definition.facts[key]
        return sum(
            fact.concerns(one.relation) and fact.reading(one.facts.get(key)) == value
            for one in self.state.people
        )

    def bypassed(self, role: str) -> bool:
        """The role is passed over in this case."""
        return role in self.state.bypassed

    def reached(self, contact: str) -> bool:
        """A call to the contact was answered."""
        return any(call.contact == contact and call.is_answered for call in self.state.calls)

    def unanswered(self, contact: str) -> int:
        """How many calls to the contact have not been answered since the last one that was."""
        count = 0
        for call in self.state.calls:
            if call.contact == contact:
                count = 0 if call.is_answered else count + 1
        return count

    def score(self, question: str) -> object:
        """The number the latest answer to a form came to; null while nobody has answered it."""
        speaking = self._latest_done(self.definition.asked_in[question])
        answer = speaking.answers.get(question) if speaking else None
        return answer.get("score") if isinstance(answer, Mapping) else None

    def differs(self, key: str) -> bool:
        """The second assessment came to another answer than the first; false until both are done."""
        assessor = self.definition.steps[key].second_assessor
        first, second = self._latest_done(key), self._latest_done(key + SECOND)
        if assessor is None or first is None or second is None:
            return False
        questions = self.definition.questions
        return any(
            seen(questions[one], first.answers.get(one))
            != seen(questions[one], second.answers.get(one + SECOND))
            for one in assessor.questions
        )
