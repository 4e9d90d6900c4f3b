"""What came of simulated cases, in figures that a lawyer or a leader can read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from handlepligt.domain.response_times import percentile
from protocols.definition import Definition
from protocols.invented_case import InventedCase
from protocols.invented_deadlines import RunningDeadline
from protocols.kinds.deadline import AtExpiry
from protocols.rounds import is_beyond

_SHOWN = 5
_LONGEST_WAY = 30
DAY = timedelta(days=1)


@dataclass(frozen=True)
class StepFigures:
    """In how many cases a step opened, and its rounds: all of them, on average where it opened, at most."""

    cases: int
    rounds: int
    mean_rounds: float
    most_rounds: int


@dataclass(frozen=True)
class DeadlineFigures:
    """How often a deadline ran to its end or was met, how often of those it passed unmet or was extended."""

    ran: int
    late: int
    extended: int

    @property
    def share_late(self) -> float:
        return self.late / self.ran if self.ran else 0.0


@dataclass(frozen=True)
class CallFigures:
    """Calls to a contact, and those of them made when it was closed by the hours written for it."""

    calls: int
    outside_hours: int


@dataclass(frozen=True)
class SimulationReport:
    """The figures; lengths in days from receipt to closing, None when no case was closed.

    `not_ended` must be 0 and `broken` empty for a sound definition; `ways` lead into cases that did not end,
    the shortest first. `beyond` counts the cases in which a step came back more often than its `repeats`
    reckons with, which is no fault but worth a look. Mappings are by the definition's own keys, in the order
    of the file.
    """

    cases: int
    seed: int
    median_days: float | None
    ninetieth_days: float | None
    longest_days: float | None
    median_rounds: int
    ninetieth_rounds: int
    steps: dict[str, StepFigures]
    deadlines: dict[str, DeadlineFigures]
    calls: dict[str, CallFigures]
    ends: dict[str, int]
    steps_never_reached: tuple[str, ...]
    ends_never_reached: tuple[str, ...]
    not_ended: int
    ways: tuple[str, ...]
    beyond: dict[str, int]
    broken: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        return not self.not_ended and not self.broken


@dataclass
class Tally:
    """Counts while the cases run."""

    definition: Definition
    lengths: list[timedelta] = field(default_factory=list)
    rounds_in_all: list[int] = field(default_factory=list)
    rounds: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    most: Counter[str] = field(default_factory=Counter)
    ran: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)
    extended: Counter[str] = field(default_factory=Counter)
    calls: Counter[str] = field(default_factory=Counter)
    outside: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    stuck: list[tuple[str, ...]] = field(default_factory=list)
    beyond: Counter[str] = field(default_factory=Counter)
    found: dict[str, None] = field(default_factory=dict)

    def look(self, case: InventedCase, *, has_date: bool) -> None:
        """What must hold of an open case at every instant."""
        if not case.open_rounds and not has_date:
            self.broken("a case is open with no open step and no next date", case.way)
        for deadline in case.ledger.running()[:1]:
            if deadline.due_at < case.now:
                self.broken(f"the deadline {deadline.name} passed and nobody noticed", case.way)

    def broken(self, sentence: str, way: Sequence[str]) -> None:
        """Something that no definition may come to, with the way into it; each is kept once."""
        if not any(known.startswith(sentence) for known in self.found):
            self.found[f"{sentence}, this way: {told(way)}"] = None

    def called(self, contact: str, *, is_open: bool) -> None:
        self.calls[contact] += 1
        self.outside[contact] += not is_open

    def add(self, case: InventedCase) -> None:
        """One case that is over, or that will never be."""
        if case.ended:
            self.ends[case.ended] += 1
            self.lengths.append(case.now - case.state.received_at)
        else:
            self.stuck.append(tuple(case.way))
        steps = self.definition.steps
        self.beyond.update({one.key for one in case.state.steps if is_beyond(steps[one.key], one.round)})
        counted = Counter(one.key for one in case.state.steps)
        self.rounds_in_all.append(sum(counted.values()))
        for key, number in counted.items():
            self.rounds[key] += number
            self.reached[key] += 1
            self.most[key] = max(self.most[key], number)
        for deadline in case.ledger.every.values():
            if self._only_ends(deadline):
                continue
            began_late = deadline.passed and deadline.due_at < deadline.base_at
            if (deadline.passed or not deadline.fell_away) and not began_late:
                self.ran[deadline.name] += 1
                self.late[deadline.name] += deadline.passed
                self.extended[deadline.name] += deadline.extensions > 0

    def _only_ends(self, deadline: RunningDeadline) -> bool:
        """Whether it says how long something holds, and nobody is late when it is over."""
        step = self.definition.steps.get(deadline.step)
        return step is not None and step.standing and deadline.rule.at_expiry is AtExpiry.LAPSE

    def report(self, cases: int, seed: int) -> SimulationReport:
        """The figures so far."""
        lengths = sorted(self.lengths)
        rounds = sorted(self.rounds_in_all)
        steps, ends = self.definition.steps, self.definition.ends
        return SimulationReport(
            cases=cases,
            seed=seed,
            median_days=_days(percentile(lengths, 50)),
            ninetieth_days=_days(percentile(lengths, 90)),
            longest_days=_days(lengths[-1] if lengths else None),
            median_rounds=_nearest(rounds, 50),
            ninetieth_rounds=_nearest(rounds, 90),
            steps={
                key: StepFigures(
                    self.reached[key],
                    self.rounds[key],
                    round(self.rounds[key] / self.reached[key], 2),
                    self.most[key],
                )
                for key in steps
                if self.reached[key]
            },
            deadlines={
                name: DeadlineFigures(self.ran[name], self.late[name], self.extended[name])
                for name in self._deadlines()
            },
            calls={
                key: CallFigures(self.calls[key], self.outside[key])
                for key in self.definition.contacts
                if self.calls[key]
            },
            ends={key: self.ends[key] for key in ends if self.ends[key]},
            steps_never_reached=tuple(key for key in steps if not self.reached[key]),
            ends_never_reached=tuple(key for key in ends if not self.ends[key]),
            not_ended=len(self.stuck),
            ways=tuple(told(way) for way in sorted(self.stuck, key=len)[:_SHOWN]),
            beyond={key: self.beyond[key] for key in steps if self.beyond[key]},
            broken=tuple(self.found),
        )

    def _deadlines(self) -> list[str]:
        written = [f"{key}.{name}" for key, step in self.definition.steps.items() for name in step.deadlines]
        return [name for name in [*self.definition.case_deadlines, *written] if self.ran[name]]


def told(way: Sequence[str]) -> str:
    """A way from the beginning; of a very long one the beginning and the end."""
    shown = list(way)
    if len(shown) > _LONGEST_WAY:
        left_out = len(shown) - _LONGEST_WAY
        shown[_LONGEST_WAY // 2 : -(_LONGEST_WAY // 2)] = [f"... {left_out} more ..."]
    return " -> ".join(shown) or "at once"


def _days(length: timedelta | None) -> float | None:
    return None if length is None else round(length / DAY, 1)


def _nearest(ordered: Sequence[int], percent: int) -> int:
    return ordered[max(-(-len(ordered) * percent // 100), 1) - 1] if ordered else 0
