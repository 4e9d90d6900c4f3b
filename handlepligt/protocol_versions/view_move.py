"""One case and its versions as a page shows them: what waits, what a version would do, what can be undone."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.definitions import definition_of
from handlepligt.cases.view_steps import names_of
from handlepligt.domain.access import Action
from handlepligt.domain.version_words import MigrationStatus
from handlepligt.protocol_versions.proposals import (
    case_to_move,
    look_at_move,
    may_decide,
    migrations_of,
    versions_to_go_to,
    waiting_migration,
)
from handlepligt.protocol_versions.undo_migration import may_be_undone
from models import AccessLogEntry, Case, CaseMigration, Staff
from protocols.migrating import Preview


@dataclass(frozen=True)
class PastMove:
    """A proposal that was decided, with the names of who had to do with it."""

    row: CaseMigration
    proposed_by: str
    decided_by: str
    status: MigrationStatus

    @property
    def at(self) -> datetime:
        return self.row.undone_at or self.row.decided_at or self.row.proposed_at


@dataclass(frozen=True)
class MoveView:
    """`version` is the one that is looked at: the waiting proposal's, else the one asked for.

    `decides` is true for a leader of the case. Nothing of what is written in the case is here.
    """

    case: Case
    title: str
    waiting: CaseMigration | None
    proposed_by: str
    is_own: bool
    decides: bool
    version: str
    seen: Preview | None
    choices: tuple[str, ...]
    history: tuple[PastMove, ...]
    undoable: CaseMigration | None


def view_move(
    session: Session, *, case_id: str, version: str, by: Staff, now: datetime, face: str
) -> MoveView:
    """The view for whoever may propose a move of the case or decide it, with the look on record.

    Raises NotFoundError, also for a `version` that nobody has published, and NotAllowedError.
    """
    case = case_to_move(session, case_id, by=by, now=now, closed=True)
    waiting = waiting_migration(session, case)
    wanted = waiting.to_version if waiting else version
    seen = None
    if case.closed_at is None and wanted not in ("", case.protocol_version):
        _, seen = look_at_move(session, case_id=case.id, to_version=wanted, by=by, now=now, face=face)
    else:
        session.add(
            AccessLogEntry(
                at=now, staff_id=by.id, case_id=case.id, action=Action.PROPOSE_MIGRATION, was_allowed=True,
                face=face,
            )
        )  # fmt: skip
    decides, names = may_decide(session, case, by, now), names_of(session)
    past = [one for one in migrations_of(session, case) if one.status != MigrationStatus.PROPOSED]
    choices = versions_to_go_to(session, case) if case.closed_at is None else ()
    return MoveView(
        case=case,
        title=definition_of(case).title,
        waiting=waiting,
        proposed_by=names.get(waiting.by_id, "") if waiting else "",
        is_own=waiting is not None and waiting.by_id == by.id,
        decides=decides,
        version=wanted,
        seen=seen,
        choices=tuple(one.version for one in choices),
        history=tuple(
            PastMove(
                one,
                names.get(one.by_id, ""),
                names.get(one.decided_by_id or 0, ""),
                MigrationStatus(one.status),
            )
            for one in past
        ),
        undoable=next((one for one in past if decides and may_be_undone(session, case, one)), None),
    )
