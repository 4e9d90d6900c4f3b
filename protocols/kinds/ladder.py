"""The kind *ladder*: who is told when a deadline comes near or has passed."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from handlepligt.domain.deadlines import Offset, Unit
from protocols.durations import ShortWait, counted_in
from protocols.element import Element, Names


class RungBase(StrEnum):
    """Whether a rung is counted from the deadline's base or from when it is due."""

    BASE = "base"
    DUE = "due"


class QuietHours(StrEnum):
    """Whether the reminder waits for the morning."""

    IGNORE = "ignore"
    RESPECT = "respect"


RungOffset = Annotated[
    Offset, counted_in(Unit.MINUTES, Unit.HOURS, Unit.CALENDAR_DAYS, Unit.WORKING_DAYS, either_way=True)
]


# What a column of the database holds.
_LONGEST_LIST = 500


def _told(roles: Names) -> Names:
    if len(json.dumps(roles)) > _LONGEST_LIST:
        raise ValueError("this tells too many roles; name fewer, or give them shorter names")
    return roles


class Rung(Element):
    """One reminder: `offset` from base or due, to whom, and whether it is skipped once the step is begun."""

    from_: RungBase = Field(default=RungBase.DUE, alias="from")
    offset: RungOffset
    to: Annotated[Names, Field(min_length=1), AfterValidator(_told)]
    unless: str = Field(default="", pattern="^(begun)?$")
    marks: str = Field(default="", pattern="^(overdue)?$")


class Repeat(Element):
    """After the last rung: again `every` so many minutes or hours until a superior has acknowledged."""

    every: ShortWait
    until: str = Field(default="acknowledged", pattern="^(acknowledged|done)$")


def _listed(written: object) -> object:
    return tuple(written) if isinstance(written, list) else written


class Kind(Element):
    """One ladder; the names in `to` are roles of each definition that uses it."""

    section = "ladders"

    title: str = ""
    rungs: Annotated[tuple[Rung, ...], BeforeValidator(_listed), Field(min_length=1)]
    repeat: Repeat | None = None
    quiet_hours: QuietHours = QuietHours.RESPECT
