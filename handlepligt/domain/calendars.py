"""Which days are working days: public holidays by country, and a municipality's own closing days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType

import holidays

from handlepligt.domain import danish_time
from handlepligt.errors import HandlepligtError

_SATURDAY, _SUNDAY = 5, 6


class CalendarMissingError(HandlepligtError):
    """There is no calendar for the country or the year, so nothing can be computed from it.

    Raised instead of treating the day as an ordinary one: a deadline that silently ignores a
    holiday is wrong, a deadline that refuses is noticed.
    """

    user_message = "Der mangler en kalender, så fristen kan ikke beregnes. Kontakt den protokolansvarlige."


class ClosingDayError(HandlepligtError, ValueError):
    """A local closing day was named that no year has, such as 31 April."""

    user_message = "Lukkedagen findes ikke i kalenderen. Ret dag og måned."


@dataclass(frozen=True, order=True)
class ClosingDay:
    """A day on which the municipality is closed by its own choice (lukkedag).

    It returns every year, or happens once when `year` is given.
    """

    month: int
    day: int
    name: str
    year: int | None = None

    def __post_init__(self) -> None:
        # 2000 stands for "any year" because it is a leap year and so has a 29 February.
        try:
            date(self.year or 2000, self.month, self.day)
        except ValueError:
            raise ClosingDayError(f"no such closing day: {self.day}-{self.month}") from None

    def falls_on(self, on: date) -> bool:
        return (self.month, self.day) == (on.month, on.day) and self.year in (None, on.year)


DEFAULT_CLOSING_DAYS = frozenset(
    {
        ClosingDay(6, 5, "grundlovsdag"),
        ClosingDay(12, 24, "juleaftensdag"),
        ClosingDay(12, 31, "nytårsaftensdag"),
    }
)


@dataclass(frozen=True)
class _Country:
    """What a calendar key stands for. `version` changes whenever the holidays or years do."""

    version: str
    zone: str
    language: str
    first_year: int
    last_year: int


# Nothing received before 2000 is accepted. Beyond 2050 nobody can say which days will be
# holidays: the law took Store Bededag away with ten months' notice.
_COUNTRIES = {"DK": _Country("DK-2026.1", "Europe/Copenhagen", "da", 2000, 2050)}


@dataclass(frozen=True)
class WorkCalendar:
    """The working days of one country and municipality, with the zone its days are counted in.

    `version` is stored with every deadline computed from it. `first_year` and `last_year` bound
    the data; a day outside raises CalendarMissingError. `closing_days` count for local deadlines only.
    """

    key: str
    version: str
    zone: str
    closing_days: frozenset[ClosingDay]
    first_year: int
    last_year: int

    def holiday_name(self, day: date) -> str | None:
        """The Danish name of the public holiday on `day`, such as `Juledag`, or None."""
        if not self.first_year <= day.year <= self.last_year:
            raise CalendarMissingError(
                f"calendar {self.key} has no data for {day.year}, only {self.first_year}-{self.last_year}",
                user_message=f"Kalenderen {self.key} dækker ikke {day.year}, så fristen kan ikke beregnes."
                " Kontakt den protokolansvarlige.",
            )
        return _public_holidays(self.key, day.year).get(day)

    def closing_day_name(self, day: date) -> str | None:
        """The name of the local closing day on `day`, such as `juleaftensdag`, or None."""
        names = sorted(closing.name for closing in self.closing_days if closing.falls_on(day))
        return ", ".join(names) or None

    def is_working_day(self, day: date, *, local: bool, saturday_counts: bool = False) -> bool:
        """Whether `day` counts: Monday to Friday and no public holiday.

        `local` also leaves out local closing days; `saturday_counts` lets Saturday in, which is
        the stricter reading behind a sikker frist.
        """
        return self.why_skipped(day, local=local, saturday_counts=saturday_counts) is None

    def why_skipped(self, day: date, *, local: bool, saturday_counts: bool = False) -> str | None:
        """Why `day` does not count, or None if it does.

        Given as `lør`, `søn`, the holiday's name (`juledag`) or `lukkedag`. A holiday in a weekend
        is given as the weekend day it falls on anyway.
        """
        holiday = self.holiday_name(day)
        if day.weekday() == _SUNDAY or (day.weekday() == _SATURDAY and not saturday_counts):
            return danish_time.weekday(day)
        if holiday is not None:
            return _as_common_noun(holiday)
        if local and self.closing_day_name(day) is not None:
            return "lukkedag"
        return None


def calendar_for(key: str, closing_days: Iterable[ClosingDay] = DEFAULT_CLOSING_DAYS) -> WorkCalendar:
    """The calendar of a country (`DK`) with the municipality's closing days.

    Closing days other than the default give a version of their own (`DK-2026.1+3f9a1c02`), so
    that a stored deadline shows which days it was computed with. An unknown key raises CalendarMissingError.
    """
    country = _country(key)
    chosen = frozenset(closing_days)
    version = country.version
    if chosen != DEFAULT_CLOSING_DAYS:
        # repr, because a year of None cannot be sorted among years.
        listed = "\n".join(sorted(repr(closing) for closing in chosen))
        version = f"{version}+{sha256(listed.encode()).hexdigest()[:8]}"
    return WorkCalendar(key, version, country.zone, chosen, country.first_year, country.last_year)


def _country(key: str) -> _Country:
    if key not in _COUNTRIES:
        known = ", ".join(sorted(_COUNTRIES))
        raise CalendarMissingError(
            f"no calendar {key[:20]!r}; known: {known}",
            user_message=f"Der findes ingen kalender med navnet {key[:20]}. Vælg en af disse: {known}.",
        )
    return _COUNTRIES[key]


@lru_cache(maxsize=256)
def _public_holidays(key: str, year: int) -> MappingProxyType[date, str]:
    found = holidays.country_holidays(key, years=year, language=_country(key).language)
    return MappingProxyType({day: name for day, name in found.items() if day.year == year})


def _as_common_noun(holiday: str) -> str:
    # Danish writes names of holidays small, but Kristi is a person.
    return holiday if holiday.startswith("Kristi") else holiday[:1].lower() + holiday[1:]
