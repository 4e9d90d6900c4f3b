"""Which deadlines run in a state, counted from which instant; the arithmetic itself is the domain's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from handlepligt.domain.deadlines import Basis, Offset
from protocols.definition import Definition
from protocols.kinds.deadline import Base, BaseKind
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.ladder import Kind as Ladder
from protocols.kinds.legal_reference import Kind as LegalReference
from protocols.state import CaseState, StepStatus
from protocols.world import World


@dataclass(frozen=True)
class DeadlineRule:
    """A deadline that runs: `base` is an aware UTC instant and `offset` is counted from it.

    With `at_once` no number is given anywhere: `offset` then says when to remind, and a page shows "straks"
    and no time. `decided` is false for a local default. `ladder` is None when nobody is reminded.
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


def deadlines_of(
    definition: Definition, step_key: str, state: CaseState, *, opened_at: datetime | None = None
) -> tuple[DeadlineRule, ...]:
    """The deadlines of a step that is open in this state, or that opens at `opened_at`."""
    step = definition.step(step_key)
    rounds = state.rounds(step_key)
    opened = opened_at or (rounds[-1].opened_at if rounds else None)
    return _running(definition, state, step.deadlines, {step_key: opened} if opened else {}, step_key)


def case_deadlines(definition: Definition, state: CaseState) -> tuple[DeadlineRule, ...]:
    """The deadlines of the case as a whole."""
    return _running(definition, state, definition.case_deadlines, {}, None)


def met(definition: Definition, state: CaseState, key: str, *, step_key: str | None) -> bool:
    """Whether a deadline has been met: its condition holds or, without one, its step is settled."""
    owned = definition.step(step_key).deadlines if step_key else definition.case_deadlines
    world = World(definition, state)
    condition = owned[key].met_by
    if condition is not None:
        return condition.holds(world.context)
    return step_key is not None and world.settled(step_key)


def _running(
    definition: Definition,
    state: CaseState,
    written: Mapping[str, Deadline],
    opened: Mapping[str, datetime],
    step_key: str | None,
) -> tuple[DeadlineRule, ...]:
    if not written:
        return ()
    world = World(definition, state)
    found: list[DeadlineRule] = []
    for key, deadline in written.items():
        if deadline.applies_when is not None and not deadline.applies_when.holds(world.context):
            continue
        offset = deadline.remind_after if deadline.at_once else deadline.within
        # The loader has refused a deadline that lacks one of these.
        assert deadline.base is not None
        assert deadline.basis is not None
        assert offset is not None
        base = _instant(definition, state, deadline.base, opened)
        if base is None:
            continue
        found.append(
            DeadlineRule(
                key=key,
                title=deadline.title,
                base=base,
                base_name=str(deadline.base),
                offset=offset,
                basis=deadline.basis,
                decided=deadline.decided,
                at_once=deadline.at_once,
                reference=definition.legal_references.get(deadline.reference),
                ladder=definition.ladders.get(deadline.ladder),
                step=step_key,
            )
        )
    return tuple(found)


def _instant(
    definition: Definition, state: CaseState, base: Base, opened: Mapping[str, datetime]
) -> datetime | None:
    match base.kind:
        case BaseKind.RECEIPT:
            return state.received_at
        case BaseKind.AWARENESS:
            return state.aware_at
        case BaseKind.HANDOVER:
            return state.handed_over_at
        case BaseKind.BIRTHDAY:
            return _midnight(definition, state.birth_date) if state.birth_date else None
        case BaseKind.OPENED:
            rounds = state.rounds(base.name)
            return opened.get(base.name) or (rounds[-1].opened_at if rounds else None)
        case BaseKind.DONE:
            done = [s.settled_at for s in state.rounds(base.name) if s.status is StepStatus.DONE]
            return done[-1] if done else None
        case BaseKind.ANSWER:
            return _answered(definition, state, base.name)


def _answered(definition: Definition, state: CaseState, question: str) -> datetime | None:
    """The instant in the latest answer to a question of time; a date counts from its local midnight."""
    done = [s for s in state.rounds(definition.asked_in[question]) if s.status is StepStatus.DONE]
    written = done[-1].answers.get(question) if done else None
    if not isinstance(written, str) or not written:
        return None
    if len(written) == len("2026-11-27"):
        return _midnight(definition, date.fromisoformat(written))
    instant = datetime.fromisoformat(written)
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


def _midnight(definition: Definition, day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=ZoneInfo(definition.head.zone)).astimezone(UTC)
