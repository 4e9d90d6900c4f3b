"""Who one is here, what one is offered, and one's inbox."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.queries import offers_to
from handlepligt.cases.view_tasks import tasks_of
from handlepligt.errors import NotFoundError
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.cursors import given_out, taken_back
from handlepligt.web.api.directory import Directory, TeamName
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import Nothing, PageOf
from models import Staff
from notifications.inbox import inbox, mark_read, unread_count

router = APIRouter(route_class=ApiRoute, tags=["me"])

_LONGEST_ID = 32


class WaitingOffer(BaseModel):
    """An offer that waits for one's answer."""

    id: str
    reference: str
    is_acute: bool
    offered_at: datetime
    expires_at: datetime


class Task(BaseModel):
    """An open step that is one's to do in a case whose duty another holds."""

    reference: str
    step: str
    title: str
    is_acute: bool
    opened_at: datetime
    due_at: datetime | None


class Me(BaseModel):
    """Whose token it is, and what waits for them."""

    username: str
    name: str
    role: str
    pool: str | None
    team: TeamName | None
    unread: int
    offers: list[WaitingOffer]
    tasks: list[Task]


class MessageReply(BaseModel):
    """A message; `link` is a path of the product."""

    id: str
    message: str
    urgency: int
    subject: str
    text: str
    link: str
    at: datetime
    read_at: datetime | None


class MessagePage(BaseModel):
    """A page of the inbox, newest first."""

    items: list[MessageReply]
    unread: int
    next_cursor: str | None


class ReadReceipt(BaseModel):
    """A message that is read now."""

    id: str
    unread: int


@router.get("/me", response_model=Me)
def me(asks: Asks) -> Response:
    """Whose token this is, and what waits for them."""

    def work(session: Session, by: Staff, now: datetime) -> Me:
        return Me(
            username=by.username,
            name=by.name,
            role=by.role,
            pool=by.pool or None,
            team=Directory(session).team(by.team_id) if by.team_id is not None else None,
            unread=unread_count(session, by.id or 0),
            offers=[
                WaitingOffer(
                    id=offer.id,
                    reference=case.reference,
                    is_acute=case.is_acute,
                    offered_at=offer.offered_at,
                    expires_at=offer.expires_at,
                )
                for offer, case in offers_to(session, by)
            ],
            tasks=[
                Task(
                    reference=one.reference,
                    step=one.step_key,
                    title=one.title,
                    is_acute=one.is_acute,
                    opened_at=one.opened_at,
                    due_at=one.due_at,
                )
                for one in tasks_of(session, by, now)
            ],
        )

    return asks.reads(work)


@router.get("/me/inbox", response_model=MessagePage)
def my_inbox(asks: Asks, page: Annotated[PageOf, Query()]) -> Response:
    """One's messages, newest first."""

    def work(session: Session, by: Staff, now: datetime) -> MessagePage:
        found = inbox(session, by.id or 0, cursor=taken_back(page.cursor), limit=page.limit)
        return MessagePage(
            items=[
                MessageReply(
                    id=entry.id,
                    message=entry.message,
                    urgency=entry.urgency,
                    subject=entry.subject,
                    text=entry.text,
                    link=entry.link,
                    at=entry.at,
                    read_at=entry.read_at,
                )
                for entry in found.entries
            ],
            unread=unread_count(session, by.id or 0),
            next_cursor=given_out(found.next_cursor),
        )

    return asks.reads(work)


@router.post("/me/inbox/{message_id}/read", response_model=ReadReceipt)
def read(message_id: str, write: Writes, body: Nothing | None = None) -> Response:
    """Marks a message as read; a second time changes nothing."""

    def work(session: Session, by: Staff, now: datetime) -> ReadReceipt:
        if len(message_id) > _LONGEST_ID or not message_id.isalnum():
            raise NotFoundError("no such message")
        mark_read(session, message_id, by.id or 0, now)
        session.flush()
        return ReadReceipt(id=message_id, unread=unread_count(session, by.id or 0))

    return write.once(work)
