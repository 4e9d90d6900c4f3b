"""The kind *head*: which protocol this is, whose, in which language, country and calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, Field

from handlepligt.domain.calendars import WorkCalendar, calendar_for
from handlepligt.domain.vocabulary import StaffRole
from protocols.calendar_head import Calendar, read_calendar
from protocols.element import Element, Names, When
from protocols.opening import opening_hours

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Organisation(Element):
    """Whose protocol it is."""

    name: str
    address: str = ""
    registration: str = ""


class Kind(Element):
    """The head. `raised_by` are staff roles' keys; `applies_when` is asked of `age` to suggest a track.

    `calendar` is a country, or a mapping that also says the region, the week and the municipality's own
    closing days and office hours. Its days are counted in `zone`, whichever country it is.
    """

    section = "head"
    single = True

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,59}$", examples=["small_town"])
    version: str = Field(pattern=r"^[0-9]{4}-[0-9]{1,4}$", examples=["2026-1"])
    title: str
    language: str = Field(pattern=r"^[a-z]{2}$", examples=["da"])
    country: str = Field(pattern=r"^[A-Z]{2}$", examples=["DK"])
    zone: str
    calendar: Annotated[Calendar, BeforeValidator(read_calendar)]
    organisation: Organisation
    source: str
    raised_by: Names
    applies_when: When

    @property
    def work_calendar(self) -> WorkCalendar:
        """The working days in which every deadline is counted. Raises CalendarMissingError."""
        return calendar_for(self.calendar.spec(zone=self.zone, language=self.language))

    def check(self, scope: Scope) -> Iterator[Complaint]:
        yield from scope.condition(self.applies_when, ("applies_when",), only_age=True)
        try:
            ZoneInfo(self.zone)
        except (KeyError, ValueError, OSError):
            yield ("zone",), f"unknown time zone '{self.zone}'; write for example Europe/Copenhagen"
        try:
            opening_hours("24/7", "UTC", self.country)
        except KeyError:
            yield ("country",), f"nothing is known of the country '{self.country}'; write for example DK"
        complaints = self.calendar.complaints(zone=self.zone, language=self.language, thorough=scope.thorough)
        for where, sentence in complaints:
            yield ("calendar", *where), sentence
        for position, role in enumerate(self.raised_by):
            if role not in set(StaffRole):
                yield (
                    ("raised_by", position),
                    f"unknown staff role '{role}'; there are {', '.join(StaffRole)}",
                )
