"""Leads an invented case through a definition with the real kernel, as the verbs do, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from protocols.definition import Definition
from protocols.engine import (
    effects,
    lapses,
    openings,
    questions_for,
    read_answers,
    refusals,
    taken_up_again,
    tick_refusal,
)
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.kinds.rule import Act
from protocols.loader import library
from protocols.state import CaseState, StepState, StepStatus
from protocols.world import UNSETTLED

FRIDAY = datetime(2026, 11, 27, 15, 55, tzinfo=UTC)  # 16.55 in Denmark
HOUR = timedelta(hours=1)
TRACKS = ("adviser_under_18", "adviser_over_18", "professional")


def track(key: str) -> Definition:
    """The newest version that ships."""
    return library().latest(key)


def fresh(age: int | None = 17, **facts: str) -> CaseState:
    """A case raised on that Friday."""
    return CaseState(FRIDAY, FRIDAY, facts=facts, age=age)


@dataclass
class Walk:
    """One case on its way; every act takes an hour."""

    definition: Definition
    state: CaseState = field(default_factory=fresh)
    now: datetime = FRIDAY

    def __post_init__(self) -> None:
        self.settle()

    @property
    def open_steps(self) -> list[str]:
        """Also those that wait for somebody else."""
        return [step.key for step in self.state.steps if step.status in UNSETTLED]

    def settle(self) -> None:
        """Opens and drops steps until the rules have nothing more to say."""
        for _ in range(50):
            fallen = {(step.key, step.round, step.person) for step, _ in lapses(self.definition, self.state)}
            if fallen:
                self._change(fallen, StepStatus.NOT_APPLICABLE, {})
                continue
            due = openings(self.definition, self.state)
            if not due:
                return
            opened = tuple(
                StepState(
                    one.step.key,
                    one.round,
                    StepStatus.WAITING if one.step.waits_for else StepStatus.OPEN,
                    self.now,
                    person=one.person,
                )
                for one in due
            )
            self.state = replace(self.state, steps=self.state.steps + opened)
        raise AssertionError("the rules never come to rest")

    def _change(
        self, keys: set[tuple[str, int, str]], status: StepStatus, answers: Mapping[str, object]
    ) -> None:
        self.state = replace(
            self.state,
            steps=tuple(
                replace(step, status=status, settled_at=self.now, answers=dict(answers))  # type: ignore[arg-type]
                if (step.key, step.round, step.person) in keys
                else step
                for step in self.state.steps
            ),
        )

    def press_acute(self) -> None:
        """Counts a press only while no interrupting step is open, as the verb does."""
        open_now = [self.definition.steps[key] for key in self.open_steps]
        waits = any(step.interrupts for step in open_now)
        self.state = replace(self.state, acute_on=True, acute_presses=self.state.acute_presses + (not waits))
        self.settle()

    def complete(self, key: str, **answers: object) -> None:
        """Completes the first open round of a step with these answers, and something plain for the rest."""
        given = read_answers(self.definition, key, self.state, self.filled(key, answers))
        refused = refusals(self.definition, self.state, Act.COMPLETE, step_key=key, given=given)
        assert refused == (), refused
        self.now += HOUR
        open_one = next(s for s in self.state.steps if s.key == key and s.status in UNSETTLED)
        self._change({(key, open_one.round, open_one.person)}, StepStatus.DONE, given)
        done = effects(self.definition, key, given)
        if done.acute_over:
            self.state = replace(self.state, acute_on=False)
        if done.acute:
            self.press_acute()
        self.settle()

    def take_up(self, key: str) -> None:
        """Opens one more round of a settled step by hand."""
        [opening] = [one for one in taken_up_again(self.definition, self.state) if one.step.key == key]
        round_ = StepState(key, opening.round, StepStatus.OPEN, self.now, person=opening.person)
        self.state = replace(self.state, steps=(*self.state.steps, round_))
        self.settle()

    def tick(self, key: str, *items: str) -> None:
        """Ticks items of the open round's checklist."""
        for item in items:
            refused = tick_refusal(self.definition, self.state, key, item, done=True)
            assert refused is None, refused
            self.state = replace(
                self.state,
                steps=tuple(
                    replace(one, ticks={**one.ticks, item: self.now})
                    if one.key == key and one.status in UNSETTLED
                    else one
                    for one in self.state.steps
                ),
            )

    def filled(self, key: str, answers: Mapping[str, object]) -> dict[str, object]:
        """The answers with something plain for each question that must be answered besides."""
        raw = dict(answers)
        for _ in self.definition.step(key).questions:
            seen = dict(raw)
            for question in questions_for(self.definition, key, self.state, seen):  # type: ignore[arg-type]
                if question.key not in raw and question.required:
                    raw[question.key] = plain(question)
                    break
        return raw

    def refused(self, key: str, **answers: object) -> list[str]:
        """The rules that stand before completing a step with these answers."""
        given = read_answers(self.definition, key, self.state, self.filled(key, answers))
        return [
            one.rule for one in refusals(self.definition, self.state, Act.COMPLETE, step_key=key, given=given)
        ]


def plain(question: Question) -> object:
    """An answer that moves the case on as quietly as possible."""
    match question.type:
        case QuestionType.YES_NO | QuestionType.YES_NO_UNKNOWN:
            return question.must_be or "no"
        case QuestionType.CHOICE:
            return next(iter(question.choices))
        case QuestionType.CHOICES:
            return [next(iter(question.choices))]
        case QuestionType.PERSON:
            return {"role": question.roles[0], "staff": 7}
        case QuestionType.CONTACT:
            return question.contacts[0]
        case QuestionType.DATE:
            return "2026-12-01"
        case QuestionType.DATETIME:
            return "2026-12-01T10:00:00+01:00"
        case QuestionType.NUMBER:
            return 1
        case _:
            return "Skrevet."
