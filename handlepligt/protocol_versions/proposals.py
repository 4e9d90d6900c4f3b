"""Proposes that a case goes on under another version, shows what that would do, and takes a proposal back."""

from datetime import datetime

from sqlmodel import Session, col, select

from handlepligt.cases.case_state import definition_of, state_of
from handlepligt.cases.closing import waiting_request
from handlepligt.cases.definitions import renewed
from handlepligt.cases.open_case import CaseClosedError, case_for, lock_case, refused_look, row_of
from handlepligt.cases.people import leader_of
from handlepligt.cases.record import bring_up_to_date
from handlepligt.cases.relations import relations_to
from handlepligt.cases.tell import tell
from handlepligt.domain import wording
from handlepligt.domain.access import Action, HouseAction, is_allowed, may_in_the_house
from handlepligt.domain.version_words import MigrationStatus
from handlepligt.errors import ConflictError, InvalidInputError, NotFoundError, RefusedByRuleError
from models import AccessLogEntry, Case, CaseMigration, Deadline, Staff
from notifications.messages import Message
from protocols.definition import Definition
from protocols.migrating import Preview, preview
from protocols.moved_deadlines import KnownDeadline
from protocols.problems import UnknownDefinitionError

# Said before the move, and in the chronology after it.
STEP_GONE = "Trinnet findes ikke i arbejdsgangens nye version."


class MigrationDecidedError(ConflictError):
    """The proposal does not wait any more, or another one does."""

    user_message = "Forslaget venter ikke længere, eller der venter allerede et. Se sagen igen."


def propose_migration(
    session: Session, *, case_id: str, to_version: str, reason: str, by: Staff, now: datetime
) -> CaseMigration:
    """The proposal, which waits for the case's leader; nothing has moved.

    For the protocol editor, and for a leader of the case. Raises NotFoundError, NotAllowedError,
    CaseClosedError, MigrationDecidedError when one waits, and InvalidInputError (`to_version`, `reason`).
    """
    case = case_to_move(session, case_id, by=by, now=now)
    problems: dict[str, str] = {}
    reason = wording.tidied(reason)
    if sentence := wording.problem_with(reason):
        problems["reason"] = sentence
    if not _can_go_to(session, case, to_version):
        problems["to_version"] = "Vælg en anden udgivet version af sagens arbejdsgang."
    if problems:
        raise InvalidInputError(problems=problems)
    if waiting_migration(session, case) is not None:
        raise MigrationDecidedError(f"case {case.id} has a waiting migration")
    migration = CaseMigration(
        case_id=case.id, from_version=case.protocol_version, to_version=to_version, reason_sealed=b"",
        by_id=by.id or 0, proposed_at=now,
    )  # fmt: skip
    migration.reason = reason
    session.add(migration)
    session.flush()
    tell(
        session, Message.MIGRATION_PROPOSED, [leader_of(session, case)], case=case, now=now,
        occasion=migration.id, besides=by.id,
    )  # fmt: skip
    bring_up_to_date(session, case, now)
    return migration


def withdraw_migration(session: Session, *, migration_id: str, by: Staff, now: datetime) -> CaseMigration:
    """The proposal, which will not be carried out: who proposed it takes it back, or the leader says no.

    Raises NotFoundError, NotAllowedError, MigrationDecidedError.
    """
    migration = row_of(session, CaseMigration, migration_id)
    if migration is None:
        raise refused_look(None, by=by, action=Action.PROPOSE_MIGRATION, now=now)
    case = case_to_move(session, migration.case_id, by=by, now=now, closed=True)
    session.refresh(migration)
    refuse_unless(migration, MigrationStatus.PROPOSED)
    migration.status, migration.decided_by_id, migration.decided_at = MigrationStatus.WITHDRAWN, by.id, now
    session.add(migration)
    bring_up_to_date(session, case, now)
    return migration


def look_at_move(
    session: Session, *, case_id: str, to_version: str, by: Staff, now: datetime, face: str
) -> tuple[Case, Preview]:
    """The case and what the version would do to it, with the look on record. No answer is in it.

    For whoever may propose or decide it. Raises NotFoundError, NotAllowedError, CaseClosedError.
    """
    case = case_to_move(session, case_id, by=by, now=now)
    session.add(
        AccessLogEntry(
            at=now,
            staff_id=by.id,
            case_id=case.id,
            action=Action.PROPOSE_MIGRATION,
            was_allowed=True,
            face=face,
        )
    )
    return case, preview_of(session, case, to_version, now=now)


def preview_of(session: Session, case: Case, to_version: str, *, now: datetime) -> Preview:
    """What the version would do to the case at `now`. Raises NotFoundError when there is no such version."""
    new = version_of(session, case, to_version)
    return preview(
        definition_of(case), new, state_of(session, case, now), known_deadlines(session, case), now=now,
        fallen_reason=STEP_GONE,
    )  # fmt: skip


def version_of(session: Session, case: Case, version: str) -> Definition:
    """A published version of the case's protocol. Raises NotFoundError."""
    try:
        return renewed(session).get(case.track, version)
    except UnknownDefinitionError as error:
        raise NotFoundError(str(error)) from None


def versions_to_go_to(session: Session, case: Case) -> tuple[Definition, ...]:
    """The published versions that the case can be moved to, newest first."""
    shelf = renewed(session)
    fitting = [one for one in shelf.all() if one.key == case.track and not shelf.is_withdrawn(one)]
    return tuple(one for one in reversed(fitting) if one.version != case.protocol_version)


def known_deadlines(session: Session, case: Case) -> list[KnownDeadline]:
    """All deadlines of the case, as the preview is asked with them."""
    rows = session.exec(select(Deadline).where(Deadline.case_id == case.id))
    return [
        KnownDeadline(
            (row.step_key, row.step_round, row.person, row.key), row.title, row.due_at,
            row.settled_at is not None, is_held=row.extensions > 0 or row.paused_at is not None,
        )
        for row in rows
    ]  # fmt: skip


def case_to_move(session: Session, case_id: str, *, by: Staff, now: datetime, closed: bool = False) -> Case:
    """The locked case for somebody who may propose that it moves. Raises as `case_for` does.

    The protocol editor stands in no relation to any case and may propose it for each.
    """
    if not (by.is_active and may_in_the_house(HouseAction.PROPOSE_MIGRATIONS, by.role)):
        return case_for(session, case_id, by=by, action=Action.PROPOSE_MIGRATION, now=now, closed=closed)
    try:
        case = lock_case(session, case_id)
    except NotFoundError:
        raise refused_look(None, by=by, action=Action.PROPOSE_MIGRATION, now=now) from None
    if case.closed_at is not None and not closed:
        raise CaseClosedError(f"case {case.id} is closed")
    return case


def refuse_unless(migration: CaseMigration, status: MigrationStatus) -> None:
    """Raises MigrationDecidedError unless the proposal stands where the caller needs it."""
    if migration.status != status:
        raise MigrationDecidedError(f"migration {migration.id} is {migration.status}")


def waiting_migration(session: Session, case: Case) -> CaseMigration | None:
    """The proposal of the case that nobody has decided yet."""
    return session.exec(
        select(CaseMigration).where(
            CaseMigration.case_id == case.id, CaseMigration.status == MigrationStatus.PROPOSED
        )
    ).first()


def migrations_of(session: Session, case: Case) -> list[CaseMigration]:
    """All proposals of the case, newest first."""
    rows = select(CaseMigration).where(CaseMigration.case_id == case.id)
    return list(session.exec(rows.order_by(col(CaseMigration.proposed_at).desc(), col(CaseMigration.id))))


def latest_done(session: Session, case_id: str, *, by: Staff, now: datetime) -> str:
    """The id of the latest move that was carried out, for somebody who may undo it. Raises NotFoundError."""
    case = case_for(session, case_id, by=by, action=Action.DECIDE_MIGRATION, now=now)
    done = [one for one in migrations_of(session, case) if one.status == MigrationStatus.DONE]
    if not done:
        raise NotFoundError(f"case {case.id} was not moved")
    return max(done, key=lambda one: one.decided_at or one.proposed_at).id


def refuse_while_closing(session: Session, case: Case) -> None:
    """Raises RefusedByRuleError while somebody waits for the case to be closed: its ends would change."""
    if waiting_request(session, case) is not None:
        raise RefusedByRuleError(
            "closing_waits", user_message="Tag først stilling til ønsket om at lukke sagen."
        )


def migration_in_hand(
    session: Session, migration_id: str, *, by: Staff, now: datetime, status: MigrationStatus
) -> tuple[CaseMigration, Case]:
    """The proposal and its locked case, for somebody who may decide it; else the usual errors."""
    migration = row_of(session, CaseMigration, migration_id)
    if migration is None:
        raise refused_look(None, by=by, action=Action.DECIDE_MIGRATION, now=now)
    case = case_for(session, migration.case_id, by=by, action=Action.DECIDE_MIGRATION, now=now)
    session.refresh(migration)
    refuse_unless(migration, status)
    return migration, case


def may_decide(session: Session, case: Case, staff: Staff, now: datetime) -> bool:
    """Whether somebody leads this case, so that a move of it is theirs to approve or undo."""
    return is_allowed(Action.DECIDE_MIGRATION, relations_to(session, case, staff, now))


def _can_go_to(session: Session, case: Case, version: str) -> bool:
    return version in {one.version for one in versions_to_go_to(session, case)}
