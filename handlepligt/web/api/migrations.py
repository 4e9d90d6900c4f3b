"""Moves of cases between versions of their protocol: what each would do, proposed, approved, undone."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, StringConstraints
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.domain.access import Action
from handlepligt.protocol_versions.approve_migration import approve_migration
from handlepligt.protocol_versions.proposals import propose_migration, withdraw_migration
from handlepligt.protocol_versions.undo_migration import undo_migration
from handlepligt.protocol_versions.view_move import view_move
from handlepligt.protocol_versions.view_versions import plain_preview
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.directory import Directory, Person
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.receipts import FACE, case_id_of, receipt, usable_id
from handlepligt.web.api.replies import Receipt
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import Body, Letter, Nothing, Word
from models import Case, CaseMigration, Staff

router = APIRouter(route_class=ApiRoute, tags=["protocols"])


class NewMigration(Body):
    """Which version the case is to follow, and why."""

    to_version: Word
    reason: Letter


class WhatWasSeen(Body):
    """The fingerprint of the preview that was looked at; when another one holds, nothing is moved."""

    seen: Annotated[str, StringConstraints(max_length=64)] = ""


class MovedStep(BaseModel):
    """One round of a step. `was` is its title in the version the case comes from, where it differs."""

    key: str
    round: int
    title: str
    was: str | None
    reason: str


class UnaskedQuestion(BaseModel):
    """An answered question that the new version does not ask."""

    step: str
    question: str


class MovedDeadline(BaseModel):
    """A deadline before and after; null on the side on which it does not run."""

    key: str
    step: str | None
    round: int | None
    title: str
    before: datetime | None
    after: datetime | None
    is_met: bool


class MovePreview(BaseModel):
    """What the move would do. No answer and nothing else of what is written in the case is here."""

    from_version: str
    to_version: str
    fingerprint: str
    stays_open: list[MovedStep]
    falls_away: list[MovedStep]
    opens: list[MovedStep]
    history: list[MovedStep]
    history_only: list[MovedStep]
    unasked: list[UnaskedQuestion]
    deadlines: list[MovedDeadline]


class MigrationReply(BaseModel):
    """A proposal to move a case; the reason is told where it can be decided."""

    id: str
    reference: str
    from_version: str
    to_version: str
    status: str
    proposed_by: Person
    proposed_at: datetime
    decided_by: Person | None
    decided_at: datetime | None
    undone_by: Person | None
    undone_at: datetime | None


class Migrations(BaseModel):
    """How a case stands to the versions of its protocol."""

    reference: str
    protocol: str
    version: str
    can_go_to: list[str]
    waiting: MigrationReply | None
    undoable: str | None
    preview: MovePreview | None
    past: list[MigrationReply]


@router.get("/cases/{reference}/migrations", response_model=Migrations)
def show_migrations(reference: str, asks: Asks, to: Word | None = None) -> Response:
    """What waits and what was, and what a version would do to the case: that of `to`, or of the proposal."""

    def work(session: Session, by: Staff, now: datetime) -> Migrations:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.PROPOSE_MIGRATION)
        view = view_move(session, case_id=case_id, version=to or "", by=by, now=now, face=FACE)
        return Migrations(
            reference=reference,
            protocol=view.case.track,
            version=view.case.protocol_version,
            can_go_to=list(view.choices),
            waiting=_reply(session, view.waiting) if view.waiting else None,
            undoable=view.undoable.id if view.undoable else None,
            preview=MovePreview(**plain_preview(view.seen)) if view.seen else None,
            past=[_reply(session, one.row) for one in view.history],
        )

    return asks.looks(work)


@router.post("/cases/{reference}/migrations", status_code=201, response_model=MigrationReply)
def propose(reference: str, body: NewMigration, write: Writes) -> Response:
    """Proposes that the case goes on under another version."""

    def work(session: Session, by: Staff, now: datetime) -> MigrationReply:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.PROPOSE_MIGRATION)
        made = propose_migration(
            session, case_id=case_id, to_version=body.to_version, reason=body.reason, by=by, now=now
        )
        return _reply(session, made)

    return write.once(work, status=201)


@router.post("/migrations/{migration_id}/approve", response_model=Receipt)
def approve(migration_id: str, write: Writes, body: WhatWasSeen | None = None) -> Response:
    """Moves the case. Never by the one who proposed it."""

    def work(session: Session, by: Staff, now: datetime) -> Receipt:
        wanted = usable_id(migration_id, by=by, now=now, action=Action.DECIDE_MIGRATION)
        seen = body.seen if body else ""
        return receipt(session, approve_migration(session, migration_id=wanted, by=by, now=now, seen=seen))

    return write.once(work)


@router.post("/migrations/{migration_id}/withdraw", response_model=MigrationReply)
def withdraw(migration_id: str, write: Writes, body: Nothing | None = None) -> Response:
    """Takes the proposal back, or turns it down."""

    def work(session: Session, by: Staff, now: datetime) -> MigrationReply:
        wanted = usable_id(migration_id, by=by, now=now, action=Action.PROPOSE_MIGRATION)
        return _reply(session, withdraw_migration(session, migration_id=wanted, by=by, now=now))

    return write.once(work)


@router.post("/migrations/{migration_id}/undo", response_model=Receipt)
def undo(migration_id: str, write: Writes, body: Nothing | None = None) -> Response:
    """Takes the case back to the version it came from, while no step opened since is done."""

    def work(session: Session, by: Staff, now: datetime) -> Receipt:
        wanted = usable_id(migration_id, by=by, now=now, action=Action.DECIDE_MIGRATION)
        return receipt(session, undo_migration(session, migration_id=wanted, by=by, now=now))

    return write.once(work)


def _reply(session: Session, row: CaseMigration) -> MigrationReply:
    people = Directory(session)
    return MigrationReply(
        id=row.id,
        reference=session.get_one(Case, row.case_id).reference,
        from_version=row.from_version,
        to_version=row.to_version,
        status=row.status,
        proposed_by=people.somebody(row.by_id),
        proposed_at=row.proposed_at,
        decided_by=people.person(row.decided_by_id),
        decided_at=row.decided_at,
        undone_by=people.person(row.undone_by_id),
        undone_at=row.undone_at,
    )
