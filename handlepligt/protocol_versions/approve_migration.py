"""Moves a case to another version of its protocol: a second person approves it, in one transaction."""

from datetime import datetime

from sqlmodel import Session, select

from handlepligt.cases.case_state import definition_of, steps_of
from handlepligt.cases.kept_versions import keep_version
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.tell import tell
from handlepligt.domain.version_words import MigrationStatus
from handlepligt.domain.vocabulary import EventKind, StepStatus
from handlepligt.errors import ConflictError, RefusedByRuleError
from handlepligt.protocol_versions.carried_deadlines import bring_in_line, let_go
from handlepligt.protocol_versions.proposals import (
    STEP_GONE,
    MigrationDecidedError,
    migration_in_hand,
    preview_of,
    refuse_while_closing,
    version_of,
)
from models import Case, CaseStep, Deadline, Staff
from notifications.messages import Message
from protocols.definition import Definition


class PreviewChangedError(ConflictError):
    """The case, or what the version would do to it, is not what the approver has looked at."""

    user_message = "Sagen er ændret, siden du så, hvad flytningen gør. Se den nye oversigt, og godkend så."


def approve_migration(
    session: Session, *, migration_id: str, by: Staff, now: datetime, seen: str = ""
) -> Case:
    """The case under its new version. The duty, what is settled and what runs in both stay as they are.

    `seen` is the fingerprint of the preview that was looked at. Raises NotFoundError, NotAllowedError,
    CaseClosedError, MigrationDecidedError, PreviewChangedError, and RefusedByRuleError when the approver
    is who proposed it, or while the case waits to be closed.
    """
    migration, case = migration_in_hand(
        session, migration_id, by=by, now=now, status=MigrationStatus.PROPOSED
    )
    if migration.by_id == by.id:
        raise RefusedByRuleError(
            "four_eyes", user_message="En anden end den, der har foreslået flytningen, skal godkende den."
        )
    if case.protocol_version != migration.from_version:
        raise MigrationDecidedError(f"case {case.id} follows {case.protocol_version} already")
    refuse_while_closing(session, case)
    planned = preview_of(session, case, migration.to_version, now=now)
    if seen and seen != planned.fingerprint:
        raise PreviewChangedError(f"the preview of migration {migration.id} has changed")
    old, new = definition_of(case), version_of(session, case, migration.to_version)

    steps = steps_of(session, case)
    were_open = {step.id: step.status for step in steps if step.settled_at is None}
    known = [row.id for row in session.exec(select(Deadline).where(Deadline.case_id == case.id))]
    stamped = _keep_history(session, steps, old)
    kept = let_go(session, case, planned, now=now)
    _end_what_is_gone(session, case, steps, new, now=now)
    for followed in (old, new):
        keep_version(session, followed, now=now)
    case.protocol_version = new.version
    session.add(case)
    open_what_follows(session, case=case, definition=new, now=now, by_id=by.id)
    bring_in_line(session, case, new)
    fallen = [step for step in steps if step.id in were_open and step.settled_at is not None]
    _keep_history(session, fallen, old)

    migration.status, migration.decided_by_id, migration.decided_at = MigrationStatus.DONE, by.id, now
    migration.taken = {
        "sequence": max((step.sequence for step in steps), default=0),
        "stamped": stamped,
        "fallen": {step.id: were_open[step.id] for step in fallen},
        "deadlines": kept,
        "known": known,
    }
    session.add(migration)
    record(
        session, case, EventKind.VERSION_CHANGED, at=now, by_id=by.id, detail=migration.reason,
        migration=migration.id, version=new.version, was=old.version,
    )  # fmt: skip
    keeper = session.get(Staff, case.keeper_id)
    tell(session, Message.VERSION_CHANGED, [keeper], case=case, now=now, occasion=migration.id, besides=by.id)
    bring_up_to_date(session, case, now)
    return case


def _keep_history(session: Session, steps: list[CaseStep], old: Definition) -> list[str]:
    """What was settled speaks in the words of the version it was settled under, also years later."""
    settled = [step for step in steps if step.settled_at is not None and not step.version]
    for step in settled:
        step.version = old.version
        session.add(step)
    return [step.id for step in settled]


def _end_what_is_gone(
    session: Session, case: Case, steps: list[CaseStep], new: Definition, *, now: datetime
) -> None:
    for step in steps:
        if step.settled_at is None and step.key not in new.steps:
            step.status, step.settled_at = StepStatus.NOT_APPLICABLE, now
            step.reason = STEP_GONE
            session.add(step)
            kind = EventKind.STEP_NOT_APPLICABLE
            record(session, case, kind, at=now, by_id=None, step=step.key, round=step.round)
    session.flush()
