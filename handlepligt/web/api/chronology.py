"""Who held the duty in a case when, and what happened in it."""

import json
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlmodel import Session, col, select
from starlette.responses import Response

from handlepligt.cases.chronicle import DutyEntry, duty_at, duty_ledger
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.cursors import given_out, taken_back, unknown_cursor
from handlepligt.web.api.directory import Directory, Person
from handlepligt.web.api.receipts import look
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import Moment, PageOf
from models import Case, CaseEvent, Staff

router = APIRouter(route_class=ApiRoute, tags=["cases"])

Details = dict[str, Any]


class Holding(BaseModel):
    """A time with the duty, of one member of staff or one outside authority."""

    holder: Person | None
    authority: dict[str, str] | None
    since: datetime
    until: datetime | None
    opening: int


class Duty(BaseModel):
    """Who held the duty at an instant; nobody only while the case was not open."""

    reference: str
    at: datetime
    held: Holding | None
    ledger: list[Holding]


class EventReply(BaseModel):
    """Something that happened. `by` is empty when the system itself acted."""

    number: int
    kind: str
    kind_danish: str
    at: datetime
    by: Person | None
    about: Details
    detail: str


class EventPage(BaseModel):
    """A page of the chronology, oldest first."""

    items: list[EventReply]
    next_cursor: str | None


@router.get("/cases/{reference}/duty", response_model=Duty)
def show_duty(reference: str, asks: Asks, moment: Annotated[Moment, Query()]) -> Response:
    """Who held the duty to act at an instant, and the whole ledger."""

    def work(session: Session, by: Staff, now: datetime) -> Duty:
        case = look(session, reference, by=by, now=now, action=Action.SEE_DUTY).case
        at = moment.at or now
        held = duty_at(session, case, at)
        people = Directory(session)
        return Duty(
            reference=case.reference,
            at=at,
            held=_holding(people, held) if held else None,
            ledger=[_holding(people, entry) for entry in duty_ledger(session, case)],
        )

    return asks.looks(work)


def _holding(people: Directory, entry: DutyEntry) -> Holding:
    return Holding(
        holder=people.person(entry.holder_id),
        authority=entry.authority or None,
        since=entry.since,
        until=entry.until,
        opening=entry.opening,
    )


@router.get("/cases/{reference}/events", response_model=EventPage)
def list_events(reference: str, asks: Asks, page: Annotated[PageOf, Query()]) -> Response:
    """What has happened, oldest first."""

    def work(session: Session, by: Staff, now: datetime) -> EventPage:
        looked = look(session, reference, by=by, now=now, action=Action.SEE_CASE)
        return _events(session, looked.case, page)

    return asks.looks(work)


def _events(session: Session, case: Case, page: PageOf) -> EventPage:
    wanted = select(CaseEvent).where(CaseEvent.case_id == case.id)
    if page.cursor is not None:
        number, event_id = _place(page.cursor)
        # A refusal is written after its act was undone, so two events may bear one number.
        later = (col(CaseEvent.number) == number) & (col(CaseEvent.id) > event_id)
        wanted = wanted.where((col(CaseEvent.number) > number) | later)
    in_order = wanted.order_by(col(CaseEvent.number), col(CaseEvent.id))
    rows = session.exec(in_order.limit(page.limit + 1)).all()
    people, shown = Directory(session), rows[: page.limit]
    more = len(rows) > page.limit
    return EventPage(
        items=[_event(people, row) for row in shown],
        next_cursor=given_out(f"{shown[-1].number}~{shown[-1].id}") if more else None,
    )


def _place(cursor: str) -> tuple[int, str]:
    number, _, event_id = (taken_back(cursor) or "").partition("~")
    if not number.isdecimal() or len(number) > 9:
        raise unknown_cursor()
    return int(number), event_id


def _event(people: Directory, row: CaseEvent) -> EventReply:
    about: Details = json.loads(row.about)
    # Whose case the sibling's is, its own team knows; here its reference is in the case itself.
    about.pop("other", None)
    to = people.person(about.pop("to", None))
    return EventReply(
        number=row.number,
        kind=row.kind,
        kind_danish=EventKind(row.kind).danish,
        at=row.at,
        by=people.person(row.by_id),
        about=about | ({"to": to.username} if to else {}),
        detail=row.detail,
    )
