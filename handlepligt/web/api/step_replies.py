"""What programs get back about the steps of a case. Times are UTC."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel

from handlepligt.web.api.directory import Person

Details = dict[str, Any]


class OwnStep(BaseModel):
    """A step that the reader completed while the case was theirs."""

    key: str
    title: str
    round: int
    status: str
    settled_at: datetime | None
    answers: Details
    reason: str
    person: str | None


class Candidate(BaseModel):
    """Somebody who can be the answer to a question that asks for a person."""

    role: str
    staff: str
    name: str


class QuestionReply(BaseModel):
    """A question of an open step; `is_asked` under the answers given so far, which at first are none."""

    key: str
    ask: str
    help: str
    type: str
    choices: dict[str, str]
    is_required: bool
    is_asked: bool
    asked_when: str | None
    must_be: str | None
    people: list[Candidate]
    contacts: list[str]
    form: str | None


class ItemReply(BaseModel):
    """An item of a step's checklist; of an agreed action also who does it and by which day."""

    key: str
    text: str
    is_required: bool
    ticked_at: datetime | None
    who: str | None
    by: date | None


class StepReply(BaseModel):
    """One round of a step, of a linked person's where `person` is given.

    `is_beyond`: the protocol does not reckon with so many rounds.
    `may_act`: it is for the reader to do. `paused_by` are the steps that go first, `waits_for` whoever acts
    instead, `warnings` advice. With `is_hidden` the reader is to assess the same without knowing the answers.
    `may_be_taken_up`: it is settled, and whoever holds the duty may open one more round by hand.
    """

    key: str
    title: str
    what: str
    round: int
    is_beyond: bool
    status: str
    modality: str | None
    opened_at: datetime
    due_at: datetime | None
    settled_at: datetime | None
    settled_by: Person | None
    questions: list[QuestionReply]
    cautions: list[str]
    legal_references: list[str]
    answers: Details
    reason: str
    person: str | None
    may_act: bool
    may_be_taken_up: bool
    is_hidden: bool
    waits_for: str | None
    paused_by: list[str]
    items: list[ItemReply]
    warnings: list[str]


class Steps(BaseModel):
    """The steps of a case in the order of their opening."""

    reference: str
    items: list[StepReply]


class OwnSteps(BaseModel):
    """The steps of somebody who does not see the whole case: settled by them, and open for them to do."""

    reference: str
    items: list[OwnStep]
    open: list[StepReply]
