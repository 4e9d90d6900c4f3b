"""Opening hours in OpenStreetMap's syntax, with the public holidays of a country."""

from __future__ import annotations

import functools
from zoneinfo import ZoneInfo

# The package's own description of its types leaves its errors out.
from opening_hours import OpeningHours, ParserError, UnknownCountryError  # type: ignore[attr-defined]


@functools.lru_cache(maxsize=256)
def opening_hours(written: str, zone: str, country: str) -> OpeningHours:
    """The hours as something that can be asked.

    ValueError when they cannot be read, KeyError when there is no such zone or no such country.
    """
    try:
        return OpeningHours(written, timezone=ZoneInfo(zone), country=country)
    except ParserError as error:
        raise ValueError(f"the hours '{written}' are not valid opening hours") from error
    except UnknownCountryError as error:
        raise KeyError(country) from error
