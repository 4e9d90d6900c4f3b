"""The abstract states of one definition and the moves that people can make between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from protocols.abstract_answers import AnswerSpace
from protocols.abstract_case import AbstractCase, Move
from protocols.abstract_world import AbstractWorld
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.influence import counted, leaves, ordered_pairs, remembered
from protocols.kinds.deadline import BaseKind
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.step import Kind as Step
from protocols.kinds.step import Modality
from protocols.scope import Complaint

# How often one step is followed; the second round meets everything that "comes back" can mean.
ROUNDS = 2
_SETTLING = 40


class StateSpace:
    """States and moves over the steps that steer the case; the others are looked at in passing."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.leaves = leaves(definition)
        self.steering = {key: one for key, one in definition.steps.items() if key not in self.leaves}
        self.world = AbstractWorld(definition)
        self.answers = AnswerSpace(definition, self.world, self.steering)
        self.opening = self._steering_pairs("later")
        self.settling = self._steering_pairs("settled_later")
        self.bounds = counted(definition)
        self.remembered = remembered(definition)
        self.interrupts = {key for key, step in self.steering.items() if step.interrupts}

    def _steering_pairs(self, function: str) -> set[tuple[str, str]]:
        return {pair for pair in ordered_pairs(self.definition, function) if not self.leaves & set(pair)}

    def beginnings(self) -> list[AbstractCase]:
        """A fresh case for every combination of the facts and ages that the conditions tell apart."""
        return [self._settled(case) for case in self.world.beginnings()]

    def _settled(self, case: AbstractCase) -> AbstractCase:
        """Opens and drops steps until nothing changes, as the verbs do after each act."""
        for _ in range(_SETTLING):
            fallen = [key for key in case.open_steps if self._falls_away(case, self.steering[key])]
            for key in fallen:
                case = case.with_ended(key, self.settling)
            if fallen:
                continue
            opening = [key for key, step in self.steering.items() if self._opens(case, step)]
            if not opening:
                break
            for key in opening:
                case = case.with_opened(key, self.opening)
        else:
            return replace(case, cut=True)
        return self._told_apart(case)

    def _told_apart(self, case: AbstractCase) -> AbstractCase:
        """The case with only what conditions can tell, so that loops close and alike states are one."""
        compared = {other for _, other in self.settling}
        steps = {
            key: replace(
                step,
                ever_done=step.ever_done and key in self.remembered,
                ever_settled=step.ever_settled and key in compared,
            )
            for key, step in case.steps
        }
        presses = case.presses
        for key, step in steps.items():
            bound = self.bounds[key]
            if bound is not None:
                steps[key] = replace(step, rounds=min(step.rounds, bound))
            elif key in self.interrupts and step.rounds > 1 and presses > 1:
                # Presses and rounds are compared with each other, so only their difference is told apart.
                surplus = min(step.rounds, presses) - 1
                steps[key], presses = replace(step, rounds=step.rounds - surplus), presses - surplus
        too_often = presses > ROUNDS or any(step.rounds > ROUNDS for step in steps.values())
        return replace(case, steps=tuple(sorted(steps.items())), presses=presses, cut=too_often)

    def _falls_away(self, case: AbstractCase, step: Step) -> bool:
        return step.lapses_when is not None and self.world.holds(step.lapses_when, case)

    def _opens(self, case: AbstractCase, step: Step) -> bool:
        known = case.by_key.get(step.key)
        if known is not None and (known.is_open or step.repeats is None):
            return False
        return self.world.holds(step.opens_when, case)

    def passing(self, case: AbstractCase) -> list[Step]:
        """The steps beside the steering ones that would open in this state."""
        return [
            self.definition.steps[key]
            for key in self.leaves
            if self._possible(self.definition.steps[key].opens_when, case)
        ]

    def _possible(self, condition: Condition, case: AbstractCase) -> bool:
        return self.world.possible(condition, case, self.answers.loose, self.leaves)

    def can_be_settled(self, case: AbstractCase, step: Step) -> bool:
        """Whether some answers complete a step that stands beside the way, now or after a handover."""
        if self.answers.given(step, case) or self._binding(case, step) is not Modality.MUST:
            return True
        later = replace(case, handed_over=True)
        return bool(self.answers.given(step, later)) or self._falls_away(later, step)

    def troubles(self, case: AbstractCase) -> Iterator[Complaint]:
        """What is wrong with being in this state."""
        if not case.open_steps:
            yield ("steps",), "a case can be open with no open step and no next date"
        for key in case.open_steps:
            step = self.steering[key]
            yield from self._undated(case, step)
            if self._falls_away(case, step):
                yield ("steps", key, "lapses_when"), f"the step '{key}' opens and falls away for ever"
        for step in self.passing(case):
            following = case.with_opened(step.key, self.opening)
            yield from self._undated(following, step)
            if step.repeats is not None and self._falls_away(following, step):
                yield (
                    ("steps", step.key, "lapses_when"),
                    f"the step '{step.key}' opens and falls away for ever",
                )

    def _undated(self, case: AbstractCase, step: Step) -> Iterator[Complaint]:
        if not any(self._runs(case, step.key, deadline) for deadline in step.deadlines.values()):
            yield (
                ("steps", step.key),
                f"the step '{step.key}' can be open without any date; give it a deadline",
            )

    def _runs(self, case: AbstractCase, key: str, deadline: Deadline) -> bool:
        if deadline.applies_when is not None and not self._possible(deadline.applies_when, case):
            return False
        base = deadline.base
        assert base is not None
        match base.kind:
            case BaseKind.RECEIPT | BaseKind.AWARENESS:
                return True
            case BaseKind.OPENED:
                return base.name == key or base.name in case.by_key
            case BaseKind.DONE:
                # Steps beside the way are not followed; where one is counted from, its opener has seen to it.
                return base.name in self.leaves or (
                    base.name in case.by_key and case.by_key[base.name].ever_done
                )
            case BaseKind.ANSWER:
                asked_in = self.definition.asked_in[base.name]
                return asked_in in self.leaves or case.answered.get(base.name) is not None
            case BaseKind.HANDOVER:
                return case.handed_over
            case _:
                return False

    def endings(self, case: AbstractCase) -> list[str]:
        """The typed ends with which the case may be closed now.

        Steps beside the way do not count: what must be done of them can be done first.
        """
        if not self.answers.may_close(case):
            return []
        undone = any(
            not self.steering[key].standing and self._binding(case, self.steering[key]) is Modality.MUST
            for key in case.open_steps
        )
        return [
            key
            for key, end in self.definition.ends.items()
            if (end.leaves_open or not undone)
            and self.world.holds(end.allowed_when, case)
            and (not end.with_authority or self._authority_may_take_over(case))
        ]

    def _authority_may_take_over(self, case: AbstractCase) -> bool:
        handover = self.definition.handover
        if handover is None or handover.authority is None:
            return False
        return self._possible(handover.authority.allowed_when, case)

    def moves(self, case: AbstractCase, *, orderly: bool) -> Iterator[tuple[Move, AbstractCase]]:
        """What people can do next: settle an open step, press acute, take the duty over.

        Orderly people settle the first open step of the file that can be settled, and press acute only in a
        case that has not been acute before; others do anything in any order.
        """
        if case.cut:
            return
        for key in [one for one in self.steering if one in case.open_steps]:
            settlings = () if self.steering[key].standing else tuple(self._settlings(case, key))
            yield from settlings
            if settlings and orderly:
                break
        pressed_before = bool(self.interrupts & set(case.by_key))
        if (
            self.interrupts
            and not (orderly and pressed_before)
            and not self.interrupts & set(case.open_steps)
        ):
            yield Move("acute pressed"), self._settled(case.with_press())
        if self.definition.handover is not None and self.world.asks_handover and not case.handed_over:
            yield Move("duty taken over"), self._settled(replace(case, handed_over=True))

    def _settlings(self, case: AbstractCase, key: str) -> Iterator[tuple[Move, AbstractCase]]:
        step = self.steering[key]
        for given in self.answers.given(step, case):
            following = replace(
                case.with_ended(key, self.settling, done=True),
                answers=self.answers.kept(case.answers, step, given),
            )
            acute, over = self.answers.effects(step, given)
            if over:
                following = replace(following, acute_on=False)
            if acute and not self.interrupts & set(following.open_steps):
                following = following.with_press()
            yield Move(key, self.answers.steering(step, given)), self._settled(following)
        if self._binding(case, step) is not Modality.MUST:
            yield Move(f"{key} skipped"), self._settled(case.with_ended(key, self.settling))

    def _binding(self, case: AbstractCase, step: Step) -> Modality | None:
        return next(
            (one.then for one in step.modality if one.when is None or self.world.holds(one.when, case)), None
        )
