"""Messages to staff and how far each has got (the outbox)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Row, UtcDateTime, new_id


class Notification(Row, table=True):
    """One message to one member of staff. Its variables are reference, step, time and link, nothing else.

    `dedupe` (case, step, rung, recipient) is unique: queueing the same message twice queues it once.
    """

    __table_args__ = (
        UniqueConstraint("dedupe"),
        Index("ix_notification_staff_id_at", "staff_id", "at"),
        Index("ix_notification_case_id", "case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    staff_id: int = Field(foreign_key="staff.id")
    case_id: str | None = Field(default=None, foreign_key="case.id", max_length=32)
    message: str = Field(max_length=60)
    urgency: int = 1
    variables: str = Field(default="{}", max_length=16000)
    at: datetime = Field(sa_type=UtcDateTime)
    dedupe: str = Field(max_length=200)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Delivery(Row, table=True):
    """One notification through one channel. Marked sent only after the channel confirmed.

    Withdrawn is what was taken back before it was sent, for a reader who is to hear no more of the case.
    `lease_until` is when another dispatcher may take it over. `message_id` never changes, so that a
    duplicate can be recognised.
    """

    __table_args__ = (
        UniqueConstraint("notification_id", "channel"),
        CheckConstraint("status IN ('queued', 'sent', 'failed', 'withdrawn')", name="status"),
        CheckConstraint("(status = 'sent') = (sent_at IS NOT NULL)", name="sent"),
        Index(
            "ix_delivery_queued",
            "urgency",
            "next_attempt_at",
            sqlite_where=text("status = 'queued'"),
            postgresql_where=text("status = 'queued'"),
        ),
        Index(
            "ix_delivery_failed",
            "notification_id",
            sqlite_where=text("status = 'failed'"),
            postgresql_where=text("status = 'failed'"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    notification_id: str = Field(foreign_key="notification.id", max_length=32)
    channel: str = Field(max_length=30)
    urgency: int = 1
    status: str = Field(default="queued", max_length=10)
    attempts: int = 0
    next_attempt_at: datetime = Field(sa_type=UtcDateTime)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    message_id: str = Field(max_length=120)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answer: str = Field(default="", max_length=300)
