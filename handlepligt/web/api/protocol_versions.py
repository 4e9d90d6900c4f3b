"""Versions of protocols: listed, drafted, published by another, withdrawn."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.open_case import row_of
from handlepligt.domain.access import HouseAction, may_in_the_house
from handlepligt.errors import NotFoundError
from handlepligt.protocol_versions.drafting import read_draft, shared_texts
from handlepligt.protocol_versions.versions import (
    discard_draft,
    publish,
    refuse_unless_editor,
    submit_draft,
    withdraw,
)
from handlepligt.protocol_versions.view_versions import changes_of, version_lines
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import Body, Nothing
from handlepligt.web.deps import Chosen
from models import ProtocolVersion, Staff

router = APIRouter(route_class=ApiRoute, tags=["protocols"])
Text = Annotated[str, StringConstraints(min_length=1, max_length=600_000)]


class NewDraft(Body):
    """The text of a definition, and of the shared files when they are not those of the house."""

    definition: Text
    contacts: Text | None = None
    ladders: Text | None = None


class WhatWasRead(Body):
    """The SHA-256 of the draft that was read; another one is not published."""

    sha256: Annotated[str, StringConstraints(max_length=64)] = ""


class VersionReply(BaseModel):
    """One version. `open_cases` follow it; new cases take the one that `is_newest`."""

    id: str
    key: str
    version: str
    title: str
    status: str
    origin: str
    is_newest: bool
    open_cases: int
    sha256: str
    drafted_by: str
    drafted_at: datetime | None
    published_by: str
    published_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None


class Versions(BaseModel):
    """All of them; drafts only for those who write them."""

    items: list[VersionReply]


class VersionWithChanges(VersionReply):
    """One version and how it differs from the one before it, in Danish."""

    compared_with: str | None
    changes: list[str]


class Discarded(BaseModel):
    """The draft is gone."""

    id: str


@router.get("/protocols/versions", response_model=Versions)
def list_versions(asks: Asks) -> Response:
    """Every version, by key and the newest first."""

    def work(session: Session, by: Staff, now: datetime) -> Versions:
        lines = version_lines(session, with_drafts=_writes(by))
        return Versions(items=[VersionReply(**line.plain()) for line in lines])

    return asks.reads(work)


@router.get("/protocols/versions/{version_id}", response_model=VersionWithChanges)
def show_version(version_id: str, asks: Asks) -> Response:
    """One version and what differs from the one before it."""

    def work(session: Session, by: Staff, now: datetime) -> VersionWithChanges:
        lines = version_lines(session, with_drafts=_writes(by))
        line = next((one for one in lines if one.id == version_id), None)
        row = row_of(session, ProtocolVersion, version_id)
        if line is None or row is None:
            raise NotFoundError("no such version of a protocol")
        before, changes = changes_of(session, row)
        return VersionWithChanges(
            **line.plain(), compared_with=before or None, changes=[str(one) for one in changes]
        )

    return asks.reads(work)


@router.post("/protocols/versions", status_code=201, response_model=VersionReply)
def draft(body: NewDraft, asks: Asks, write: Writes, settings: Chosen) -> Response:
    """Hands a draft in. With anything wrong in it, all of it is told and nothing is kept."""
    refuse_unless_editor(asks.staff)
    own = {"contacts.yaml": body.contacts, "ladders.yaml": body.ladders}
    shared = shared_texts(settings.resolved_protocols)
    shared |= {name: text.encode() for name, text in own.items() if text is not None}
    # Before the transaction: walking a large protocol takes its time.
    whole = read_draft(body.definition.encode(), shared=shared)

    def work(session: Session, by: Staff, now: datetime) -> VersionReply:
        return _reply(session, submit_draft(session, draft=whole, by=by, now=now))

    return write.once(work, status=201)


@router.post("/protocols/versions/{version_id}/publish", response_model=VersionReply)
def publish_version(version_id: str, write: Writes, body: WhatWasRead | None = None) -> Response:
    """Publishes a draft. Never by the one who wrote it."""

    def work(session: Session, by: Staff, now: datetime) -> VersionReply:
        sha256 = body.sha256 if body else ""
        return _reply(session, publish(session, version_id=version_id, by=by, now=now, sha256=sha256))

    return write.once(work)


@router.post("/protocols/versions/{version_id}/withdraw", response_model=VersionReply)
def withdraw_version(version_id: str, write: Writes, body: Nothing | None = None) -> Response:
    """No new cases take the version any more; running cases go on under it."""

    def work(session: Session, by: Staff, now: datetime) -> VersionReply:
        return _reply(session, withdraw(session, version_id=version_id, by=by, now=now))

    return write.once(work)


@router.post("/protocols/versions/{version_id}/discard", response_model=Discarded)
def discard_version(version_id: str, write: Writes, body: Nothing | None = None) -> Response:
    """Throws a draft away."""

    def work(session: Session, by: Staff, now: datetime) -> Discarded:
        discard_draft(session, version_id=version_id, by=by, now=now)
        return Discarded(id=version_id)

    return write.once(work)


def _writes(by: Staff) -> bool:
    return may_in_the_house(HouseAction.EDIT_PROTOCOLS, by.role)


def _reply(session: Session, row: ProtocolVersion) -> VersionReply:
    line = next(one for one in version_lines(session, with_drafts=True) if one.id == row.id)
    return VersionReply(**line.plain())
