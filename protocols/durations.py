"""Lengths of time as a definition writes them: `24 hours`, `2 working days`, `1 working day before`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

from handlepligt.domain.deadlines import Offset, Unit
from protocols.wording import Words

_WRITTEN = re.compile(r"([+-]?)(\d{1,4}) (minute|hour|day|working[ _]day|week|month|year)s?( before)?")

# The holidays of later years are not known; what cannot be counted would stand in the way of its step.
LONGEST_YEARS = 20
_DAYS = {Unit.CALENDAR_DAYS: 1, Unit.WORKING_DAYS: 1.5, Unit.WEEKS: 7, Unit.MONTHS: 30, Unit.YEARS: 365}


def read_offset(written: object) -> Offset:
    """Reads `+2 hours`, `24 hours`, `6 working days`, `1 working_days before`; ValueError otherwise."""
    if isinstance(written, Offset):
        return written
    match = _WRITTEN.fullmatch(str(written).strip())
    if match is None:
        raise ValueError(
            f"'{written}' is not a length of time; write a whole number and one of minutes, hours, days, "
            "working days, weeks, months, years, for example '2 working days'"
        )
    sign, amount, unit, before = match.groups()
    backwards = sign == "-" or before is not None
    counted = Unit(unit.replace(" ", "_") + "s")
    if int(amount) * _DAYS.get(counted, 0) > LONGEST_YEARS * 365:
        raise ValueError(
            f"'{written}' is longer than anybody can count, for no calendar reaches that far; "
            f"write at most {LONGEST_YEARS} years"
        )
    return Offset(-int(amount) if backwards else int(amount), counted)


def in_words(offset: Offset, words: Words) -> str:
    """The length in the language of the words: `90 dage`, `10 working days before`."""
    if offset.amount == 0:
        return words("durations.at_once" if offset.unit.is_physical else "durations.same_day")
    amount = abs(offset.amount)
    said = words(f"durations.{offset.unit.value}_{'one' if amount == 1 else 'many'}", n=amount)
    return words("durations.before", length=said) if offset.amount < 0 else said


def counted_in(*units: Unit, either_way: bool = False) -> BeforeValidator:
    """Reads an offset where only these units are understood, and only forwards unless `either_way`.

    Whoever counts it knows no others, and would count wrong rather than refuse.
    """

    def read(written: object) -> Offset:
        offset = read_offset(written)
        if offset.unit not in units or (offset.amount < 1 and not either_way):
            known = ", ".join(unit.value.replace("_", " ") for unit in units)
            at_least = "" if either_way else "at least 1 and "
            raise ValueError(f"'{written}' does not fit here; write {at_least}one of {known}")
        return offset

    return BeforeValidator(read)


WrittenOffset = Annotated[Offset, BeforeValidator(read_offset)]
# A wait that is over at an instant, whatever the day.
ShortWait = Annotated[Offset, counted_in(Unit.MINUTES, Unit.HOURS)]
