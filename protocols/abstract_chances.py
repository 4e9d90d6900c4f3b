"""What happens in a case beside its steps: who is called and reached, who is linked, what a form came to."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping

from protocols.abstract_case import AbstractCase, Answering, Move
from protocols.abstract_focus import HOW_MANY, Call, Focus
from protocols.abstract_values import values_of
from protocols.definition import Definition
from protocols.entangled import bounded
from protocols.kinds.step import Kind as Step
from protocols.second_assessor import SECOND

Happening = tuple[Move, AbstractCase]
# These are decided when a step is completed, and not in between.
_WITH_ANSWERS = ("score", "differs")


class Chances:
    """The happenings of one definition, as far as its conditions tell them apart."""

    def __init__(self, definition: Definition, focus: Focus) -> None:
        self.definition = definition
        self.focus = focus
        self.between = {call: all_ for call, all_ in focus.chances.items() if call[0] not in _WITH_ANSWERS}

    def happenings(self, case: AbstractCase) -> Iterator[Happening]:
        """What can happen next to nobody's credit, each with the case after it."""
        for call, every in self.between.items():
            for said in self._next(call, every, case):
                yield Move(_told(call, said)), case.with_chances({call: said, **self._at_once(call, said)})
        for relation in self.focus.relations:
            yield from self._linked(relation, case)

    def _next(self, call: Call, every: tuple[object, ...], case: AbstractCase) -> tuple[object, ...]:
        """What a call may say next: who was reached stays reached, calls are made one after the other."""
        now = case.chance.get(call, every[0])
        match call[0]:
            case "count_within":
                opened = call[1] in case.by_key
                return tuple(one for one in every if one != now) if opened else ()
            case "unanswered":
                position = every.index(now)
                # Only an answer brings the count back to nothing.
                answered = (every[0],) if position and ("reached", call[1]) not in self.between else ()
                return every[position + 1 : position + 2] + answered
            case _:
                return () if now else (True,)

    def _at_once(self, call: Call, said: object) -> dict[Call, object]:
        """What else a call says then: whoever is reached has no unanswered calls."""
        unanswered = ("unanswered", call[1])
        return {unanswered: 0} if call[0] == "reached" and said and unanswered in self.between else {}

    def _linked(self, relation: str, case: AbstractCase) -> Iterator[Happening]:
        known = case.linked.get(relation)
        if known is not None:
            more = next((one for one in self.focus.numbers if one > known[HOW_MANY]), None)
            if more is not None:
                facts = tuple(sorted({**known, HOW_MANY: more}.items()))
                yield Move(f"another {relation} linked"), case.with_people(relation, facts)
            return
        asked = self.focus.relations[relation]
        every = itertools.product(*(values_of(fact, self.focus.beside) for fact in asked))
        for values in bounded(every, ("relations", relation), "the facts about a person"):
            answers = tuple((fact.key, value) for fact, value in zip(asked, values, strict=True))
            yield (
                Move(f"{relation} linked", answers),
                case.with_people(relation, tuple(sorted((*answers, (HOW_MANY, 1))))),
            )

    def outcomes(
        self, step: Step, given: Mapping[str, object], case: AbstractCase
    ) -> Iterator[tuple[Answering, AbstractCase]]:
        """The case after a step was completed, once for all that its answers can have come to beside."""
        decided: dict[Call, tuple[object, ...]] = {}
        for call, every in self.focus.chances.items():
            if call[0] == "score" and call[1] in step.questions:
                decided[call] = self._scores(call[1], every, given)
            elif call[0] == "differs" and self._both_done(call[1], step.key, case):
                decided[call] = every
        for values in itertools.product(*decided.values()):
            said = dict(zip(decided, values, strict=True))
            besides = tuple((_written(call), value) for call, value in said.items() if value is not False)
            yield besides, case.with_chances(said) if said else case

    def _both_done(self, first: str, completed: str, case: AbstractCase) -> bool:
        pair = (first, first + SECOND)
        return completed in pair and all(
            key == completed or (key in case.by_key and case.by_key[key].ever_settled) for key in pair
        )

    def _scores(
        self, question: str, every: tuple[object, ...], given: Mapping[str, object]
    ) -> tuple[object, ...]:
        """The scores that can have led to the outcome of a form, which may be graver than its score alone."""
        form = self.definition.forms[self.definition.questions[question].form]
        outcome = given.get(question)
        if outcome not in form.bands:
            return every[:1]
        start = form.bands[str(outcome)].start
        order = list(form.bands)
        following = order[order.index(str(outcome)) + 1 :]
        below = form.bands[following[0]].start if following else None
        can_be_lifted = bool(form.triggered) or form.override is not None
        return tuple(
            one
            for one in every
            if isinstance(one, int | float)
            and (below is None or one < below)
            and (one >= start or can_be_lifted or outcome == order[0])
        ) or (start,)


def _told(call: Call, said: object) -> str:
    """A call and what it says, for the reader of a problem."""
    return _written(call) if said is True else f"{_written(call)}={said}"


def _written(call: Call) -> str:
    return f"{call[0]}({', '.join(call[1:])})"
