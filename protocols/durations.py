"""Lengths of time as a definition writes them: `24 hours`, `2 working days`, `1 working day before`."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import BeforeValidator

from handlepligt.domain.deadlines import Offset, Unit

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
