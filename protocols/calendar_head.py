"""The calendar a definition asks for in its head, as it is written there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time
from typing import Annotated

from pydantic import BeforeValidator, Field

from handlepligt.domain.calendars import (
    CalendarMissingError,
    CalendarSpec,
    ClosingDay,
    ClosingDayError,
    OfficeHours,
    calendar_for,
)
from handlepligt.domain.danish_time import UnknownZoneError
from protocols.element import Element

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})")


class Closed(Element):
    """A day on which the municipality is closed: `06-24` every year, `2026-12-28` once."""

    day: str
    name: str = Field(min_length=1, max_length=60)

    @property
    def closing_day(self) -> ClosingDay:
        """The same as a value; ClosingDayError when no year has it."""
        found = _DAY.fullmatch(self.day)
        if found is None:
            raise ClosingDayError(f"no such day: {self.day[:20]}")
        year, month, day = found.groups()
        return ClosingDay(int(month), int(day), self.name, int(year) if year else None)


def _clock_time(written: object) -> object:
    if isinstance(written, time):
        return written
    if not isinstance(written, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", written):
        raise ValueError(f"'{written}' is no time of day; write it in quotes, for example \"08:00\"")
    return time.fromisoformat(written)


ClockTime = Annotated[time, BeforeValidator(_clock_time)]


class Office(Element):
    """When people are at work; quiet reminders wait for it."""

    opens: ClockTime = OfficeHours().opens
    closes: ClockTime = OfficeHours().closes


def _listed(written: object) -> object:
    return tuple(written) if isinstance(written, list) else written


class Calendar(Element):
    """Whose public holidays, which days of the week are worked, and what the municipality adds.

    Without `closed` the closing days usual in the country hold; `closed: []` says that there are none.
    """

    holidays: str
    region: str = ""
    working_days: Annotated[tuple[str, ...], BeforeValidator(_listed)] = WEEK[:5]
    closed: Annotated[tuple[Closed, ...] | None, BeforeValidator(_listed)] = None
    office: Office = Office()

    def spec(self, *, zone: str, language: str) -> CalendarSpec:
        """The calendar as the arithmetic is asked for it; ClosingDayError for a day that no year has."""
        closed = None if self.closed is None else frozenset(one.closing_day for one in self.closed)
        return CalendarSpec(
            holidays=self.holidays,
            region=self.region,
            zone=zone,
            language=language,
            working_days=frozenset(WEEK.index(day) for day in self.working_days if day in WEEK),
            closed=closed,
            office=OfficeHours(self.office.opens, self.office.closes),
        )

    def complaints(
        self, *, zone: str, language: str, thorough: bool
    ) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """What is wrong with it: a path below it, and how to mend it.

        Whether the holidays are known is looked up only when `thorough`: the data of all countries take a
        tenth of a second to load, and a calendar that is missing refuses to be counted in at any time.
        """
        for position, day in enumerate(self.working_days):
            if day not in WEEK:
                yield ("working_days", position), f"'{day}' is no day of the week; write {', '.join(WEEK)}"
        if not self.working_days or len(set(self.working_days)) < len(self.working_days):
            yield ("working_days",), "name each working day of the week once, and at least one"
        if self.office.opens >= self.office.closes:
            yield ("office",), "the office closes before it opens; mend opens and closes"
        wrong = False
        for position, one in enumerate(self.closed or ()):
            try:
                _ = one.closing_day
            except ClosingDayError:
                wrong = True
                sentence = f"'{one.day}' is no day; write 06-24 for every year or 2026-12-28 for once"
                yield ("closed", position, "day"), sentence
        if wrong or not thorough:
            return
        try:
            calendar_for(self.spec(zone=zone, language=language))
        except CalendarMissingError as error:
            yield (), str(error)
        except UnknownZoneError:
            # The head itself has complained of its zone.
            return


def read_calendar(written: object) -> object:
    """A calendar written as a country alone is that country's holidays and its usual week."""
    return {"holidays": written} if isinstance(written, str) else written
