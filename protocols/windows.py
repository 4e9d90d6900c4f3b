"""Rolling windows that end now, such as the last 90 days: which instants lie in them, and when they leave."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlepligt.domain.deadlines import Offset, Unit, add_months
from protocols.condition_syntax import Call, Literal, walk
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.durations import counted_in, read_offset
from protocols.state import CaseState

_UNITS = (Unit.MINUTES, Unit.HOURS, Unit.CALENDAR_DAYS, Unit.WEEKS, Unit.MONTHS, Unit.YEARS)
_FIT = counted_in(*_UNITS)


@functools.lru_cache(maxsize=256)
def window(written: str) -> Offset:
    """The length of a window as a condition writes it; ValueError with a sentence when it is none.

    Working days are no window: a case would leave it at another time in every municipality.
    """
    offset = _FIT.func(read_offset(written))  # type: ignore[call-arg]
    assert isinstance(offset, Offset)
    return offset


def leaves_at(instant: datetime, length: Offset, zone: str) -> datetime:
    """When an instant (aware UTC) leaves the window: the same time of day that long after it, in UTC.

    Days and longer are counted on the calendar of the zone, minutes and hours on the clock.
    """
    if length.unit.is_physical:
        hours = length.amount if length.unit is Unit.HOURS else length.amount / 60
        return instant + timedelta(hours=hours)
    local = instant.astimezone(ZoneInfo(zone))
    match length.unit:
        case Unit.MONTHS | Unit.YEARS:
            months = length.amount * (12 if length.unit is Unit.YEARS else 1)
            day = add_months(local.date(), months)
        case _:
            days = length.amount * (7 if length.unit is Unit.WEEKS else 1)
            day = local.date() + timedelta(days=days)
    return datetime.combine(day, local.timetz()).astimezone(UTC)


def next_to_leave(definition: Definition, state: CaseState) -> datetime | None:
    """The next instant (aware UTC) at which a round that some condition counts leaves its window.

    The rules must be asked again then, for nothing else happens. None when nothing is counted.
    """
    instants = [
        left
        for step, length in counted_windows(definition)
        for round_ in state.rounds(step)
        if (left := leaves_at(round_.opened_at, length, definition.head.zone)) > state.now
    ]
    return min(instants, default=None)


def counted_windows(definition: Definition) -> frozenset[tuple[str, Offset]]:
    """The steps whose rounds some condition counts over a window, each with the window's length."""
    return frozenset(pair for one in definition.conditions for pair in _counted(one))


def _counted(condition: Condition) -> Iterator[tuple[str, Offset]]:
    for node in walk(condition.tree):
        if isinstance(node, Call) and node.function == "count_within":
            step, length = (str(one.value) for one in node.arguments if isinstance(one, Literal))
            yield step, window(length)
