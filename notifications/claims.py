"""Takes queued deliveries under a lease and records what became of each, in short transactions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Engine, literal_column, or_
from sqlmodel import Session, col, select, update
from sqlmodel.sql.expression import SelectOfScalar

from handlepligt.domain.vocabulary import StaffRole
from models import Case, Delivery, Notification, Staff
from models.session import reading, writing
from notifications.channel import StaffRecipient
from notifications.messages import Message, Urgency
from notifications.outbox import enqueue
from notifications.recipients import RecipientRefusedError, recipient_of

# Longer than a send may take, so that a lease runs out only when its sender died.
LEASE = timedelta(seconds=90)
GIVE_UP_AFTER = timedelta(days=3)
# How often an acute message may fail before the leader is told, while it is still tried.
_ACUTE_PATIENCE = 4
_BASE = {Urgency.ACUTE: timedelta(seconds=5)}
_LONGEST = {Urgency.ACUTE: timedelta(minutes=5)}
# These sessions hold no rows that an UPDATE could leave behind.
_UNSYNCHRONISED = {"synchronize_session": False}
# A literal, because the database cannot see that a parameter matches the partial index.
_QUEUED: ColumnElement[bool] = col(Delivery.status) == literal_column("'queued'")


@dataclass(frozen=True, slots=True)
class Claimed:
    """One delivery that this process alone may send until `lease_until`. `attempts` counts this one.

    `recipient` is None when the member of staff can no longer be written to.
    """

    id: str
    channel: str
    message_id: str
    urgency: int
    attempts: int
    lease_until: datetime
    message: str
    variables: str
    at: datetime
    recipient: StaffRecipient | None


def backoff(attempts: int, urgency: int) -> timedelta:
    """How long to wait after that many failures: doubling from 30 s to an hour (acute: 5 s to 5 min)."""
    base = _BASE.get(Urgency(urgency), timedelta(seconds=30))
    longest = _LONGEST.get(Urgency(urgency), timedelta(hours=1))
    doublings: int = 2 ** min(attempts - 1, 20)
    return min(base * doublings, longest)


def is_spent(attempts: int, urgency: int) -> bool:
    """Whether a delivery has been tried for GIVE_UP_AFTER and waits for a person instead."""
    waited = sum((backoff(number, urgency) for number in range(1, attempts + 1)), timedelta())
    return waited >= GIVE_UP_AFTER


def claim(
    engine: Engine,
    *,
    now: datetime,
    channels: Iterable[str],
    staff_domains: tuple[str, ...],
    limit: int,
    acute_only: bool = False,
) -> list[Claimed]:
    """Up to `limit` deliveries that are due, acute first, nobody else's until their lease ends."""
    due = _due(now, list(channels), acute_only=acute_only).limit(limit)
    # Looking needs no writer's lock, and most often there is nothing.
    with reading(engine) as session:
        if session.exec(due).first() is None:
            return []
    with writing(engine) as session:
        # PostgreSQL: another sender's rows are skipped instead of waited for. SQLite: there is one writer.
        ids = session.exec(due.with_for_update(skip_locked=True)).all()
        session.exec(
            update(Delivery)
            .where(col(Delivery.id).in_(ids))
            .values(lease_until=now + LEASE, attempts=col(Delivery.attempts) + 1),
            execution_options=_UNSYNCHRONISED,
        )
        claimed = session.exec(
            select(Delivery, Notification)
            .join(Notification, col(Notification.id) == col(Delivery.notification_id))
            .where(col(Delivery.id).in_(ids))
            .order_by(col(Delivery.urgency), col(Delivery.next_attempt_at))
        ).all()
        return [_claimed(session, delivery, note, staff_domains) for delivery, note in claimed]


def record_sent(engine: Engine, claimed: Claimed, *, now: datetime, answer: str) -> None:
    """The channel confirmed. True whoever holds the lease by now, so the lease is not asked for."""
    with writing(engine) as session:
        session.exec(
            update(Delivery)
            # What was withdrawn while it was being sent has been sent all the same.
            .where(col(Delivery.id) == claimed.id, col(Delivery.status).in_(["queued", "withdrawn"]))
            .values(status="sent", sent_at=now, lease_until=None, answer=answer[:300]),
            execution_options=_UNSYNCHRONISED,
        )


def record_failure(engine: Engine, claimed: Claimed, *, now: datetime, answer: str, permanent: bool) -> bool:
    """The channel did not confirm: try again later, or give up and tell the leader. True when given up.

    Changes nothing when the lease ran out and somebody else took the delivery over.
    """
    gives_up = permanent or is_spent(claimed.attempts, claimed.urgency)
    values: dict[str, Any] = {"lease_until": None, "answer": answer[:300]}
    if gives_up:
        values["status"] = "failed"
    else:
        values["next_attempt_at"] = now + backoff(claimed.attempts, claimed.urgency)
    with writing(engine) as session:
        mine = session.exec(
            update(Delivery)
            .where(col(Delivery.id) == claimed.id, _QUEUED, col(Delivery.lease_until) == claimed.lease_until)
            .values(**values),
            execution_options=_UNSYNCHRONISED,
        )
        if mine.rowcount != 1:
            return False
        is_urgent = claimed.urgency == Urgency.ACUTE and claimed.attempts >= _ACUTE_PATIENCE
        if gives_up or is_urgent:
            _tell_leader(session, claimed.id, now=now)
    return gives_up


def _due(now: datetime, channels: list[str], *, acute_only: bool) -> SelectOfScalar[str]:
    found = select(Delivery.id).where(
        _QUEUED,
        col(Delivery.next_attempt_at) <= now,
        or_(col(Delivery.lease_until).is_(None), col(Delivery.lease_until) <= now),
        col(Delivery.channel).in_(channels),
    )
    if acute_only:
        found = found.where(col(Delivery.urgency) == int(Urgency.ACUTE))
    return found.order_by(col(Delivery.urgency), col(Delivery.next_attempt_at))


def _claimed(
    session: Session, delivery: Delivery, note: Notification, staff_domains: tuple[str, ...]
) -> Claimed:
    try:
        recipient = recipient_of(session, note.staff_id, staff_domains=staff_domains)
    except RecipientRefusedError:
        recipient = None
    assert delivery.lease_until is not None
    return Claimed(
        id=delivery.id,
        channel=delivery.channel,
        message_id=delivery.message_id,
        urgency=delivery.urgency,
        attempts=delivery.attempts,
        lease_until=delivery.lease_until,
        message=note.message,
        variables=note.variables,
        at=note.at,
        recipient=recipient,
    )


def _tell_leader(session: Session, delivery_id: str, *, now: datetime) -> None:
    """Once per delivery: the leader of the case's team, or the heads when there is none or it is them."""
    delivery = session.get_one(Delivery, delivery_id)
    note = session.get_one(Notification, delivery.notification_id)
    case = session.get(Case, note.case_id) if note.case_id else None
    team_id = case.team_id if case else session.get_one(Staff, note.staff_id).team_id
    leaders = _active(session, col(Staff.role) == StaffRole.LEADER, col(Staff.team_id) == team_id)
    others = [staff_id for staff_id in leaders if staff_id != note.staff_id]
    for staff_id in others or _active(session, col(Staff.role) == StaffRole.HEAD):
        enqueue(
            session,
            Message.NOT_DELIVERED,
            staff_id=staff_id,
            now=now,
            case=case,
            rung=delivery_id,
            at=note.at,
            # Mail about mail that fails would fail as well, and again.
            inbox_only=True,
        )


def _active(session: Session, *are: ColumnElement[bool]) -> list[int]:
    found = session.exec(select(Staff.id).where(col(Staff.is_active), *are)).all()
    return [staff_id for staff_id in found if staff_id is not None]
