"""Takes a case in hand for a change: locked against others, and only for somebody who may."""

from datetime import datetime
from typing import TypeVar

from sqlmodel import Session, SQLModel, select

from handlepligt.cases.relations import relations_to
from handlepligt.domain.access import Action, is_allowed, is_visible
from handlepligt.errors import ConflictError, NotAllowedError, NotFoundError
from models import AccessLogEntry, Case, Staff

RowT = TypeVar("RowT", bound=SQLModel)


class CaseClosedError(ConflictError):
    """The case is closed; it can only be reopened."""

    user_message = "Sagen er afsluttet. Genåbn den, hvis der skal gøres mere."


def lock_case(session: Session, case_id: str) -> Case:
    """The case as it stands now, locked until the transaction ends. Raises NotFoundError."""
    # On SQLite every writing transaction has the whole file; on PostgreSQL the row is held.
    locked = select(Case).where(Case.id == case_id).with_for_update()
    case = (
        session.exec(locked.execution_options(populate_existing=True)).first() if _can_be(case_id) else None
    )
    if case is None:
        raise NotFoundError("no such case")
    return case


def row_of(session: Session, table: type[RowT], row_id: str) -> RowT | None:
    """The row with this opaque id, None when there is none."""
    return session.get(table, row_id) if _can_be(row_id) else None


def case_for(
    session: Session, case_id: str, *, by: Staff, action: Action, now: datetime, closed: bool = False
) -> Case:
    """The locked case for somebody who may do `action` to it.

    Raises NotFoundError (leaving the refused look behind) when the case does not exist for `by`,
    NotAllowedError when they see it but may not do this, CaseClosedError unless `closed` allows it.
    """
    try:
        case = lock_case(session, case_id)
    except NotFoundError:
        # Asking for what is not there leaves the same trace as asking for what is somebody else's.
        raise refused_look(None, by=by, action=action, now=now) from None
    relations = relations_to(session, case, by, now)
    if not is_visible(relations):
        raise refused_look(case, by=by, action=action, now=now)
    if not is_allowed(action, relations):
        raise NotAllowedError(f"staff {by.id} may not {action} case {case.id}")
    if case.closed_at is not None and not closed:
        raise CaseClosedError(f"case {case.id} is closed")
    return case


def refused_look(
    case: Case | None, *, by: Staff, action: str, now: datetime, face: str = ""
) -> NotFoundError:
    """The error for a case that is not there or not for `by`, with the record of the attempt."""
    error = NotFoundError("no such case for this person")
    error.leaves_behind.append(
        AccessLogEntry(
            at=now,
            staff_id=by.id,
            case_id=case.id if case else None,
            action=action,
            was_allowed=False,
            face=face,
        )
    )
    return error


def _can_be(row_id: str) -> bool:
    # PostgreSQL refuses to be asked for a text with NUL in it.
    return "\x00" not in row_id
