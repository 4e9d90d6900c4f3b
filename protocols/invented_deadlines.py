"""The deadlines that run in an invented case: when each is due, whether it was met, and what it sets off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from handlepligt.domain.deadline_moves import extended
from handlepligt.domain.deadlines import Basis, compute_deadline
from protocols.definition import Definition
from protocols.engine import DeadlineRule, case_deadlines, deadlines_of, met, paused
from protocols.state import CaseState
from protocols.world import UNSETTLED


@dataclass
class RunningDeadline:
    """One deadline of one round, or of the case (`step` and `person` empty); instants are aware UTC.

    `settled_at` is when it was met or fell away; `passed` that it was due before then.
    """

    rule: DeadlineRule
    step: str
    round: int
    person: str
    base_at: datetime
    due_at: datetime
    settled_at: datetime | None = None
    fell_away: bool = False
    passed: bool = False
    paused_since: datetime | None = None
    extensions: int = 0

    @property
    def name(self) -> str:
        """The deadline as a condition names it, `step.deadline`; without a step when it is the case's."""
        key = self.rule.key.partition(":")[0]
        return f"{self.step}.{key}" if self.step else key

    @property
    def runs(self) -> bool:
        return self.settled_at is None


class DeadlineLedger:
    """All deadlines a case has had; after each act it starts what has begun and settles what is met."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.calendar = definition.head.work_calendar
        self.every: dict[tuple[str, int, str, str], RunningDeadline] = {}

    def running(self) -> list[RunningDeadline]:
        """Those neither met nor fallen away nor passed, the next due first; paused ones are not due."""
        waiting = (
            one for one in self.every.values() if one.runs and not one.passed and one.paused_since is None
        )
        return sorted(waiting, key=lambda one: one.due_at)

    def follow(self, state: CaseState, now: datetime) -> None:
        """Brings the ledger up to date with a state that the rules have nothing more to say to."""
        self.settle(state, now)
        for step, round_, person, rule in self._rules(state):
            key = (step, round_, person, rule.key)
            if key not in self.every:
                due = compute_deadline(rule.base, rule.offset, rule.basis, self.calendar).due_at
                # What was over before it began was never anybody's to keep.
                self.every[key] = RunningDeadline(
                    rule, step, round_, person, rule.base, due, passed=due < now
                )
        self._pause(state, now)

    def _rules(self, state: CaseState) -> Iterator[tuple[str, int, str, DeadlineRule]]:
        for rule in case_deadlines(self.definition, state):
            yield "", 0, "", rule
        for one in state.steps:
            step = self.definition.steps.get(one.key)
            if one.status in UNSETTLED and step is not None and step.deadlines:
                rules = deadlines_of(
                    self.definition, one.key, state, opened_at=one.opened_at, person=one.person
                )
                for rule in rules:
                    yield one.key, one.round, one.person, rule

    def extend(self, deadline: RunningDeadline) -> bool:
        """Makes a running deadline as much longer as one extension may; False where none is lawful."""
        extension = deadline.rule.extension
        if extension is None or not deadline.runs or deadline.passed:
            return False
        if extension.at_most is not None and deadline.extensions >= extension.at_most:
            return False
        longer, _ = extended(
            base_at=deadline.base_at,
            due_at=deadline.due_at,
            by=extension.within,
            cap=extension.cap,
            basis=deadline.rule.basis,
            calendar=self.calendar,
        )
        if longer.due_at <= deadline.due_at:
            return False
        deadline.due_at, deadline.extensions = longer.due_at, deadline.extensions + 1
        return True

    def settle(self, state: CaseState, now: datetime) -> None:
        """Ends the deadlines that are met, and those of rounds that fell away."""
        gone = {
            (one.key, one.round, one.person) for one in state.steps if one.status.value == "not_applicable"
        }
        for deadline in self.every.values():
            if not deadline.runs:
                continue
            if (deadline.step, deadline.round, deadline.person) in gone:
                deadline.settled_at, deadline.fell_away = now, True
            elif met(
                self.definition,
                state,
                deadline.rule.key,
                step_key=deadline.step or None,
                round_=deadline.round,
                person=deadline.person,
            ):
                deadline.settled_at = now
                deadline.passed = deadline.passed or now > deadline.due_at

    def _pause(self, state: CaseState, now: datetime) -> None:
        """What is not law stands still while another step goes before its step, and is moved by that long."""
        waiting = paused(self.definition, state)
        for deadline in self.every.values():
            if not deadline.runs or deadline.rule.basis is Basis.LAW:
                continue
            if deadline.step in waiting and deadline.paused_since is None and not deadline.passed:
                deadline.paused_since = now
            elif deadline.step not in waiting and deadline.paused_since is not None:
                deadline.due_at += now - deadline.paused_since
                deadline.paused_since = None
