"""What a member of staff finds in the inbox, and what leaders see of messages that did not arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, and_, exists, func, literal_column, or_
from sqlmodel import Session, col, select, update

from handlepligt.errors import InvalidInputError, NotFoundError
from models import Case, Delivery, Notification, SetAside, Staff
from notifications.messages import Message, MessageRefusedError, MessageText, render
from notifications.stored import from_row

_log = structlog.get_logger(__name__)
# Shown when an older version wrote a message that this one no longer knows, instead of an error page.
_UNKNOWN = MessageText("Handlepligt: besked", "Beskeden kan ikke vises længere. Åbn forsiden.", "/")
# A queued message that a first attempt and its retries have not delivered by then is shown to leaders.
LATE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class InboxEntry:
    """One message as it is shown; `link` is a path of the product, `at` and `read_at` are aware UTC."""

    id: str
    message: str
    urgency: int
    subject: str
    text: str
    link: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Entries, newest first, and the cursor of the next page (None at the end)."""

    entries: list[InboxEntry]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One message that did not arrive. `is_given_up`: nobody tries any more; else it is only late.

    `answer` is a code or a short reason from the channel. `reference` is empty without a case.
    """

    delivery_id: str
    staff_id: int
    staff_name: str
    reference: str
    message: str
    subject: str
    channel: str
    is_given_up: bool
    attempts: int
    answer: str
    at: datetime


def unread_count(session: Session, staff_id: int) -> int:
    """How many messages this member of staff has not read."""
    unread = select(func.count()).where(
        Notification.staff_id == staff_id, col(Notification.read_at).is_(None), _not_aside(staff_id)
    )
    return session.exec(unread).one()


def inbox(session: Session, staff_id: int, *, cursor: str | None = None, limit: int = 50) -> InboxPage:
    """A page of this member's messages. Raises InvalidInputError for a cursor that we did not give out."""
    found = select(Notification).where(Notification.staff_id == staff_id, _not_aside(staff_id))
    if cursor is not None:
        at, row_id = _read_cursor(cursor)
        found = found.where(
            or_(
                col(Notification.at) < at,
                and_(col(Notification.at) == at, col(Notification.id) < row_id),
            )
        )
    newest_first = found.order_by(col(Notification.at).desc(), col(Notification.id).desc())
    rows = session.exec(newest_first.limit(limit + 1)).all()
    shown = rows[:limit]
    more = len(rows) > limit
    return InboxPage(
        [_entry(row) for row in shown], f"{shown[-1].at.isoformat()}~{shown[-1].id}" if more else None
    )


def mark_read(session: Session, notification_id: str, staff_id: int, now: datetime) -> None:
    """Read from `now`; the first time counts. Raises NotFoundError when it is not this member's message."""
    row = session.get(Notification, notification_id)
    if row is None or row.staff_id != staff_id:
        raise NotFoundError(f"no notification {notification_id[:32]!r} of staff {staff_id}")
    if row.read_at is None:
        row.read_at = now
        session.add(row)


def undelivered(
    session: Session, *, now: datetime, team_id: int | None = None, reader_id: int | None = None
) -> list[Undelivered]:
    """What was given up or is more than ten minutes late, oldest first; of one team's cases, or of all.

    Without the cases in which `reader_id` has been set aside.
    A message without a case belongs to its recipient's team. It leaves the list when it is delivered
    after all, or when its recipient has read it in the inbox.
    """
    # Literals, because the database cannot see that a parameter matches a partial index.
    status = col(Delivery.status)
    failed = status == literal_column("'failed'")
    late = and_(status == literal_column("'queued'"), col(Notification.at) <= now - LATE_AFTER)
    found = (
        select(Delivery, Notification, Staff.name, Case.reference)
        .join(Notification, col(Notification.id) == col(Delivery.notification_id))
        .join(Staff, col(Staff.id) == col(Notification.staff_id))
        .join(Case, col(Case.id) == col(Notification.case_id), isouter=True)
        .where(or_(failed, late), col(Notification.read_at).is_(None))
        .order_by(col(Notification.at), col(Delivery.id))
    )
    if reader_id is not None:
        found = found.where(_not_aside(reader_id))
    if team_id is not None:
        found = found.where(func.coalesce(Case.team_id, Staff.team_id) == team_id)
    return [
        Undelivered(
            delivery_id=delivery.id,
            staff_id=note.staff_id,
            staff_name=name,
            reference=reference or "",
            message=note.message,
            subject=_text(note).subject,
            channel=delivery.channel,
            is_given_up=delivery.status == "failed",
            attempts=delivery.attempts,
            answer=delivery.answer,
            at=note.at,
        )
        for delivery, note, name, reference in session.exec(found).all()
    ]


def send_again(session: Session, delivery_id: str, *, now: datetime) -> None:
    """Puts a given-up delivery back in the queue under its old message id, say after an address was mended.

    Raises NotFoundError when there is no such given-up delivery.
    """
    again = session.exec(
        update(Delivery)
        .where(col(Delivery.id) == delivery_id, col(Delivery.status) == "failed")
        .values(status="queued", attempts=0, next_attempt_at=now, lease_until=None)
    )
    if again.rowcount != 1:
        raise NotFoundError(f"no given-up delivery {delivery_id[:32]!r}")


def oldest_unsent(session: Session) -> datetime | None:
    """When the oldest message still queued was due to be sent, for /readyz; None when nothing waits."""
    waiting = (
        select(func.min(Notification.at))
        .join(Delivery, col(Delivery.notification_id) == col(Notification.id))
        .where(col(Delivery.status) == literal_column("'queued'"))
    )
    return session.exec(waiting).one()


def _not_aside(staff_id: int | None) -> ColumnElement[bool]:
    """That the message is about no case in which this member of staff has been set aside."""
    return ~exists().where(
        col(SetAside.case_id) == col(Notification.case_id), col(SetAside.staff_id) == staff_id
    )


def _entry(row: Notification) -> InboxEntry:
    text = _text(row)
    return InboxEntry(
        row.id, row.message, row.urgency, text.subject, text.text, text.link, row.at, row.read_at
    )


def _text(row: Notification) -> MessageText:
    try:
        return render(Message(row.message), from_row(row.variables), queued_at=row.at, public_url="")
    except (ValueError, KeyError, MessageRefusedError):
        _log.warning("notification_unreadable", notification_id=row.id, message=row.message)
        return _UNKNOWN


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    at, _, row_id = cursor.partition("~")
    try:
        instant = datetime.fromisoformat(at)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None or not row_id:
        raise InvalidInputError(
            "a cursor that was not given out", problems={"cursor": "Siden findes ikke. Begynd forfra."}
        )
    return instant, row_id
