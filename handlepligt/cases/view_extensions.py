"""Which running deadlines of a case somebody may make longer, why, how often and how far."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.people import resolve
from handlepligt.domain.deadline_moves import extended
from handlepligt.domain.deadlines import Basis
from models import Case, Deadline, Staff
from protocols.deadline_rules import written_deadline
from protocols.definition import Definition
from protocols.extension import Extension


@dataclass(frozen=True)
class PossibleExtension:
    """One more extension. `latest_at` (aware UTC) is as far as it goes, `left` how many there are with it.

    `left` is None where only the cap bounds them. `counts_time`: the end may be given to the minute.
    """

    deadline_id: str
    reasons: tuple[str, ...]
    latest_at: datetime
    left: int | None
    reference: str
    counts_time: bool


def possible_extensions(
    session: Session,
    case: Case,
    definition: Definition,
    deadlines: Sequence[Deadline],
    *,
    by: Staff,
    now: datetime,
) -> Mapping[str, PossibleExtension]:
    """What `extend_deadline` would let `by` do at `now` (aware UTC), by the id of the deadline."""
    if case.closed_at is not None:
        return {}
    found = (_possible(session, case, definition, row, by, now) for row in deadlines)
    return {one.deadline_id: one for one in found if one is not None}


def _possible(
    session: Session, case: Case, definition: Definition, row: Deadline, by: Staff, now: datetime
) -> PossibleExtension | None:
    written = written_deadline(definition, row.step_key, row.key)
    extension = written.extension if written else None
    has_ended = row.settled_at is not None or row.breached_at is not None
    if extension is None or has_ended or (row.paused_at is None and row.due_at <= now):
        return None
    if by.id not in {one.id for one in resolve(session, definition, extension.by, case, now)}:
        return None
    left = None if extension.at_most is None else extension.at_most - row.extensions
    longer, _ = extended(
        base_at=row.base_at,
        due_at=row.due_at,
        by=extension.within,
        cap=extension.cap,
        basis=Basis(row.basis),
        calendar=definition.head.work_calendar,
    )
    if left == 0 or longer.due_at <= row.due_at:
        return None
    return PossibleExtension(
        deadline_id=row.id,
        reasons=extension.why,
        latest_at=longer.due_at,
        left=left,
        reference=_reference(definition, extension),
        counts_time=extension.within.unit.is_physical,
    )


def _reference(definition: Definition, extension: Extension) -> str:
    reference = definition.legal_references.get(extension.reference)
    return reference.danish or "" if reference else ""
