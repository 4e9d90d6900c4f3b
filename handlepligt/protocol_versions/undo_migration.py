"""Takes a case back to the version it came from, as long as nothing new has been done under the later one."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from handlepligt.cases.case_state import steps_of
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.domain.version_words import MigrationStatus
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import RefusedByRuleError
from handlepligt.protocol_versions.carried_deadlines import bring_in_line, put_back, take_away
from handlepligt.protocol_versions.proposals import (
    MigrationDecidedError,
    migration_in_hand,
    migrations_of,
    refuse_while_closing,
    version_of,
)
from models import Case, CaseMigration, CaseStep, Deadline, Staff, SubCase


def undo_migration(session: Session, *, migration_id: str, by: Staff, now: datetime) -> Case:
    """The case under the version it came from, with the steps and deadlines it had.

    Only the latest move can be undone, and only while no step that the later version has opened is done.
    Raises NotFoundError, NotAllowedError, CaseClosedError, MigrationDecidedError, RefusedByRuleError.
    """
    migration, case = migration_in_hand(session, migration_id, by=by, now=now, status=MigrationStatus.DONE)
    if case.protocol_version != migration.to_version or _is_followed(session, case, migration):
        raise MigrationDecidedError(f"case {case.id} has moved on since migration {migration.id}")
    refuse_while_closing(session, case)
    taken, steps = migration.taken, steps_of(session, case)
    if what_is_done(taken, steps):
        raise RefusedByRuleError(
            "new_step_done",
            user_message="Flytningen kan ikke fortrydes: et trin, som den nye version har åbnet, er udført.",
        )
    if _has_raised(session, case, taken, steps):
        raise RefusedByRuleError(
            "sub_case_raised",
            user_message="Flytningen kan ikke fortrydes: den nye version har rejst en sag af sin egen.",
        )
    old = version_of(session, case, migration.from_version)

    _take_back_the_steps(session, case, taken, steps, migration)
    assert migration.decided_at is not None
    put_back(session, case, taken["deadlines"], known=taken["known"], at=migration.decided_at)
    case.protocol_version = old.version
    session.add(case)
    session.flush()
    open_what_follows(session, case=case, definition=old, now=now, by_id=by.id)
    bring_in_line(session, case, old)

    migration.status, migration.undone_by_id, migration.undone_at = MigrationStatus.UNDONE, by.id, now
    session.add(migration)
    record(
        session, case, EventKind.VERSION_CHANGE_UNDONE, at=now, by_id=by.id, migration=migration.id,
        version=old.version, was=migration.to_version,
    )  # fmt: skip
    bring_up_to_date(session, case, now)
    return case


def may_be_undone(session: Session, case: Case, migration: CaseMigration) -> bool:
    """Whether undoing would go through, for a page that offers it."""
    return (
        migration.status == MigrationStatus.DONE
        and case.closed_at is None
        and case.protocol_version == migration.to_version
        and not _is_followed(session, case, migration)
        and not what_is_done(migration.taken, steps_of(session, case))
        and not _has_raised(session, case, migration.taken, steps_of(session, case))
    )


def what_is_done(taken: dict[str, Any], steps: list[CaseStep]) -> list[CaseStep]:
    """The rounds opened since the move that somebody has settled."""
    return [step for step in steps if step.sequence > taken["sequence"] and step.settled_by_id is not None]


def _has_raised(session: Session, case: Case, taken: dict[str, Any], steps: list[CaseStep]) -> bool:
    """Whether a round opened since the move has raised a case of its own."""
    newer = {(step.key, step.round, step.person) for step in steps if step.sequence > taken["sequence"]}
    raised = session.exec(select(SubCase).where(SubCase.parent_case_id == case.id))
    return any((one.step_key, one.round, one.person) in newer for one in raised)


def _take_back_the_steps(
    session: Session,
    case: Case,
    taken: dict[str, Any],
    steps: list[CaseStep],
    migration: CaseMigration,
) -> None:
    """Away with the rounds opened since; open again what the move ended; whole history in its own words."""
    for step in steps:
        if step.sequence > taken["sequence"]:
            # No round may be left behind: the earlier version may open this very step later on.
            of_round = select(Deadline).where(
                Deadline.case_id == case.id, Deadline.step_key == step.key,
                Deadline.step_round == step.round, Deadline.person == step.person,
            )  # fmt: skip
            for row in session.exec(of_round):
                take_away(session, row)
            session.delete(step)
            continue
        if step.id in taken["fallen"] and step.settled_at == migration.decided_at:
            step.status, step.settled_at, step.reason_sealed = taken["fallen"][step.id], None, None
            step.version = ""
        elif step.id in taken["stamped"]:
            step.version = ""
        elif step.settled_at is not None and not step.version:
            step.version = migration.to_version
        session.add(step)
    session.flush()


def _is_followed(session: Session, case: Case, migration: CaseMigration) -> bool:
    """Whether the case has been moved again since; then that move is undone first."""
    return any(
        one.status == MigrationStatus.DONE
        and one.id != migration.id
        and (one.decided_at or one.proposed_at) > (migration.decided_at or migration.proposed_at)
        for one in migrations_of(session, case)
    )
