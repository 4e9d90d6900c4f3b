"""Lengths of time as a definition writes them: `24 hours`, `2 working days`, `-8 hours`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator


class Unit(StrEnum):
    """How an offset is counted; working days and months are counted in the calendar's local dates."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"


_DANISH = {
    Unit.MINUTES: ("minut", "minutter"),
    Unit.HOURS: ("time", "timer"),
    Unit.DAYS: ("dag", "dage"),
    Unit.WORKING_DAYS: ("hverdag", "hverdage"),
    Unit.MONTHS: ("måned", "måneder"),
}


@dataclass(frozen=True)
class Offset:
    """A number of units, negative when it counts backwards."""

    amount: int
    unit: Unit

    @property
    def danish(self) -> str:
        return f"{abs(self.amount)} {_DANISH[self.unit][abs(self.amount) != 1]}"

    def __str__(self) -> str:
        return f"{self.amount} {self.unit.value}"


_WRITTEN = re.compile(r"([+-]?)(\d{1,4}) (minute|hour|day|working[ _]day|month)s?( before)?")


def read_offset(written: object) -> Offset:
    """Reads `+2 hours`, `24 hours`, `6 working days`, `1 working_days before`; ValueError otherwise."""
    if isinstance(written, Offset):
        return written
    match = _WRITTEN.fullmatch(str(written).strip())
    if match is None:
        raise ValueError(
            f"'{written}' is not a length of time; write a whole number and one of minutes, hours, days, "
            "working days, months, for example '2 working days'"
        )
    sign, amount, unit, before = match.groups()
    backwards = sign == "-" or before is not None
    return Offset(-int(amount) if backwards else int(amount), Unit(unit.replace(" ", "_") + "s"))


WrittenOffset = Annotated[Offset, BeforeValidator(read_offset)]
