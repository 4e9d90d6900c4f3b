"""What programs get back about linked people, roles gone past and the cases raised from one another."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from handlepligt.web.api.directory import Person

Details = dict[str, Any]


class LinkedPersonLine(BaseModel):
    """A person linked to a case; `facts` is what is known. There is no number and no address to give."""

    id: str
    relation: str
    name: str
    facts: Details
    linked_at: datetime


class FactAsked(BaseModel):
    """A question about linked people of one relation."""

    key: str
    ask: str
    help: str
    type: str
    choices: dict[str, str]


class RelationLine(BaseModel):
    """What a linked person can be to the citizen, and what is asked about such people."""

    key: str
    title: str
    facts: list[FactAsked]


class People(BaseModel):
    """Those who are linked now, and who can be."""

    reference: str
    items: list[LinkedPersonLine]
    relations: list[RelationLine]


class PersonReceipt(BaseModel):
    """A person after a write: the opaque id, and nothing that is about them."""

    id: str
    reference: str
    relation: str
    linked_at: datetime
    unlinked_at: datetime | None
    open_steps: list[str]


class BypassLine(BaseModel):
    """A role that a case goes past, why, when somebody tried to reach its people, and who wrote it down."""

    role: str
    reason: str
    at: datetime
    tried_at: datetime | None
    by: Person
    note: str


class RoleLine(BaseModel):
    """A role that may be gone past for these reasons; its people have so many minutes to answer first."""

    key: str
    title: str
    reasons: list[str]
    no_answer_within_minutes: int | None


class Bypasses(BaseModel):
    """The roles gone past since the case was last opened, and those that may be."""

    reference: str
    items: list[BypassLine]
    roles: list[RoleLine]


class BypassReceipt(BaseModel):
    """A role gone past, without the note."""

    id: str
    reference: str
    role: str
    reason: str
    at: datetime
    open_steps: list[str]


class SubCaseLine(BaseModel):
    """A case raised from this one: that it is there, and whom to call about it."""

    reference: str
    step: str
    round: int
    person: str | None
    title: str
    status: str
    holder_name: str
    holder_phone: str
    may_see: bool


class ParentLine(BaseModel):
    """The case that this one was raised from."""

    reference: str
    status: str
    holder_name: str
    holder_phone: str
    may_see: bool


class SubCases(BaseModel):
    """The cases raised from this one, oldest first, and what it was raised from."""

    reference: str
    items: list[SubCaseLine]
    parent: ParentLine | None


class LiftReceipt(BaseModel):
    """A form that has been lifted."""

    reference: str
    question: str
    band: str
    round: int
    person: str | None
    open_steps: list[str]
