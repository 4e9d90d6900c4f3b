"""What becomes of a case's deadlines when it goes on under another version of its protocol."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from handlepligt.domain.deadlines import compute_deadline
from protocols.deadline_rules import DeadlineRule, case_deadlines, deadlines_of, met, written_deadline
from protocols.definition import Definition
from protocols.state import CaseState, StepState
from protocols.world import UNSETTLED

# One deadline of one round: step and round ("" and 0 for the case itself), person, and its own key.
Identity = tuple[str, int, str, str]
Round = tuple[str, int, str]


@dataclass(frozen=True)
class KnownDeadline:
    """A deadline the case has, as it stands now: extended or stood still, if it was. Times are aware UTC."""

    identity: Identity
    title: str
    due_at: datetime
    is_settled: bool
    # Somebody has lawfully given it more time, or it stands still.
    is_held: bool = False


@dataclass(frozen=True)
class DeadlineLine:
    """A deadline before and after; None on the side on which it does not run."""

    identity: Identity
    title: str
    step: str
    before: datetime | None
    after: datetime | None
    # The new version takes it as met by what has been done already.
    is_met: bool = False
    # How the new version counts it and tells of it; None where what is there is left as it is.
    rule: DeadlineRule | None = field(default=None, compare=False)

    @property
    def appears(self) -> bool:
        return self.before is None

    @property
    def vanishes(self) -> bool:
        return self.after is None

    @property
    def moves(self) -> bool:
        return self.before is not None and self.after is not None and self.before != self.after


def round_of(round_: StepState) -> Round:
    """What tells one round of a case from another."""
    return round_.key, round_.round, round_.person


def title_of(definition: Definition, step_key: str) -> str:
    """The title of a step, empty when the definition has no such step."""
    step = definition.steps.get(step_key)
    return step.title if step else ""


def deadline_lines(
    old: Definition,
    new: Definition,
    *,
    before: CaseState,
    after: CaseState,
    known: Collection[KnownDeadline],
    gone: Collection[Round],
    now: datetime,
) -> tuple[DeadlineLine, ...]:
    """Each running deadline with what becomes of it, and those that begin.

    `known` are all deadlines of the case, `gone` the rounds that fell away between the two states.
    """
    lines = [*_kept(old, new, before, after, known, gone, now), *_begun(new, after, known)]
    return tuple(replace(one, is_met=_is_met(new, after, one)) for one in lines)


def _kept(
    old: Definition,
    new: Definition,
    before: CaseState,
    after: CaseState,
    known: Collection[KnownDeadline],
    gone: Collection[Round],
    now: datetime,
) -> Iterator[DeadlineLine]:
    rules_before, rules_after = dict(_running(old, before)), dict(_running(new, after))
    for one in known:
        if one.is_settled:
            continue
        step_key, round_, person, key = one.identity
        title = title_of(new, step_key) or title_of(old, step_key)
        rule = rules_after.get(one.identity)
        if (step_key, round_, person) in gone or written_deadline(new, step_key, key) is None:
            yield DeadlineLine(one.identity, one.title, title, one.due_at, None)
        elif one.due_at <= now or _was_moved_by_hand(old, one, rules_before):
            # What has passed has passed, and time that somebody gave (or that stood still) is not taken back.
            yield DeadlineLine(one.identity, one.title, title, one.due_at, one.due_at)
        elif _counts_alike(old, new, step_key, key):
            anew = rule if rule and not _is_told_alike(old, new, step_key, key) else None
            yield DeadlineLine(one.identity, one.title, title, one.due_at, one.due_at, rule=anew)
        elif rule is None:
            # It does not run in the new version, unless this round is an earlier one that nobody counts anew.
            after_all = None if one.identity in rules_before else one.due_at
            yield DeadlineLine(one.identity, one.title, title, one.due_at, after_all)
        else:
            due = _due(new, rule)
            yield DeadlineLine(one.identity, rule.title or one.title, title, one.due_at, due, rule=rule)


def _begun(new: Definition, after: CaseState, known: Collection[KnownDeadline]) -> Iterator[DeadlineLine]:
    there = {one.identity for one in known}
    for identity, rule in _running(new, after):
        if identity not in there and _is_open(after, identity):
            yield DeadlineLine(
                identity, rule.title or rule.key, title_of(new, identity[0]), None, _due(new, rule), rule=rule
            )


def _is_met(new: Definition, after: CaseState, line: DeadlineLine) -> bool:
    step_key, number, person, key = line.identity
    runs_on = line.before is not None and line.after is not None
    return runs_on and met(new, after, key, step_key=step_key or None, round_=number, person=person)


def _running(definition: Definition, state: CaseState) -> Iterator[tuple[Identity, DeadlineRule]]:
    """The deadlines that run in a state, of the latest round of each step and of the case."""
    for rule in case_deadlines(definition, state):
        yield ("", 0, "", rule.key), rule
    latest = {(one.key, one.person): one for one in state.steps if one.key in definition.steps}
    for round_ in latest.values():
        for rule in deadlines_of(definition, round_.key, state, person=round_.person):
            yield (round_.key, round_.round, round_.person, rule.key), rule


def _is_open(state: CaseState, identity: Identity) -> bool:
    step_key, round_, person, _ = identity
    return not step_key or any(
        round_of(one) == (step_key, round_, person) and one.status in UNSETTLED for one in state.steps
    )


def _counts_alike(old: Definition, new: Definition, step_key: str, key: str) -> bool:
    """Whether both versions count the deadline in the same way, so that the row can stay as it is."""
    before, after = written_deadline(old, step_key, key), written_deadline(new, step_key, key)
    if before is None or after is None:
        return False
    counted = ("base", "within", "remind_after", "basis", "applies_when", "at_expiry")
    heads = (old.head.calendar, old.head.zone) == (new.head.calendar, new.head.zone)
    return heads and all(str(getattr(before, one)) == str(getattr(after, one)) for one in counted)


def _is_told_alike(old: Definition, new: Definition, step_key: str, key: str) -> bool:
    """Whether both versions remind of the deadline in the same way."""
    before, after = written_deadline(old, step_key, key), written_deadline(new, step_key, key)
    assert before is not None
    assert after is not None
    return old.ladders.get(before.ladder) == new.ladders.get(after.ladder)


def _was_moved_by_hand(old: Definition, known: KnownDeadline, rules: Mapping[Identity, DeadlineRule]) -> bool:
    rule = rules.get(known.identity)
    return known.is_held or (rule is not None and known.due_at != _due(old, rule))


def _due(definition: Definition, rule: DeadlineRule) -> datetime:
    return compute_deadline(rule.base, rule.offset, rule.basis, definition.head.work_calendar).due_at
