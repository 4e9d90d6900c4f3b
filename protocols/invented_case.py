"""One invented case on its way through a definition: the real rules, a clock of its own, no database."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlepligt.domain.cpr import age_on
from handlepligt.errors import HandlepligtError, RefusedByRuleError
from protocols.answers import read_answers, read_fields
from protocols.definition import Definition
from protocols.engine import (
    authority_may_take_over,
    effects,
    ends,
    lapses,
    left_undone,
    modality,
    openings,
    receivers,
    refusals,
    tick_refusal,
)
from protocols.invented_deadlines import DeadlineLedger, RunningDeadline
from protocols.kinds.deadline import AtExpiry
from protocols.kinds.end import Kind as End
from protocols.kinds.rule import Act
from protocols.kinds.step import Modality
from protocols.problems import AnswersError
from protocols.rounds import Line
from protocols.state import AnswerValue, CallState, CaseState, PersonState, StepState, StepStatus
from protocols.times_ahead import times_ahead
from protocols.windows import counted_windows, next_to_leave
from protocols.world import UNSETTLED

# What conditions ask about telephone calls; where none does, a call changes nothing.
_ABOUT_CALLS = frozenset({"reached", "unanswered"})
# Rules that still open and drop steps after this many turns never come to rest.
_TURNS = 200
ANSWERED, UNANSWERED = "answered", "no_answer"


@functools.lru_cache(maxsize=16)
def _counts_rounds(definition: Definition) -> bool:
    """Whether some condition counts rounds over a window, so that time alone can change what it says."""
    return bool(counted_windows(definition))


class NeverAtRestError(HandlepligtError):
    """The rules of a definition open and drop steps without end; `explore` refuses such a definition."""

    user_message = "Arbejdsgangens regler åbner og lukker trin uden ende."


class InventedCase:
    """A case that exists only here. `now` moves only forwards, by `advance`; all instants are aware UTC."""

    def __init__(
        self,
        definition: Definition,
        *,
        received_at: datetime,
        birth_date: date | None = None,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        self.definition = definition
        self.zone = ZoneInfo(definition.head.zone)
        self.now = received_at
        self.ledger = DeadlineLedger(definition)
        self.way: list[str] = []
        self.ended = ""
        self.with_authority = False
        self.state = CaseState(
            received_at, received_at, facts=dict(facts or {}), birth_date=birth_date, now=received_at
        )
        self._settle()

    @property
    def open_rounds(self) -> tuple[StepState, ...]:
        """The rounds that are open or waiting, in the order of their opening."""
        return tuple(one for one in self.state.steps if one.status in UNSETTLED)

    @property
    def next_date(self) -> datetime | None:
        """The next instant at which something is due, or at which the rules must be asked again."""
        due = [one.due_at for one in self.ledger.running()[:1]]
        leaving = next_to_leave(self.definition, self.state) if _counts_rounds(self.definition) else None
        return min([*due, *([leaving] if leaving else [])], default=None)

    def modality(self, round_: StepState) -> Modality:
        return modality(self.definition, round_.key, self.state, round_.person)

    def complete(self, round_: StepState, raw: Mapping[str, object]) -> Mapping[str, AnswerValue]:
        """Completes an open round; AnswersError for answers that cannot be, RefusedByRuleError for a gate."""
        key, person = round_.key, round_.person
        given = read_answers(self.definition, key, self.state, raw, person)
        if ahead := times_ahead(self.definition, key, given, self.now):
            raise AnswersError(f"times in answers to {key} refused", problems=ahead)
        self._refuse(
            refusals(self.definition, self.state, Act.COMPLETE, step_key=key, given=given, person=person)
        )
        self._note(round_, given)
        self._change(round_, status=StepStatus.DONE, settled_at=self.now, answers=given)
        done = effects(self.definition, key, given)
        if done.acute_over and not self._is_interrupted():
            self.state = replace(self.state, acute_on=False)
        if done.acute:
            self._press()
        self._settle()
        return given

    def skip(self, round_: StepState) -> None:
        """Leaves an open round undone, which only a step that need not be done allows."""
        if self.modality(round_) is Modality.MUST or self.definition.step(round_.key).standing:
            raise RefusedByRuleError(
                f"{round_.key}.must", user_message="Trinnet skal udføres og kan ikke springes over."
            )
        self.way.append(f"{round_.key} skipped")
        self._change(round_, status=StepStatus.NOT_APPLICABLE, settled_at=self.now)
        self._settle()

    def tick(self, round_: StepState, item: str, *, done: bool = True) -> None:
        """Ticks an item of the checklist, or takes the tick away."""
        refused = tick_refusal(self.definition, self.state, round_.key, item, done=done, person=round_.person)
        self._refuse((refused,) if refused else ())
        ticks = {key: at for key, at in round_.ticks.items() if key != item}
        self._change(round_, ticks={**ticks, item: self.now} if done else ticks)
        self._settle()

    def press_acute(self) -> None:
        self.way.append("acute pressed")
        self._press()
        self._settle()

    def call(self, contact: str, *, answered: bool) -> None:
        """Notes a telephone call to a contact at this instant."""
        call = CallState(contact, ANSWERED if answered else UNANSWERED, self.now)
        self.state = replace(self.state, calls=(*self.state.calls, call))
        if self.definition.vocabulary.functions & _ABOUT_CALLS:
            self._settle()

    def link(self, relation: str, facts: Mapping[str, object]) -> PersonState:
        """Links one more person to the case."""
        person = PersonState(f"p{len(self.state.people) + 1}", relation, dict(facts))
        self.way.append(f"{relation} linked")
        self.state = replace(self.state, people=(*self.state.people, person))
        self._settle()
        return person

    def bypass(self, role: str) -> None:
        """Passes a role over in this case."""
        self.way.append(f"{role} passed over")
        self.state = replace(self.state, bypassed=self.state.bypassed | {role})
        self._settle()

    def takers(self) -> tuple[str, ...]:
        """The roles to which the duty may go now; an outside authority is the empty name."""
        if self.state.closed or refusals(self.definition, self.state, Act.OFFER_HANDOVER):
            return ()
        outside = ("",) if authority_may_take_over(self.definition, self.state) else ()
        return receivers(self.definition, self.state) + outside

    def take_over(self, to: str) -> None:
        """Somebody of this role, or with the empty name an outside authority, has accepted the duty."""
        self.with_authority = not to
        self.way.append(f"duty taken over by {to or 'an authority'}")
        self.state = replace(self.state, handed_over_at=self.now)
        self._settle()

    def closing(self) -> dict[str, End]:
        """The ends with which the case may be closed now."""
        if self.state.closed or refusals(self.definition, self.state, Act.CLOSE):
            return {}
        return {
            end.key: end
            for end in ends(self.definition, self.state)
            if (self.with_authority or not end.with_authority)
            and not left_undone(self.definition, self.state, end)
        }

    def close(self, end: End, raw: Mapping[str, object]) -> None:
        """Closes the case; AnswersError for fields that cannot be."""
        self._refuse(refusals(self.definition, self.state, Act.CLOSE))
        _, problems = read_fields(end.questions, raw)
        if problems:
            raise AnswersError(f"fields of the end {end.key} refused", problems=problems)
        self.ended = end.key
        self.way.append(f"closed with {end.key}")
        self.state = replace(self.state, closed=True)

    def advance(self, to: datetime) -> list[RunningDeadline]:
        """Lets time pass; returns the deadlines that passed unmet, and lets happen what they set off."""
        passed: list[RunningDeadline] = []
        while not self.state.closed and (at := self.next_date) is not None and at <= to:
            # A deadline that is due at an instant is kept in that instant and missed just after it.
            speaks = self._move(max(at + timedelta(microseconds=1), self.now))
            expired = self._expire()
            passed += expired
            if speaks or any(one.rule.at_expiry is not AtExpiry.BREACH for one in expired):
                self._settle()
        if self._move(max(to, self.now)):
            self._settle()
        return passed

    def _expire(self) -> list[RunningDeadline]:
        over = [one for one in self.ledger.running() if one.due_at < self.now]
        for deadline in over:
            deadline.passed = True
            if deadline.rule.at_expiry is AtExpiry.BREACH:
                continue
            key = deadline.rule.key.partition(":")[0]
            expiry = (deadline.step, deadline.round, deadline.person, key)
            self.way.append(f"{deadline.name} passed")
            self.state = replace(self.state, expired=self.state.expired | {expiry})
            if deadline.rule.at_expiry is AtExpiry.LAPSE:
                for one in self.open_rounds:
                    if (one.key, one.round, one.person) == expiry[:3]:
                        self._change(one, status=StepStatus.NOT_APPLICABLE, settled_at=self.now)
        return over

    def _move(self, to: datetime) -> bool:
        """Sets the clock; whether the rules may say something else now for that reason alone."""
        self.now = to
        born = self.state.birth_date
        age = age_on(born, to.astimezone(self.zone).date()) if born else None
        is_older = age != self.state.age
        self.state = replace(self.state, now=to, age=age)
        return is_older or _counts_rounds(self.definition)

    def _settle(self) -> None:
        """Opens and drops rounds until the rules have nothing more to say, as the verbs do after each act."""
        if self.state.age is None and self.state.birth_date:
            self._move(self.now)
        # What was just done is settled before its next round opens: from then on the step is open again.
        self.ledger.settle(self.state, self.now)
        beyond: set[Line] = set()
        for _ in range(_TURNS):
            fallen = lapses(self.definition, self.state)
            for round_, _reason in fallen:
                self._change(round_, status=StepStatus.NOT_APPLICABLE, settled_at=self.now)
            if fallen:
                continue
            due = openings(self.definition, self.state, without=beyond)
            if not due:
                self.ledger.follow(self.state, self.now)
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
            beyond.update(one.line for one in due if one.is_beyond)
        raise NeverAtRestError(f"{self.definition.key} opens and drops steps without end")

    def _press(self) -> None:
        presses = self.state.acute_presses + (not self._is_interrupted())
        self.state = replace(self.state, acute_on=True, acute_presses=presses)

    def _is_interrupted(self) -> bool:
        return any(self.definition.step(one.key).interrupts for one in self.open_rounds)

    def _change(self, round_: StepState, **values: object) -> None:
        steps = tuple(
            replace(one, **values)  # type: ignore[arg-type]
            if (one.key, one.round, one.person) == (round_.key, round_.round, round_.person)
            else one
            for one in self.state.steps
        )
        self.state = replace(self.state, steps=steps)

    def _note(self, round_: StepState, given: Mapping[str, AnswerValue]) -> None:
        told = [
            f"{key}={value}" for key, value in given.items() if isinstance(value, str) and len(value) < 30
        ]
        self.way.append(f"{round_.key}({', '.join(told)})" if told else round_.key)

    @staticmethod
    def _refuse(refused: tuple[object, ...]) -> None:
        for one in refused:
            raise RefusedByRuleError(
                getattr(one, "rule", ""),
                user_message=getattr(one, "message", ""),
                reference=getattr(one, "reference", None),
            )
