"""Which days are working days: public holidays by country, and a municipality's own days and hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, time
from functools import lru_cache
from hashlib import sha256
from types import MappingProxyType
from typing import Any

import holidays
from holidays.version import __version__ as _data_version

from handlepligt.domain import danish_time
from handlepligt.errors import HandlepligtError

_SATURDAY = 5
MONDAY_TO_FRIDAY = frozenset(range(5))
# Nothing received before 2000 is accepted. Beyond 2050 nobody can say which days will be
# holidays: Denmark took Store Bededag away with ten months' notice.
_FIRST_YEAR, _LAST_YEAR = 2000, 2050
# The one calendar whose versions the product numbers itself; it changes whenever the holidays or years do.
_NUMBERED = {"DK": "DK-2026.1"}
_ZONES = {"DK": "Europe/Copenhagen"}


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
_CLOSED_AS_A_RULE = {"DK": DEFAULT_CLOSING_DAYS}


@dataclass(frozen=True)
class OfficeHours:
    """When people are at work on a working day, in wall time; quiet reminders wait for it."""

    opens: time = time(7)
    closes: time = time(17)


@dataclass(frozen=True)
class CalendarSpec:
    """Which calendar is wanted, as the head of a definition says it.

    `holidays` is a country (ISO 3166, two letters) and `region` one of its subdivisions. `zone` is where
    the days are counted, needed for every country but Denmark. `language` is that of the names where the
    country's data speaks it, else they are in the country's own. `working_days` are numbers, Monday 0.
    `closed` None stands for the closing days usual in the country.
    """

    holidays: str
    region: str = ""
    zone: str = ""
    language: str = ""
    working_days: frozenset[int] = MONDAY_TO_FRIDAY
    closed: frozenset[ClosingDay] | None = None
    office: OfficeHours = field(default_factory=OfficeHours)


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
    region: str = ""
    language: str = ""
    working_days: frozenset[int] = MONDAY_TO_FRIDAY
    office: OfficeHours = field(default_factory=OfficeHours)

    def holiday_name(self, day: date) -> str | None:
        """The name of the public holiday on `day` in its country's language, such as `Juledag`, or None."""
        if not self.first_year <= day.year <= self.last_year:
            raise self._missing(day.year)
        found = _public_holidays(self.key, self.region, self.language, day.year)
        # No country is without a holiday all year: what is empty is missing.
        if not found:
            raise self._missing(day.year)
        return found.get(day)

    def _missing(self, year: int) -> CalendarMissingError:
        return CalendarMissingError(
            f"calendar {self.key} has no data for {year}, only {self.first_year}-{self.last_year}",
            user_message=f"Kalenderen {self.key} dækker ikke {year}, så fristen kan ikke beregnes."
            " Kontakt den protokolansvarlige.",
        )

    def closing_day_name(self, day: date) -> str | None:
        """The name of the local closing day on `day`, such as `juleaftensdag`, or None."""
        names = sorted(closing.name for closing in self.closing_days if closing.falls_on(day))
        return ", ".join(names) or None

    def is_working_day(self, day: date, *, local: bool, saturday_counts: bool = False) -> bool:
        """Whether `day` counts: one of the week's working days and no public holiday.

        `local` also leaves out local closing days; `saturday_counts` lets Saturday in, which is
        the stricter reading behind a sikker frist.
        """
        return self.why_skipped(day, local=local, saturday_counts=saturday_counts) is None

    def why_skipped(self, day: date, *, local: bool, saturday_counts: bool = False) -> str | None:
        """Why `day` does not count, or None if it does.

        Given as the short weekday (`lør`, `søn`), the holiday's name (`juledag`) or `lukkedag`. A holiday
        on a day of the week that is free anyway is given as that weekday.
        """
        holiday = self.holiday_name(day)
        works = day.weekday() in self.working_days or (day.weekday() == _SATURDAY and saturday_counts)
        if not works:
            return danish_time.weekday(day)
        if holiday is not None:
            return _inside_a_sentence(holiday, self.key)
        if local and self.closing_day_name(day) is not None:
            return "lukkedag"
        return None


def calendar_for(
    wanted: CalendarSpec | str, closing_days: Iterable[ClosingDay] | None = None
) -> WorkCalendar:
    """The calendar that is wanted, or that of a country (`DK`); `closing_days` replace those it says.

    What differs from the country's standard gives a version of its own (`DK-2026.1+3f9a1c02`,
    `SE-0.109+…`), so that a stored deadline shows which days it was computed with. A country or region
    without public holidays on record, or one whose zone is not said, raises CalendarMissingError;
    a zone that does not exist raises UnknownZoneError.
    """
    spec = wanted if isinstance(wanted, CalendarSpec) else CalendarSpec(wanted)
    if closing_days is not None:
        spec = replace(spec, closed=frozenset(closing_days))
    return _built(spec)


@lru_cache(maxsize=256)
def _built(spec: CalendarSpec) -> WorkCalendar:
    known = _data_of(spec.holidays, spec.region)
    usual = _CLOSED_AS_A_RULE.get(spec.holidays, frozenset())
    closed = usual if spec.closed is None else spec.closed
    zone = spec.zone or _ZONES.get(spec.holidays, "")
    if not zone:
        raise CalendarMissingError(
            f"the calendar {spec.holidays!r} needs a zone in which its days are counted"
        )
    danish_time.zone_named(zone)
    differs: list[str] = []
    if closed != usual:
        # repr, because a year of None cannot be sorted among years.
        differs += sorted(repr(closing) for closing in closed)
        differs = differs or ["open all year"]
    if spec.working_days != MONDAY_TO_FRIDAY:
        differs.append(f"working days {sorted(spec.working_days)}")
    if zone != _ZONES.get(spec.holidays, zone):
        differs.append(f"zone {zone}")
    version = _NUMBERED.get(spec.holidays, f"{spec.holidays}-{_data_version}")
    if spec.region:
        version = f"{version}-{spec.region[:12]}"
    if differs:
        listed = "\n".join(differs)
        version = f"{version}+{sha256(listed.encode()).hexdigest()[:8]}"
    return WorkCalendar(
        key=spec.holidays,
        version=version,
        zone=zone,
        closing_days=closed,
        first_year=max(_FIRST_YEAR, known.start_year),
        last_year=min(_LAST_YEAR, known.end_year),
        region=spec.region,
        language=_language(known, spec.language),
        working_days=spec.working_days,
        office=spec.office,
    )


def _data_of(key: str, region: str) -> Any:
    """What is on record of a country, without any year's days worked out yet."""
    shown = f"{key[:20]} {region[:20]}".strip()
    try:
        if len(key) != 2:
            raise NotImplementedError
        return holidays.country_holidays(key, subdiv=region or None, years=())
    except (NotImplementedError, AttributeError, ValueError):
        raise CalendarMissingError(
            f"no calendar {shown!r}: no public holidays on record; write a country such as DK or SE,"
            " and a region as its own country names it",
            user_message=f"Der findes ingen kalender med navnet {shown}. Vælg et land som DK eller SE.",
        ) from None


def _language(known: Any, wanted: str) -> str:
    """The language of the names: the one wanted where the data speaks it, else the country's own."""
    own: str = known.default_language or ""
    spoken: tuple[str, ...] = tuple(known.supported_languages or ())
    # Norwegian stands as "no" in the data, whatever form of it is written.
    short = "no" if wanted in ("nb", "nn") else wanted
    alike = [one for one in (own, *spoken) if short and one.split("_")[0] == short]
    return alike[0] if alike else own


@lru_cache(maxsize=512)
def _public_holidays(key: str, region: str, language: str, year: int) -> MappingProxyType[date, str]:
    try:
        known = holidays.country_holidays(key, subdiv=region or None, years=year, language=language or None)
        found = dict(known)
    except (NotImplementedError, AttributeError):
        found = {}
    return MappingProxyType({day: name for day, name in found.items() if day.year == year})


def _inside_a_sentence(holiday: str, country: str) -> str:
    # Danish writes names of holidays small, but Kristi is a person. Others stand as their data writes them.
    if country != "DK" or holiday.startswith("Kristi"):
        return holiday
    return holiday[:1].lower() + holiday[1:]
