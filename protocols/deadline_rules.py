"""Which deadlines run in a state, counted from which instant; the arithmetic itself is the domain's."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from handlepligt.domain.calendars import CalendarMissingError
from handlepligt.domain.deadlines import Basis, DeadlineOutOfRangeError, Offset, compute_deadline
from protocols.action_answers import agreed_actions
from protocols.counted_from import counted_from, midnight
from protocols.definition import Definition
from protocols.extension import Extension
from protocols.kinds.deadline import AtExpiry, BaseKind
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.ladder import Kind as Ladder
from protocols.kinds.legal_reference import Kind as LegalReference
from protocols.state import CaseState, StepState
from protocols.world import UNSETTLED, World

# Between a deadline's key and the action it is about.
PART = ":"

# Dates that may lie far outside the years of any calendar: long over, or too far ahead for anybody to know
# the holidays. A deadline counted from such a day does not run, for no case may stand still for it.
_OF_A_LIFE = (BaseKind.BIRTHDAY, BaseKind.FACT)


@dataclass(frozen=True)
class DeadlineRule:
    """A deadline that runs: `base` is an aware UTC instant and `offset` is counted from it.

    With `at_once` no number is given anywhere: `offset` then says when to remind, and a page shows "straks"
    and no time. `decided` is false for a local default. `ladder` is None when nobody is reminded. Of a
    deadline for each agreed action there is one rule an action, with `item` the key of the action's tick
    and a `key` of its own ("done_in_time:2").
    """

    key: str
    title: str
    base: datetime
    base_name: str
    offset: Offset
    basis: Basis
    decided: bool
    at_once: bool
    reference: LegalReference | None
    ladder: Ladder | None
    step: str | None = None
    base_kind: BaseKind = BaseKind.RECEIPT
    at_expiry: AtExpiry = AtExpiry.BREACH
    extension: Extension | None = None
    item: str = ""


def deadlines_of(
    definition: Definition,
    step_key: str,
    state: CaseState,
    *,
    opened_at: datetime | None = None,
    person: str | None = None,
) -> tuple[DeadlineRule, ...]:
    """The deadlines of a step that is open in this state, or that opens at `opened_at`.

    `person` is the linked person whose line of rounds is meant, empty for the case, None for whichever
    round was opened last.
    """
    step = definition.step(step_key)
    rounds = state.rounds(step_key, person)
    opened = opened_at or (rounds[-1].opened_at if rounds else None)
    return tuple(_running(definition, state, step.deadlines, step_key, opened, person or ""))


def case_deadlines(definition: Definition, state: CaseState) -> tuple[DeadlineRule, ...]:
    """The deadlines of the case as a whole."""
    return tuple(_running(definition, state, definition.case_deadlines, None, None, ""))


def written_deadline(definition: Definition, step_key: str, key: str) -> Deadline | None:
    """What the definition says of a deadline, None when it is gone; a case's own have no step."""
    if not step_key:
        return definition.case_deadlines.get(name_of(key))
    step = definition.steps.get(step_key)
    return step.deadlines.get(name_of(key)) if step is not None else None


def met(
    definition: Definition,
    state: CaseState,
    key: str,
    *,
    step_key: str | None,
    round_: int = 0,
    person: str = "",
) -> bool:
    """Whether a deadline has been met: its condition holds or, without one, its step is settled.

    `round_` is the round it belongs to, 0 for the step as a whole. One of an agreed action is met when
    that action is ticked in the round, or when the round is settled with it.
    """
    written = written_deadline(definition, step_key or "", key)
    world = World(definition, state, person=person)
    if written is not None and written.met_by is not None:
        return written.met_by.holds(world.context)
    if step_key is None:
        return False
    if round_ == 0:
        return world.settled(step_key)
    mine = next((one for one in state.rounds(step_key, person) if one.round == round_), None)
    return mine is not None and (mine.status not in UNSETTLED or _is_ticked(mine, key))


def name_of(key: str) -> str:
    """A deadline's key as its definition writes it, without the number of an agreed action."""
    return key.partition(PART)[0]


@functools.lru_cache(maxsize=64)
def leads_on(definition: Definition) -> bool:
    """Whether any deadline of a definition does something else than breach when it passes."""
    return any(
        deadline.at_expiry is not AtExpiry.BREACH
        for step in definition.steps.values()
        for deadline in step.deadlines.values()
    )


def _is_ticked(round_: StepState, key: str) -> bool:
    item = key.partition(PART)[2]
    return item != "" and item in round_.ticks


def _running(
    definition: Definition,
    state: CaseState,
    written: Mapping[str, Deadline],
    step_key: str | None,
    opened: datetime | None,
    person: str,
) -> Iterator[DeadlineRule]:
    if not written:
        return
    world = World(definition, state, person=person)
    for key, deadline in written.items():
        if deadline.applies_when is not None and not deadline.applies_when.holds(world.context):
            continue
        # The loader has refused a deadline without base.
        assert deadline.base is not None
        if deadline.base.kind is BaseKind.ACTION:
            agreed = agreed_actions(definition, state, deadline.base.name, opened_at=opened)
            for action in agreed:
                base = midnight(definition, action.by)
                yield _rule(definition, key, deadline, base, step_key, item=action.key)
            continue
        own = {step_key: opened} if step_key and opened else {}
        found = counted_from(world, deadline.base, opened=own)
        if found is None:
            continue
        rule = _rule(definition, key, deadline, found, step_key)
        if deadline.base.kind not in _OF_A_LIFE or _can_be_counted(rule, definition):
            yield rule


def _can_be_counted(rule: DeadlineRule, definition: Definition) -> bool:
    """Whether the calendar has the years a rule needs, from what it is counted from to when it is due."""
    calendar = definition.head.work_calendar
    if not calendar.first_year <= rule.base.year <= calendar.last_year:
        return False
    try:
        compute_deadline(rule.base, rule.offset, rule.basis, calendar)
    except (CalendarMissingError, DeadlineOutOfRangeError):
        return False
    return True


def _rule(
    definition: Definition,
    key: str,
    deadline: Deadline,
    base: datetime,
    step_key: str | None,
    *,
    item: str = "",
) -> DeadlineRule:
    offset = deadline.remind_after if deadline.at_once else deadline.within
    # The loader has refused a deadline that lacks one of these.
    assert deadline.base is not None
    assert deadline.basis is not None
    assert offset is not None
    return DeadlineRule(
        key=f"{key}{PART}{item}" if item else key,
        title=f"{deadline.title} {item}".strip() if item else deadline.title,
        base=base,
        base_name=str(deadline.base),
        offset=offset,
        basis=deadline.basis,
        decided=deadline.decided,
        at_once=deadline.at_once,
        reference=definition.legal_references.get(deadline.reference),
        ladder=definition.ladders.get(deadline.ladder),
        step=step_key,
        base_kind=deadline.base.kind,
        at_expiry=deadline.at_expiry,
        extension=deadline.extension,
        item=item,
    )
