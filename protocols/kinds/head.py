"""The kind *head*: which protocol this is, whose, in which language, country and calendar."""

from __future__ import annotations

from pydantic import Field

from protocols.element import Element, Names, When


class Organisation(Element):
    """Whose protocol it is."""

    name: str
    address: str = ""
    registration: str = ""


class Kind(Element):
    """The head. `raised_by` are keys of staff roles; `applies_when` is asked of `age` when a track is suggested."""

    section = "head"
    single = True

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{1,60}$")
    version: str = Field(pattern=r"^[0-9]{4}-[0-9]{1,4}$")
    title: str
    language: str = Field(pattern=r"^[a-z]{2}$")
    country: str = Field(pattern=r"^[A-Z]{2}$")
    zone: str
    calendar: str
    organisation: Organisation
    source: str
    raised_by: Names
    applies_when: When
