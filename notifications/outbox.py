"""Queues a message to a member of staff in the caller's transaction, once however often it is asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Table, bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from handlepligt.errors import NotFoundError
from models import Case, Delivery, Notification, Staff, new_id
from notifications.messages import Line, Message, Urgency, Variables
from notifications.reach import EMAIL, INBOX, Reach, current_reach
from notifications.recipients import is_work_address
from notifications.stored import to_row

_log = structlog.get_logger(__name__)
_NOTIFICATION: Table = Notification.__table__  # type: ignore[attr-defined]
_DELIVERY: Table = Delivery.__table__  # type: ignore[attr-defined]
_STAFF: Table = Staff.__table__  # type: ignore[attr-defined]
# Built once: only the dialect's own INSERT can meet a used key without breaking the transaction.
_INSERT_ONCE = {
    name: make(_NOTIFICATION).on_conflict_do_nothing(index_elements=["dedupe"]).returning(_NOTIFICATION.c.id)
    for name, make in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
# Core statements: the unit of work would cost several times what the rows do.
_WORK_EMAIL = select(_STAFF.c.email).where(_STAFF.c.id == bindparam("staff_id"))
_LONGEST_KEY = 200


def enqueue(
    session: Session,
    message: Message,
    *,
    staff_id: int,
    now: datetime,
    case: Case | None = None,
    step_key: str = "",
    step_title: str = "",
    rung: str = "",
    at: datetime | None = None,
    dedupe: str | None = None,
    lines: Sequence[Line] = (),
    urgency: Urgency | None = None,
    inbox_only: bool = False,
) -> str | None:
    """Queues `message` to one member of staff; commits nothing. None when it was queued before.

    `at` (aware) is the instant the message is about: a deadline, the last moment for an answer. Without
    it most texts show `now`. `step_title` is the step's title in the protocol, never what somebody
    typed. `lines` are the missed rungs of a merged message. The urgency is the message's own, or
    `urgency`, and always acute in an acute case.

    The same message is the same `dedupe`, by default case, message, step, `rung` and recipient. Give
    `rung` (say the ladder's rung, or the offer's id) where two processes could queue the same thing.
    Without one, `now` stands in for it: a second handover is then told again instead of lost.

    Returns the notification's id. Raises MessageRefusedError when a variable holds what it may not, and
    NotFoundError when there is no such member of staff.
    """
    if case is not None and case in session.new:
        session.flush()  # The row below points at the case, so the case must be there first.
    if case is not None and case.is_acute:
        urgency = Urgency.ACUTE
    variables = Variables(case.reference if case else "", step_title, at, tuple(lines))
    row = {
        "id": new_id(),
        "staff_id": staff_id,
        "case_id": case.id if case else None,
        "message": message.value,
        "urgency": int(message.urgency if urgency is None else urgency),
        "variables": to_row(variables),
        "at": now,
        "dedupe": _fitting(
            dedupe
            or ":".join((case.id if case else "", message, step_key, rung or now.isoformat(), str(staff_id)))
        ),
        "read_at": None,
    }
    connection = session.connection()
    email = connection.execute(_WORK_EMAIL, {"staff_id": staff_id}).scalar_one_or_none()
    if email is None:
        raise NotFoundError(f"there is no staff {staff_id} to tell")
    # Asked of RETURNING: after an INSERT, PostgreSQL's driver tells no count of rows.
    if connection.execute(_INSERT_ONCE[connection.dialect.name], row).first() is None:
        return None
    reach = current_reach()
    channels = (INBOX,) if inbox_only else reach.channels
    if EMAIL in channels and not is_work_address(email, reach.staff_domains):
        _log.warning("staff_without_work_address", staff_id=staff_id, notification_id=row["id"])
        channels = tuple(channel for channel in channels if channel != EMAIL)
    connection.execute(insert(_DELIVERY), [_delivery(row, channel, reach) for channel in channels])
    return str(row["id"])


def _delivery(row: dict[str, Any], channel: str, reach: Reach) -> dict[str, Any]:
    """The message id is fixed here and never changes."""
    # The inbox shows this very row: when the transaction commits, it has arrived.
    has_arrived = channel == INBOX
    return {
        "id": new_id(),
        "notification_id": row["id"],
        "channel": channel,
        "urgency": row["urgency"],
        "status": "sent" if has_arrived else "queued",
        "attempts": 0,
        "next_attempt_at": row["at"],
        "lease_until": None,
        "message_id": f"<{row['id']}.{channel}@{reach.message_id_domain}>",
        "sent_at": row["at"] if has_arrived else None,
        "answer": "",
    }


def _fitting(key: str) -> str:
    if len(key) <= _LONGEST_KEY:
        return key
    return f"sha256:{hashlib.sha256(key.encode()).hexdigest()}"
