"""The abstract states of one definition and the moves that people can make between them."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Iterator

from protocols.abstract_answers import AnswerSpace
from protocols.abstract_beginnings import beginnings
from protocols.abstract_case import AbstractCase, AbstractStep, Move
from protocols.abstract_chances import Chances
from protocols.abstract_dates import Dates
from protocols.abstract_focus import focus_of, unanswered
from protocols.abstract_gates import Gates
from protocols.abstract_turns import Turns
from protocols.abstract_world import AbstractWorld
from protocols.checklist import Order
from protocols.definition import Definition
from protocols.influence import Influence
from protocols.kinds.deadline import AtExpiry
from protocols.kinds.relation import ANYONE
from protocols.kinds.step import Kind as Step
from protocols.kinds.step import Modality
from protocols.precedence import paused_by
from protocols.rounds import waits_for_branches
from protocols.trouble import Trouble

# How often one step is followed at least; the second round meets everything that "comes back" can mean.
ROUNDS = 2
# And at most, where conditions count further.
MOST_ROUNDS = 6
_SETTLING = 40


class StateSpace:
    """States and moves over the steps that steer the case; the others are looked at in passing."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        influence = Influence(definition)
        self.focus = focus_of(definition, influence)
        self.leaves = [key for key in definition.steps if key in self.focus.leaves]
        self.steering = {key: one for key, one in definition.steps.items() if key not in self.focus.leaves}
        self.world = AbstractWorld(definition, influence, self.focus)
        self.gates = Gates(definition, self.world)
        self.answers = AnswerSpace(definition, self.world, self.focus, self.gates)
        self.chances = Chances(definition, self.focus)
        self.dates = Dates(definition, self.world, self.focus)
        self.opening = {one for one in influence.ordered_pairs("later") if not self.focus.leaves & set(one)}
        self.settling = {
            one for one in influence.ordered_pairs("settled_later") if not self.focus.leaves & set(one)
        }
        self.turns = Turns(
            self.steering, self.world, self.dates, opening=self.opening, settling=self.settling
        )
        self.numbers, self.without_end = influence.counted()
        self.remembered = influence.remembered()
        self.compared = {other for _, other in self.settling} | {
            key for call in self.focus.chances if call[0] == "differs" for key in influence.called(call)
        }
        self.interrupts = {key for key, step in self.steering.items() if step.interrupts}
        self.pauses = {key: paused_by(definition, one) for key, one in self.steering.items() if one.pauses}
        # While one runs that may not outlive the case, the case cannot close, whatever the end.
        self.keeping_open = {key for key, one in definition.sub_protocols.items() if not one.may_outlive}
        self.asks_handover = any(("handover", "accepted") in one.names for one in influence.conditions)

        self.opens = {
            key: self.world.asker(one.opens_when, about=one.per_person)
            for key, one in definition.steps.items()
        }
        self.falls = {
            key: self.world.asker(one.lapses_when, about=one.per_person)
            for key, one in definition.steps.items()
            if one.lapses_when is not None
        }

        # Whether a step beside the way opens again after a round of it fell away and none was ever done.
        self.reopens = {
            key: self.world.asker(one.opens_when, about=one.per_person, known=_fallen(one))
            for key, one in definition.steps.items()
            if key in self.focus.leaves and one.repeats is not None
        }

    def beginnings(self) -> list[tuple[Move | None, AbstractCase]]:
        """A fresh case for every combination of the facts and ages that the conditions tell apart."""
        return [(told, self._settled(case)) for told, case in beginnings(self.world)]

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
            first = [
                key
                for key, step in self.steering.items()
                if key in opening and not waits_for_branches(self.definition, step, set(opening))
            ]
            for key in first or opening:
                case = case.with_opened(key, self.opening)
        else:
            return case.but(cut=True)
        return self._told_apart(case)

    def _told_apart(self, case: AbstractCase) -> AbstractCase:
        """The case with only what conditions can tell, so that loops close and alike states are one."""
        steps: dict[str, AbstractStep] = {}
        presses, too_often = case.presses, False
        most_presses = max([ROUNDS, *(self.numbers[key] + 1 for key in self.interrupts)])
        for key, step in case.steps:
            ever_done = step.ever_done and key in self.remembered
            ever_settled = step.ever_settled and key in self.compared
            number, rounds = self.numbers[key], step.rounds
            if key not in self.without_end:
                # After some rounds a loop is taken to have gone on as long as any condition can tell.
                rounds = number + 1 if rounds >= MOST_ROUNDS else min(rounds, number + 1)
            elif key in self.interrupts and min(rounds, presses) > max(1, number):
                # Presses and rounds are compared with each other, so only their difference is told apart.
                surplus = min(rounds, presses) - max(1, number)
                rounds, presses = rounds - surplus, presses - surplus
            too_often = too_often or rounds > max(ROUNDS, number + 1)
            steps[key] = _step(rounds, step.is_open, ever_done, ever_settled, step.expired)
        too_often = too_often or presses > most_presses
        return case.but(steps=tuple(sorted(steps.items())), presses=presses, cut=too_often)

    def _falls_away(self, case: AbstractCase, step: Step) -> bool:
        return step.key in self.falls and self.falls[step.key](case)

    def _opens(self, case: AbstractCase, step: Step) -> bool:
        known = case.by_key.get(step.key)
        if known is not None and (known.is_open or step.repeats is None):
            return False
        if step.per_person and not self._somebody(case, step.per_person):
            return False
        return self.opens[step.key](case)

    def _somebody(self, case: AbstractCase, relation: str) -> bool:
        """Whether anybody of a relation is linked; where states do not follow that, somebody may be."""
        followed = self.focus.relations
        if relation == ANYONE:
            return not followed or bool(case.people)
        return relation not in followed or relation in case.linked

    def passing(self, case: AbstractCase) -> list[Step]:
        """The steps beside the steering ones that would open in this state."""
        steps = self.definition.steps
        return [steps[key] for key in self.leaves if self._opens(case, steps[key])]

    def can_be_settled(self, case: AbstractCase, step: Step) -> bool:
        """Whether something ends a step that stands beside the way, now or after a handover."""
        if self.answers.given(step, case) or self.binding(case, step) is not Modality.MUST:
            return True
        if any(deadline.at_expiry is AtExpiry.LAPSE for deadline in step.deadlines.values()):
            return True
        later = case.but(handed_over=True)
        return bool(self.answers.given(step, later)) or self._falls_away(later, step)

    def troubles(self, case: AbstractCase, passing: Iterable[Step]) -> Iterator[Trouble]:
        """What is wrong with being in this state, where these steps beside the steering ones would open."""
        if not case.open_steps:
            yield Trouble(("steps",), "a case can be open with no open step and no next date")
        for key in case.open_steps:
            step = self.steering[key]
            yield from self.dates.lacking(case, step)
            if self._falls_away(case, step):
                yield _for_ever(step)
        for step in passing:
            yield from self.dates.lacking(case, step)
            if step.key in self.reopens and not self._may_stay(case, step) and self.reopens[step.key](case):
                yield _for_ever(step)

    def _may_stay(self, case: AbstractCase, step: Step) -> bool:
        condition = step.lapses_when
        return condition is None or self.world.fails(condition, case, about=step.per_person)

    def joined(self, case: AbstractCase, known: Collection[str]) -> set[str]:
        """The joins, besides those known, that can be met in a state; of those beside the way, all."""
        joins = self.definition.joins
        return {
            key
            for key, join in joins.items()
            if key not in known
            and (self.focus.leaves & {join.after, *join.of} or self.world.joined(key, case))
        }

    def endings(self, case: AbstractCase) -> list[str]:
        """The typed ends with which the case may be closed now.

        Steps beside the way do not count: what must be done of them can be done first.
        """
        if not self.gates.may_close(case) or self.keeping_open & set(case.open_steps):
            return []
        undone = any(
            not (self.steering[key].standing or self.steering[key].beside)
            and self.binding(case, self.steering[key]) is Modality.MUST
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
        return self.world.holds(handover.authority.allowed_when, case)

    def moves(self, case: AbstractCase, *, orderly: bool) -> Iterator[tuple[Move, AbstractCase]]:
        """What can happen next: an open step is settled, acute pressed, the duty taken over, or time passes.

        Orderly people settle the first open step of the file that can be settled, and press acute only in a
        case that has not been acute so often that conditions can tell; others do anything in any order.
        """
        if case.cut:
            return
        for key in self._going_on(case):
            settlings = () if self.steering[key].standing else tuple(self._settlings(case, key))
            yield from settlings
            if settlings and orderly:
                break
        known = case.by_key
        pressed_enough = any(
            key in known and known[key].rounds >= max(1, self.numbers[key]) for key in self.interrupts
        )
        if (
            self.interrupts
            and not (orderly and pressed_enough)
            and not self.interrupts & set(case.open_steps)
        ):
            yield Move("acute pressed"), self._settled(case.with_press())
        if self.definition.handover is not None and self.asks_handover and not case.handed_over:
            yield Move("duty taken over"), self._settled(case.but(handed_over=True))
        for move, following in (*self.chances.happenings(case), *self.turns.happenings(case)):
            yield move, self._settled(following)

    def _going_on(self, case: AbstractCase) -> list[str]:
        """The open steps that can be settled now, in the order of the file: none that waits for another."""
        open_now = set(case.open_steps)
        waiting = {other for key in open_now & set(self.pauses) for other in self.pauses[key]}
        return [
            key
            for key, step in self.steering.items()
            if key in open_now - waiting and not (step.order is Order.STRICT and open_now & set(step.after))
        ]

    def _settlings(self, case: AbstractCase, key: str) -> Iterator[tuple[Move, AbstractCase]]:
        step = self.steering[key]
        binding = self.binding(case, step)
        for given in self.answers.given(step, case) if binding is not Modality.MUST_NOT else ():
            following = case.with_ended(key, self.settling, done=True).but(
                answers=self.answers.kept(case.answers, step, given),
            )
            acute, over = self.answers.effects(step, given)
            if over:
                following = following.but(acute_on=False)
            if acute and not self.interrupts & set(following.open_steps):
                following = following.with_press()
            told = self.answers.told(step, given)
            for besides, outcome in self.chances.outcomes(step, given, following):
                yield Move(key, told, besides), self._settled(outcome)
        if binding is not Modality.MUST:
            yield Move(f"{key} skipped"), self._settled(case.with_ended(key, self.settling))

    def binding(self, case: AbstractCase, step: Step) -> Modality:
        """How binding a step is in a state."""
        for one in step.modality:
            if one.when is None or self.world.holds(one.when, case, about=step.per_person):
                return one.then
        return Modality.SHOULD


# Alike steps are one and the same, so that states are compared without looking inside.
_step = functools.cache(AbstractStep)


def _fallen(step: Step) -> dict[tuple[str, ...], tuple[object, ...]]:
    """What conditions see of a step of which a round has fallen away and nothing else has happened."""
    of_it: dict[tuple[str, ...], tuple[object, ...]] = {
        ("done", step.key): (False,),
        ("is_open", step.key): (False,),
        ("settled", step.key): (True,),
        ("rounds", step.key): (1,),
    }
    return of_it | {("answer", key): (unanswered(one),) for key, one in step.questions.items()}


def _for_ever(step: Step) -> Trouble:
    return Trouble(("steps", step.key, "lapses_when"), f"the step '{step.key}' opens and falls away for ever")
