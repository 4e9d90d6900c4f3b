"""The instant a deadline is counted from, found in the state of a case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from protocols.deadline_base import Base, BaseKind, asked_at
from protocols.definition import Definition
from protocols.kinds.relation import ANYONE
from protocols.state import StepState, StepStatus
from protocols.world import World


def counted_from(world: World, base: Base, *, opened: Mapping[str, datetime]) -> datetime | None:
    """The instant (aware UTC) of a base in the world of a state, None while nobody knows it.

    `opened` says of a step when its round in question was opened. A date stands for its local midnight.
    Awareness and the deed are the dates that facts of the case say, the receipt while none is known; one
    before the calendar's first year counts from that year, for it has passed in any case.
    """
    definition, state = world.definition, world.state
    match base.kind:
        case BaseKind.RECEIPT:
            return state.received_at
        case BaseKind.AWARENESS | BaseKind.DEED:
            instead = state.aware_at if base.kind is BaseKind.AWARENESS else state.received_at
            return _moment(world, base.kind) or instead
        case BaseKind.HANDOVER:
            return state.handed_over_at
        case BaseKind.BIRTHDAY:
            return midnight(definition, birthday(state.birth_date, base.age)) if state.birth_date else None
        case BaseKind.OPENED:
            rounds = rounds_about(world, base.name)
            return opened.get(base.name) or (rounds[-1].opened_at if rounds else None)
        case BaseKind.DONE:
            done = _done(world, base.name)
            return done[-1].settled_at if done else None
        case BaseKind.FACT:
            return _of_fact(world, base.name)
        case BaseKind.ANSWER | BaseKind.MEETING:
            return _answered(world, asked_at(base))
        case _:
            return None


def birthday(born: date, age: int) -> date:
    """The first day on which somebody is `age` years old: 1 March for who was born on a leap day."""
    year = born.year + age
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def midnight(definition: Definition, day: date) -> datetime:
    """The beginning of a local day, as UTC."""
    return datetime.combine(day, time(), tzinfo=ZoneInfo(definition.head.zone)).astimezone(UTC)


def rounds_about(world: World, key: str) -> tuple[StepState, ...]:
    """The rounds of a step, oldest first; only this person's where the step has a line for each of them."""
    step, state = world.definition.steps.get(key), world.state
    if world.person is None or step is None or step.per_person not in (world.person.relation, ANYONE):
        return state.rounds(key)
    return state.rounds(key, world.person.id)


def _done(world: World, key: str) -> list[StepState]:
    return [one for one in rounds_about(world, key) if one.status is StepStatus.DONE]


def _moment(world: World, kind: BaseKind) -> datetime | None:
    saying = (key for key, fact in world.definition.facts.items() if fact.moment == kind.value)
    key = next(saying, None)
    found = _of_fact(world, key) if key else None
    return max(found, _earliest(world.definition)) if found else None


def _earliest(definition: Definition) -> datetime:
    return midnight(definition, date(definition.head.work_calendar.first_year, 1, 1))


def _of_fact(world: World, key: str) -> datetime | None:
    fact = world.definition.facts.get(key)
    if fact is None:
        return None
    if fact.is_of_a_person:
        known = fact.reading(world.person.facts.get(key)) if world.person else None
    else:
        known = world.facts.get(key)
    return _instant(world.definition, known)


def _answered(world: World, question: str) -> datetime | None:
    done = _done(world, world.definition.asked_in.get(question, ""))
    return _instant(world.definition, done[-1].answers.get(question)) if done else None


def _instant(definition: Definition, written: object) -> datetime | None:
    if isinstance(written, date) and not isinstance(written, datetime):
        return midnight(definition, written)
    if not isinstance(written, str) or not written:
        return None
    if len(written) == len("2026-11-27"):
        return midnight(definition, date.fromisoformat(written))
    instant = datetime.fromisoformat(written)
    return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)


__all__ = ["birthday", "counted_from", "midnight", "rounds_about"]
