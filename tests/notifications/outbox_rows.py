"""Queues messages and looks at what became of them."""

from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models import Case, Delivery, Notification, Staff
from models.session import reading, writing
from notifications.messages import Message, Urgency
from notifications.outbox import enqueue
from tests.make import MONDAY


def queue(
    engine: Engine,
    *people: Staff,
    message: Message = Message.REMINDER,
    now: datetime = MONDAY,
    case: Case | None = None,
    urgency: Urgency | None = None,
    rung: str = "",
) -> list[str]:
    """One message to each, committed; the ids of the notifications."""
    with writing(engine) as session:
        made = [
            enqueue(
                session, message, staff_id=staff.id or 0, now=now, case=case, urgency=urgency,
                rung=f"{rung}{number}", step_key="talk", step_title="Børnesamtale",
            )
            for number, staff in enumerate(people)
        ]  # fmt: skip
        return [each for each in made if each is not None]


def mails(engine: Engine) -> list[Delivery]:
    """The e-mail deliveries, oldest first."""
    with reading(engine) as session:
        found = select(Delivery).where(Delivery.channel == "email")
        return list(session.exec(found.order_by(col(Delivery.next_attempt_at), col(Delivery.id))).all())


def told(session: Session, staff: Staff, message: Message) -> list[Notification]:
    found = select(Notification).where(
        Notification.staff_id == staff.id, Notification.message == message.value
    )
    return list(session.exec(found).all())
