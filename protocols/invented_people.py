"""The staff of an invented case: when they get round to what is open, what they try, and whom they call."""

from __future__ import annotations

import heapq
from datetime import date, datetime, time, timedelta
from random import Random
from typing import TYPE_CHECKING

from handlepligt.errors import RefusedByRuleError
from protocols.engine import checklist_of, contacts_now
from protocols.invented_answers import Draw
from protocols.invented_case import InventedCase
from protocols.kinds.step import Modality
from protocols.problems import AnswersError
from protocols.state import StepState

if TYPE_CHECKING:
    from protocols.simulation_report import Tally

# How often answers are drawn anew before a step is put off.
_TRIES = 25
_CLOSING = ("closing", 0, "")
_ANY_MOMENT = timedelta(hours=12)
_ORDINARY = timedelta(days=3)
# Nobody leaves a thing for years because the one date it has, such as a birthday, is years ahead.
_PUT_OFF = timedelta(days=180)
_SKIPPED = {Modality.MUST: 0.0, Modality.SHOULD: 0.2, Modality.MAY: 0.5, Modality.MUST_NOT: 1.0}
Key = tuple[str, int, str]


class Staff:
    """Whoever works an invented case. Everything they do is drawn from `chance`."""

    def __init__(self, case: InventedCase, draw: Draw, chance: Random, tally: Tally) -> None:
        self.case, self.draw, self.chance, self.tally = case, draw, chance, tally
        self.acts = 0
        # What this case is like: how often danger flares up, how slow its people are, who answers a call.
        self._alarms = chance.choice((0.0, 0.01, 0.1))
        self._slow = chance.uniform(-0.5, 0.5)
        self._answering = chance.uniform(0.3, 1.0)
        self._agenda: list[tuple[datetime, int, Key]] = []
        self._planned: set[Key] = set()
        self._count = 0

    def begin(self) -> None:
        """What is known when the case comes in: people linked to it, and roles that must be passed over."""
        definition = self.case.definition
        for relation in definition.relations:
            for _ in range(self.chance.choice((0, 0, 1, 2))):
                self._link(relation)
        for role in definition.roles.values():
            if role.bypass and role.first_of and self.chance.random() < 0.1:
                self.case.bypass(self.chance.choice(role.first_of))
        self._plan()

    def act(self) -> bool:
        """The next thing that happens; False when nothing ever will, which no open case may come to."""
        case = self.case
        self._forget_what_is_settled()
        at = self._agenda[0][0] if self._agenda else None
        date_ = case.next_date
        self.tally.look(case, has_date=date_ is not None)
        if at is None and date_ is None:
            return False
        if at is None or (date_ is not None and date_ <= at):
            assert date_ is not None
            if not self._extended(date_):
                case.advance(date_)
            self._plan()
            self.acts += 1
            return True
        _, _, key = heapq.heappop(self._agenda)
        self._planned.discard(key)
        case.advance(max(at, case.now))
        self.acts += 1
        if key == _CLOSING:
            self._close()
        else:
            self._work(key)
        if not case.ended:
            self._something_else()
            self._plan()
        return True

    def _forget_what_is_settled(self) -> None:
        open_now = {(one.key, one.round, one.person) for one in self.case.open_rounds}
        while self._agenda and self._agenda[0][2] != _CLOSING and self._agenda[0][2] not in open_now:
            self._planned.discard(heapq.heappop(self._agenda)[2])

    def _plan(self) -> None:
        """Decides when to take up what has opened, and when to ask for the case to be closed."""
        for round_ in self.case.open_rounds:
            key = (round_.key, round_.round, round_.person)
            if key not in self._planned and not self.case.definition.step(round_.key).standing:
                self._enter(key, self._when(round_))
        if _CLOSING not in self._planned and self.case.closing():
            self._enter(_CLOSING, self._in_office(self.case.now + _ORDINARY * self._factor()))

    def _enter(self, key: Key, at: datetime) -> None:
        self._count += 1
        self._planned.add(key)
        heapq.heappush(self._agenda, (at, self._count, key))

    def _factor(self) -> float:
        """Around half of the time there is; now and then longer, most often where people are slow."""
        return self.chance.lognormvariate(-0.8 + self._slow, 0.6)

    def _when(self, round_: StepState) -> datetime:
        now, step = self.case.now, self.case.definition.step(round_.key)
        key = (round_.key, round_.round, round_.person)
        due = [one.due_at for one in self.case.ledger.running() if (one.step, one.round, one.person) == key]
        there_is = min(min(due) - now, _PUT_OFF) if due and min(due) > now else _ORDINARY
        at = now + there_is * self._factor()
        hurried = step.interrupts or there_is <= _ANY_MOMENT
        return at if hurried or there_is <= timedelta(days=1) else self._in_office(at)

    def _in_office(self, at: datetime) -> datetime:
        """Some time in the working hours of that day, or of the next working day."""
        calendar = self.case.ledger.calendar
        day = at.astimezone(self.case.zone).date()
        while not calendar.is_working_day(day, local=True):
            day += timedelta(days=1)
        opens, closes = (self._at(day, one) for one in (calendar.office.opens, calendar.office.closes))
        earliest = max(opens, self.case.now)
        return earliest if earliest >= closes else earliest + (closes - earliest) * self.chance.random()

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, tzinfo=self.case.zone)

    def _extended(self, at: datetime) -> bool:
        """Whether the deadline due then is extended before it passes, as every second is that may be."""
        due = [one for one in self.case.ledger.running()[:1] if self.case.now < one.due_at == at]
        return any(
            one.rule.extension is not None and self.chance.random() < 0.5 and self.case.ledger.extend(one)
            for one in due
        )

    def _work(self, key: Key) -> None:
        round_ = next(one for one in self.case.open_rounds if (one.key, one.round, one.person) == key)
        step = self.case.definition.step(round_.key)
        for contact in step.contacts:
            if self.chance.random() < 0.6:
                self._call(contact)
        modality = self.case.modality(round_)
        if modality is not Modality.MUST and self.chance.random() < (
            0.2 if modality is Modality.SHOULD else 0.5
        ):
            if self._is_still_open(key):
                self.case.skip(round_)
            return
        for _ in range(_TRIES):
            if not self._is_still_open(key):
                return
            try:
                self._tick(key)
                self.case.complete(self._round(key), self.draw.answers(self.case, self._round(key)))
                return
            except (AnswersError, RefusedByRuleError):
                continue
        # Nothing that was tried was let through, so it is put off until something else has happened.
        self._enter(key, self.case.now + _ORDINARY * self._factor())

    def _round(self, key: Key) -> StepState:
        return next(one for one in self.case.open_rounds if (one.key, one.round, one.person) == key)

    def _is_still_open(self, key: Key) -> bool:
        return any((one.key, one.round, one.person) == key for one in self.case.open_rounds)

    def _tick(self, key: Key) -> None:
        """Ticks the checklist from above, which every order allows; what need not be ticked may be left."""
        step_key, _, person = key
        for item in checklist_of(self.case.definition, step_key, self.case.state, person=person):
            strict = self.case.definition.step(step_key).checklist.order.value == "strict"
            if not item.is_ticked and (item.required or strict or self.chance.random() < 0.7):
                self.case.tick(self._round(key), item.key)

    def _call(self, contact: str) -> None:
        """Calls a contact, and the next of its chain when nobody answers."""
        known = {
            one.contact.key: one
            for one in contacts_now(self.case.definition, age=self.case.state.age, at=self.case.now)
        }
        for _ in range(len(known)):
            if contact not in known:
                return
            is_open = known[contact].expected_open
            answered = is_open and self.chance.random() < self._answering
            self.tally.called(contact, is_open=is_open)
            self.case.call(contact, answered=answered)
            following = known[contact].contact.if_no_answer
            if answered or not following:
                return
            contact = following

    def _close(self) -> None:
        closing = self.case.closing()
        # Not every case that could be closed is: otherwise what comes later would hardly ever be seen.
        if not closing or self.chance.random() < 0.4:
            return
        end = closing[self.chance.choice(list(closing))]
        for _ in range(_TRIES):
            try:
                self.case.close(end, self.draw.fields(end.questions, self.case))
                return
            except AnswersError:
                continue

    def _something_else(self) -> None:
        """What can happen at any time beside the steps."""
        draw, definition = self.chance.random() - self._alarms, self.case.definition
        if draw < 0 and any(step.interrupts for step in definition.steps.values()):
            self.case.press_acute()
        elif draw < 0.02 and definition.relations and len(self.case.state.people) < 6:
            self._link(self.chance.choice(list(definition.relations)))
        elif draw < 0.06 and self.case.state.handed_over_at is None:
            takers = self.case.takers()
            if takers:
                self.case.take_over(self.chance.choice(takers))

    def _link(self, relation: str) -> None:
        self.case.link(relation, self.draw.person_facts(relation, self.case.now))
