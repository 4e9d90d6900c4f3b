"""What pages show besides one case: the frame around every page. Reads only, and holds no rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlmodel import Session, col, select

from models import Delivery, Heartbeat, InstallationFact, Notification, Staff
from notifications.inbox import unread_count

SWEEP_MAY_BE_LATE = timedelta(minutes=5)
SWEEP = "sweep"
RECONCILER = "reconciler"


@dataclass(frozen=True)
class Frame:
    """What stands around every page: unread messages, whether data are made up, whether nobody sweeps."""

    unread: int
    is_demo: bool
    sweep_is_late: bool
    last_sweep_at: datetime | None


def frame_for(session: Session, staff: Staff, now: datetime) -> Frame:
    """The frame for `staff` at `now` (aware UTC)."""
    swept_at = last_sweep(session)
    return Frame(
        unread=unread_count(session, staff.id or 0),
        is_demo=is_demo(session),
        sweep_is_late=swept_at is None or now - swept_at > SWEEP_MAY_BE_LATE,
        last_sweep_at=swept_at,
    )


def is_demo(session: Session) -> bool:
    """Whether this installation holds made-up cases."""
    return (
        session.exec(select(InstallationFact.value).where(InstallationFact.key == "mode")).first() == "demo"
    )


def last_sweep(session: Session) -> datetime | None:
    """When the sweep last ran to its end."""
    return session.exec(select(Heartbeat.at).where(Heartbeat.name == SWEEP)).first()


@dataclass(frozen=True)
class Operation:
    """How the product itself is doing: its jobs and its outbox."""

    beats: tuple[Heartbeat, ...]
    sweep_at: datetime | None
    reconciler_at: datetime | None
    oldest_unsent_at: datetime | None
    queued_deliveries: int
    failed_deliveries: int


def operation(session: Session, now: datetime) -> Operation:
    """The state of jobs and outbox; a delivery counts as unsent once it is due."""
    beats = tuple(session.exec(select(Heartbeat).order_by(col(Heartbeat.name))))
    by_name = {beat.name: beat.at for beat in beats}
    waiting = (Delivery.status == "queued", Delivery.next_attempt_at <= now)
    queued, oldest = session.exec(
        select(func.count(), func.min(Notification.at))
        .select_from(Delivery)
        .join(Notification, col(Notification.id) == Delivery.notification_id)
        .where(*waiting)
    ).one()
    failed = session.exec(select(func.count()).select_from(Delivery).where(Delivery.status == "failed")).one()
    return Operation(beats, by_name.get(SWEEP), by_name.get(RECONCILER), oldest, queued, failed)
