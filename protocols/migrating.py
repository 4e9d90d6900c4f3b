"""What happens to one running case when it goes on under another version of its protocol; changes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from protocols.definition import Definition
from protocols.engine import lapses, openings
from protocols.moved_deadlines import DeadlineLine, KnownDeadline, deadline_lines, round_of, title_of
from protocols.state import CaseState, StepState, StepStatus
from protocols.world import UNSETTLED

# Opening one step can open another. A definition that loads comes to rest long before this.
_MOST_TURNS = 100


@dataclass(frozen=True)
class StepLine:
    """One round of a step; `title` is that of the version it belongs to. `was` is its title before."""

    key: str
    round: int
    title: str
    person: str = ""
    was: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Preview:
    """Everything that a move touches, and what it leaves as it is.

    `stays_open` goes on with the new version's questions; `falls_away` is open and not in the new version,
    or is ended by it; `opens` would open at once. `history` was settled and stays so, `history_only` is
    history that the new version does not know. `unasked` are answers that no question of the new version
    asks for any more: step and question in the old words.
    """

    from_version: str
    to_version: str
    stays_open: tuple[StepLine, ...]
    falls_away: tuple[StepLine, ...]
    opens: tuple[StepLine, ...]
    history: tuple[StepLine, ...]
    history_only: tuple[StepLine, ...]
    unasked: tuple[tuple[str, str], ...]
    deadlines: tuple[DeadlineLine, ...]

    @property
    def changed_deadlines(self) -> tuple[DeadlineLine, ...]:
        """Those that move, appear or vanish, and those that the new version takes as met."""
        return tuple(one for one in self.deadlines if one.before != one.after or one.is_met)

    @property
    def fingerprint(self) -> str:
        """Tells this preview from another: approving is of what was looked at, not of what came since.

        What would only begin at the instant of the move is known by its name, for that instant is not yet.
        """
        deadlines = tuple(
            (one.identity, one.before, None if one.appears else one.after, one.is_met)
            for one in self.deadlines
        )
        steps = (self.stays_open, self.falls_away, self.opens, self.history, self.history_only)
        said = repr((self.from_version, self.to_version, steps, self.unasked, deadlines))
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def preview(
    old: Definition,
    new: Definition,
    state: CaseState,
    deadlines: Collection[KnownDeadline],
    *,
    now: datetime,
    fallen_reason: str = "",
) -> Preview:
    """What a case in `state` under `old` would be under `new` from `now` (aware UTC).

    `deadlines` are all those the case has, settled ones too. `fallen_reason` is said of an open step that
    the new version does not have.
    """
    after, fallen, opened = carried_over(new, state, now=now, fallen_reason=fallen_reason)
    gone = {round_of(one) for one, _ in fallen}
    running = [one for one in state.steps if one.status in UNSETTLED]
    settled = [one for one in state.steps if one.status not in UNSETTLED]
    was_open = {round_of(one) for one in running}
    lines = deadline_lines(old, new, before=state, after=after, known=deadlines, gone=gone, now=now)
    return Preview(
        from_version=old.version,
        to_version=new.version,
        stays_open=tuple(_line(one, old, new) for one in running if round_of(one) not in gone),
        falls_away=tuple(
            replace(_line(one, old, old), reason=reason)
            for one, reason in fallen
            if round_of(one) in was_open
        ),
        opens=tuple(_line(one, new, new) for one in opened if round_of(one) not in gone),
        history=tuple(_line(one, old, new) for one in settled if one.key in new.steps),
        history_only=tuple(_line(one, old, old) for one in settled if one.key not in new.steps),
        unasked=tuple(_unasked(old, new, settled)),
        deadlines=lines,
    )


def carried_over(
    new: Definition, state: CaseState, *, now: datetime, fallen_reason: str = ""
) -> tuple[CaseState, list[tuple[StepState, str]], list[StepState]]:
    """The state after a move, the rounds that fell away with the reason of each, and those that opened."""
    fallen = [
        (one, fallen_reason) for one in state.steps if one.status in UNSETTLED and one.key not in new.steps
    ]
    opened: list[StepState] = []
    state = _ended(state, [one for one, _ in fallen], now)
    for _ in range(_MOST_TURNS):
        ending, due = lapses(new, state), openings(new, state)
        if not ending and not due:
            break
        fallen += ending
        state = _ended(state, [one for one, _ in ending], now)
        if not ending:
            begun = [
                StepState(one.step.key, one.round, StepStatus.OPEN, now, person=one.person) for one in due
            ]
            opened += begun
            state = replace(state, steps=(*state.steps, *begun))
    return state, fallen, opened


def _ended(state: CaseState, rounds: Collection[StepState], now: datetime) -> CaseState:
    ended = {round_of(one) for one in rounds}
    return replace(
        state,
        steps=tuple(
            replace(one, status=StepStatus.NOT_APPLICABLE, settled_at=now) if round_of(one) in ended else one
            for one in state.steps
        ),
    )


def _line(round_: StepState, before: Definition, after: Definition) -> StepLine:
    title = title_of(after, round_.key) or title_of(before, round_.key) or round_.key
    was = title_of(before, round_.key)
    return StepLine(round_.key, round_.round, title, round_.person, was if was != title else "")


def _unasked(old: Definition, new: Definition, settled: Collection[StepState]) -> Iterator[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()
    for round_ in settled:
        before, after = old.steps.get(round_.key), new.steps.get(round_.key)
        for key in round_.answers if before else ():
            if before is None or key not in before.questions or (round_.key, key) in seen:
                continue
            if after is None or key not in after.questions:
                seen.add((round_.key, key))
                yield before.title, before.questions[key].ask
