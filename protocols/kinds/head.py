"""The kind *head*: which protocol this is, whose, in which language, country and calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pydantic import Field

from handlepligt.domain.calendars import CalendarMissingError, calendar_for
from handlepligt.domain.vocabulary import StaffRole
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
    """The head. `raised_by` are staff roles' keys; `applies_when` is asked of `age` to suggest a track."""

    section = "head"
    single = True

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,60}$", examples=["small_town"])
    version: str = Field(pattern=r"^[0-9]{4}-[0-9]{1,4}$", examples=["2026-1"])
    title: str
    language: str = Field(pattern=r"^[a-z]{2}$", examples=["da"])
    country: str = Field(pattern=r"^[A-Z]{2}$", examples=["DK"])
    zone: str
    calendar: str
    organisation: Organisation
    source: str
    raised_by: Names
    applies_when: When

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
        try:
            calendar_for(self.calendar)
        except CalendarMissingError as error:
            yield ("calendar",), str(error)
        for position, role in enumerate(self.raised_by):
            if role not in set(StaffRole):
                yield (
                    ("raised_by", position),
                    f"unknown staff role '{role}'; there are {', '.join(StaffRole)}",
                )
