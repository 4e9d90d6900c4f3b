"""What programs get back. Times are UTC. Answers to writes carry no content: they are kept for repetition."""

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel

from handlepligt.web.api.directory import Person, TeamName
from handlepligt.web.api.known_replies import BypassLine, LinkedPersonLine, ParentLine, SubCaseLine
from handlepligt.web.api.step_replies import OwnStep, StepReply

Details = dict[str, Any]


class Receipt(BaseModel):
    """Where a case stands after a write."""

    reference: str
    track: str
    protocol_version: str
    status: str
    is_acute: bool
    holder: Person | None
    open_steps: list[str]
    next_followup_on: date | None
    next_due_at: datetime | None
    closed_at: datetime | None


class StepReceipt(BaseModel):
    """A round of a step after a write; where its case stands is told to those who see the case."""

    key: str
    round: int
    person: str | None
    status: str
    settled_at: datetime | None
    case: Receipt | None


class CallReceipt(BaseModel):
    """A logged call."""

    id: str
    reference: str
    contact: str
    outcome: str
    called_at: datetime
    by: Person


class HandoverReceipt(BaseModel):
    """An offer of the duty; an authority has accepted already, so there `id` and `expires_at` are empty."""

    id: str | None
    reference: str
    status: str
    to: Person | None
    pool: str | None
    is_authority: bool
    offered_at: datetime
    expires_at: datetime | None
    holder: Person | None


class CloseReceipt(BaseModel):
    """A request to close a case."""

    id: str
    reference: str
    status: str
    end: str
    asked_by: Person
    asked_at: datetime
    decided_by: Person | None
    decided_at: datetime | None


class SiblingReceipt(BaseModel):
    """Two cases that belong together now."""

    reference: str
    sibling: str
    linked_at: datetime


class ExtensionLine(BaseModel):
    """How the reader may make a deadline longer once more: `left` times, empty where only a cap bounds it."""

    reasons: list[str]
    latest_at: datetime
    left: int | None
    reference: str


class DeadlineLine(BaseModel):
    """One deadline; `basis` says whether it is law or the municipality's own.

    While `paused_at` is given it stands still; `expired_at` is when it passed without being a breach.
    """

    id: str
    key: str
    title: str
    step: str | None
    round: int | None
    basis: str
    is_decided: bool
    reference: str
    base_at: datetime
    due_at: datetime
    safe_due_at: datetime | None
    last_safe_working_day: date | None
    explanation: str
    status: str
    settled_at: datetime | None
    breached_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: Person | None
    person: str | None
    at_expiry: str
    expired_at: datetime | None
    paused_at: datetime | None
    extensions: int
    extension: ExtensionLine | None


class CaseLine(BaseModel):
    """A case in a list: nothing of its content."""

    reference: str
    track: str
    protocol_version: str
    status: str
    is_acute: bool
    team: TeamName
    holder: Person | None
    is_with_authority: bool
    held_since: datetime | None
    received_at: datetime
    next_due_at: datetime | None
    is_overdue: bool
    open_steps: list[str]
    closed_at: datetime | None


class CasePage(BaseModel):
    """A page of cases; without `next_cursor` it is the last."""

    items: list[CaseLine]
    next_cursor: str | None


class CitizenReply(BaseModel):
    """Whom the case is about."""

    name: str
    cpr: str | None
    birth_date: date | None
    age: int | None


class CallLine(BaseModel):
    """A logged call with its note."""

    id: str
    contact: str
    outcome: str
    called_at: datetime
    by: Person
    note: str


class OfferLine(BaseModel):
    """An offer of the duty with its note."""

    id: str
    reference: str
    status: str
    by: Person
    to: Person | None
    pool: str | None
    note: dict[str, str]
    offered_at: datetime
    expires_at: datetime
    answered_by: Person | None
    answered_at: datetime | None


class CloseLine(CloseReceipt):
    """A request to close, with why."""

    reason: str
    has_siblings: str
    answers: Details


class SiblingLine(BaseModel):
    """A linked case: that it is there and whom to call about it."""

    reference: str
    is_open: bool
    holder_name: str
    holder_phone: str


class WholeCase(BaseModel):
    """A case with its content, for those who work it or lead it."""

    view: Literal["whole"] = "whole"
    reference: str
    track: str
    protocol_version: str
    status: str
    is_acute: bool
    acute_at: datetime | None
    citizen: CitizenReply
    summary: str
    facts: Details
    team: TeamName
    received_at: datetime
    raised_at: datetime
    raised_by: Person
    holder: Person | None
    authority: dict[str, str] | None
    held_since: datetime | None
    next_followup_on: date | None
    next_due_at: datetime | None
    closed_at: datetime | None
    end: str | None
    open_steps: list[str]
    deadlines: list[DeadlineLine]
    calls: list[CallLine]
    offer: OfferLine | None
    close_request: CloseLine | None
    siblings: list[SiblingLine]
    people: list[LinkedPersonLine]
    bypasses: list[BypassLine]
    sub_cases: list[SubCaseLine]
    parent: ParentLine | None
    may: list[str]


class OwnPart(BaseModel):
    """What somebody sees who does not see the whole case: what they wrote while they had it, and since when
    another has it; and the open steps that are theirs to do, with whom to ask about the rest.
    """

    view: Literal["own_part"] = "own_part"
    reference: str
    raised_at: datetime | None
    summary: str
    taken_over_at: datetime | None
    steps: list[OwnStep]
    open_steps: list[StepReply]
    ask: Person | None
