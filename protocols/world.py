"""The world in which a case's conditions are evaluated: names and functions over one state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import cel

from handlepligt.domain.vocabulary import StepStatus
from protocols.conditions import context_of
from protocols.definition import Definition
from protocols.form_answers import outcome
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.state import AnswerValue, CaseState, StepState

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


def latest_answers(definition: Definition, state: CaseState) -> dict[str, object]:
    """Every question with its latest settled answer.

    A later round that left a question unanswered has taken the earlier answer back: only the latest round
    of the asking step that was done speaks.
    """
    done: dict[str, StepState] = {s.key: s for s in state.steps if s.status is StepStatus.DONE}
    answers: dict[str, object] = {}
    for key, question in definition.questions.items():
        speaking = done.get(definition.asked_in[key])
        answers[key] = seen(question, speaking.answers.get(key) if speaking else None)
    return answers


class World:
    """One state, ready for conditions. Made once per question to the kernel, thrown away after."""

    def __init__(
        self, definition: Definition, state: CaseState, given: Mapping[str, AnswerValue] | None = None
    ) -> None:
        self.definition = definition
        self.state = state
        self._by_key: dict[str, list[StepState]] = {}
        for step in state.steps:
            self._by_key.setdefault(step.key, []).append(step)
        variables: dict[str, object] = {
            "answer": latest_answers(definition, state),
            "acute": {"on": state.acute_on, "presses": state.acute_presses},
            "handover": {"accepted": state.handed_over_at is not None},
            "age": state.age,
            "birth_date_known": state.birth_date is not None,
        }
        if given is not None:
            variables["given"] = {
                key: seen(question, given.get(key)) for key, question in definition.questions.items()
            }
        functions: dict[str, Callable[..., object]] = {
            "done": self.done,
            "is_open": self.is_open,
            "settled": self.settled,
            "rounds": self.rounds,
            "later": self.later,
            "settled_later": self.settled_later,
        }
        self.context: cel.Context = context_of(variables, functions)
        self.facts: dict[str, object] = {}
        for key, fact in definition.facts.items():
            if fact.computed is not None:
                value: object = fact.computed.value(self.context)
            else:
                value = state.facts.get(key)
            self.facts[key] = fact.when_unknown if value in (None, "unknown", "") else value
            # Facts may lean on facts that stand above them in the file.
            self.context.add_variable("fact", self.facts)

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
        positions = {step.key: position for position, step in enumerate(self.state.steps)}
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
            if step.settled_at is not None:
                last[step.key] = (step.settled_at, position)
        both = key in last and other in last
        return both and not self.is_open(key) and last[key] > last[other]
