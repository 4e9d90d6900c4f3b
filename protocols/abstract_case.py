"""Cases as the walk over the state space tells them apart, and the moves between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from handlepligt.domain.vocabulary import StepStatus
from protocols.abstract_answers import Answering, AnswerSpace
from protocols.abstract_world import AbstractWorld
from protocols.definition import Definition
from protocols.kinds.deadline import BaseKind
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.rule import Act
from protocols.kinds.step import Kind as Step
from protocols.kinds.step import Modality
from protocols.scope import Complaint

# How often one step is followed; the second round meets everything that "comes back" can mean.
ROUNDS = 2
_SETTLING = 60


@dataclass(frozen=True)
class AbstractCase:
    """One state. `steps` maps each step that has opened to (rounds, status, ever done), oldest opening first."""

    steps: tuple[tuple[str, int, StepStatus, bool], ...] = ()
    answers: Answering = ()
    facts: tuple[tuple[str, object], ...] = ()
    age: int | None = None
    acute_on: bool = False
    presses: int = 0
    handed_over: bool = False
    # Loops are followed for a few rounds only; such a state is not the end of a real way.
    cut: bool = False

    @property
    def opened(self) -> set[str]:
        return {key for key, *_ in self.steps}

    @property
    def settled(self) -> set[str]:
        return {key for key, _, status, _ in self.steps if status is not StepStatus.OPEN}

    @property
    def open_steps(self) -> list[str]:
        return [key for key, _, status, _ in self.steps if status is StepStatus.OPEN]


@dataclass(frozen=True)
class Move:
    """One thing that happened, in words for the reader of a problem."""

    what: str
    answers: Answering = ()

    def __str__(self) -> str:
        told = ", ".join(f"{key}={value}" for key, value in self.answers if value not in (None, "", ()))
        return f"{self.what}({told})" if told else self.what


class StateSpace:
    """The states of one definition and the moves between them."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.world = AbstractWorld(definition)
        self.answers = AnswerSpace(definition, self.world)
        self.order = {key: position for position, key in enumerate(definition.steps)}
        self.interrupts = [key for key, step in definition.steps.items() if step.interrupts]

    def beginnings(self) -> list[AbstractCase]:
        """A fresh case for every combination of the facts and ages that the conditions tell apart."""
        return [
            self.settle(AbstractCase(facts=facts, age=age))
            for age in self.world.ages()
            for facts in self.world.fact_combinations(age)
        ]

    def settle(self, case: AbstractCase) -> AbstractCase:
        """Opens and drops steps until nothing changes, as the verbs do after each act."""
        for _ in range(_SETTLING):
            fallen = [
                key
                for key in case.open_steps
                if (lapses := self.definition.steps[key].lapses_when) is not None
                and self.world.holds(lapses, case)
            ]
            if fallen:
                case = replace(case, steps=tuple(_ended(one, one[0] in fallen) for one in case.steps))
                continue
            opening = [step for step in self.definition.steps.values() if self._opens(case, step)]
            if not opening:
                return case
            for step in opening:
                case = _opened(case, step.key)
        return replace(case, cut=True)

    def _opens(self, case: AbstractCase, step: Step) -> bool:
        rounds, status = next(((r, s) for key, r, s, _ in case.steps if key == step.key), (0, None))
        if status is StepStatus.OPEN or (rounds and step.repeats is None):
            return False
        return rounds <= ROUNDS and self.world.holds(step.opens_when, case)

    def troubles(self, case: AbstractCase, endings: list[str]) -> Iterator[Complaint]:
        """What is wrong with being in this state."""
        if not case.open_steps:
            yield ("steps",), "a case can be open with no open step and no next date"
            return
        for key in case.open_steps:
            step = self.definition.steps[key]
            if not any(self._runs(case, key, deadline) for deadline in step.deadlines.values()):
                yield ("steps", key), f"the step '{key}' can be open without any date; give it a deadline"
            if step.lapses_when is not None and self.world.holds(step.lapses_when, case):
                yield ("steps", key, "lapses_when"), f"the step '{key}' opens and falls away for ever"

    def _runs(self, case: AbstractCase, key: str, deadline: Deadline) -> bool:
        if deadline.applies_when is not None and not self.world.holds(deadline.applies_when, case):
            return False
        base = deadline.base
        assert base is not None
        match base.kind:
            case BaseKind.RECEIPT | BaseKind.AWARENESS:
                return True
            case BaseKind.OPENED:
                return base.name == key or base.name in case.opened
            case BaseKind.DONE:
                return any(name == base.name and done for name, _, _, done in case.steps)
            case BaseKind.ANSWER:
                return dict(case.answers).get(base.name) is not None
            case BaseKind.HANDOVER:
                return case.handed_over
            case _:
                return False

    def endings(self, case: AbstractCase) -> list[str]:
        """The typed ends with which the case may be closed now."""
        if self.answers.refused(Act.CLOSE, None, case, {}):
            return []
        return [
            key for key, end in self.definition.ends.items() if self.world.holds(end.allowed_when, case)
        ]

    def moves(self, case: AbstractCase) -> Iterator[tuple[Move, AbstractCase]]:
        """What people can do next: act on the first or last open step, press acute, take the duty over."""
        if case.cut:
            return
        workable = [key for key in case.open_steps if not self.definition.steps[key].standing]
        workable.sort(key=self.order.__getitem__)
        for key in dict.fromkeys(workable[:1] + workable[-1:]):
            yield from self._settlings(case, key)
        # Some steps wait for others, so the walk goes past those that cannot be settled yet.
        stuck = [key for key in workable[1:-1] if not any(True for _ in self._settlings(case, workable[0]))]
        for key in stuck:
            yield from self._settlings(case, key)
        if self.interrupts and case.presses < ROUNDS and not set(self.interrupts) & set(case.open_steps):
            yield Move("acute pressed"), self.settle(_pressed(case))
        if self.definition.handover is not None and self.world.asks_handover and not case.handed_over:
            yield Move("duty taken over"), self.settle(replace(case, handed_over=True))

    def _settlings(self, case: AbstractCase, key: str) -> Iterator[tuple[Move, AbstractCase]]:
        step = self.definition.steps[key]
        for given in self.answers.given(step, case):
            following = replace(
                case,
                steps=tuple(_ended(one, one[0] == key, done=True) for one in case.steps),
                answers=self.answers.kept(case.answers, step, given),
            )
            acute, over = self.answers.effects(step, given)
            if over:
                following = replace(following, acute_on=False)
            if acute and not (set(self.interrupts) & set(following.open_steps)):
                following = _pressed(following)
            if following.presses <= ROUNDS:
                yield Move(key, self.answers.steering(step, given)), self._bounded(following)
        binding = next(
            (one.then for one in step.modality if one.when is None or self.world.holds(one.when, case)), None
        )
        if binding is not Modality.MUST:
            skipped = replace(case, steps=tuple(_ended(one, one[0] == key) for one in case.steps))
            yield Move(f"{key} skipped"), self._bounded(skipped)

    def _bounded(self, case: AbstractCase) -> AbstractCase:
        settled = self.settle(case)
        too_often = any(rounds > ROUNDS for _, rounds, _, _ in settled.steps)
        return replace(settled, cut=True) if too_often else settled


def _ended(
    step: tuple[str, int, StepStatus, bool], matches: bool, *, done: bool = False
) -> tuple[str, int, StepStatus, bool]:
    key, rounds, status, ever_done = step
    if not matches or status is not StepStatus.OPEN:
        return step
    return (key, rounds, StepStatus.DONE if done else StepStatus.NOT_APPLICABLE, ever_done or done)


def _opened(case: AbstractCase, key: str) -> AbstractCase:
    earlier = next((one for one in case.steps if one[0] == key), None)
    rounds, ever_done = (earlier[1], earlier[3]) if earlier else (0, False)
    others = tuple(one for one in case.steps if one[0] != key)
    return replace(case, steps=(*others, (key, rounds + 1, StepStatus.OPEN, ever_done)))


def _pressed(case: AbstractCase) -> AbstractCase:
    return replace(case, acute_on=True, presses=case.presses + 1)


__all__ = ["ROUNDS", "AbstractCase", "Mapping", "Move", "StateSpace"]
