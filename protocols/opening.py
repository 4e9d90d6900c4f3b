"""Opening hours in OpenStreetMap's syntax, with the public holidays of a country."""

from __future__ import annotations

import functools
from zoneinfo import ZoneInfo

from opening_hours import OpeningHours


@functools.lru_cache(maxsize=256)
def opening_hours(written: str, zone: str, country: str) -> OpeningHours:
    """The hours as something that can be asked; ValueError when they cannot be read."""
    try:
        return OpeningHours(written, timezone=ZoneInfo(zone), country=country)
    except SyntaxError as error:
        raise ValueError(f"the hours '{written}' are not valid opening hours") from error
