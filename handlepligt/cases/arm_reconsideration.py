"""Wakes the rules when time alone changes what they say: a counted round leaves its rolling window."""

import functools
from datetime import datetime

from sqlmodel import Session, col, delete, select

from models import Case, DueRow
from protocols.definition import Definition
from protocols.state import CaseState
from protocols.windows import counted_windows, next_to_leave

KIND = "reconsider"


def arm_reconsideration(session: Session, case: Case, definition: Definition, state: CaseState) -> None:
    """Keeps one row for the next instant at which the rules must be asked again, none when there is none.

    Idempotent: the row that stands already for that instant is left alone.
    """
    if not _counts(definition):
        return
    at = None if state.closed else next_to_leave(definition, state)
    mine = (col(DueRow.case_id) == case.id, col(DueRow.kind) == KIND)
    armed = session.exec(select(DueRow.fire_at).where(*mine)).all()
    if armed == ([at] if at is not None else []):
        return
    session.exec(delete(DueRow).where(*mine))
    if at is not None:
        session.add(DueRow(fire_at=at, case_id=case.id, kind=KIND, dedupe=_dedupe(case, at)))


def _dedupe(case: Case, at: datetime) -> str:
    return f"{case.id}:{KIND}:{at.isoformat()}"


@functools.lru_cache(maxsize=64)
def _counts(definition: Definition) -> bool:
    return bool(counted_windows(definition))
