"""A message is queued once, and is sent exactly when it has a time for it."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from models import Delivery, Notification, new_id
from models.session import writing
from tests.house import House
from tests.make import MONDAY, added
from tests.models.refusal import refused, table

NOTIFICATION, DELIVERY = table("notification"), table("delivery")


@pytest.fixture(autouse=True)
def queued(engine: Engine, house: House) -> None:
    """One message to Mia, queued for e-mail."""
    with writing(engine) as session:
        message = Notification(staff_id=house.mia.id, message="reminder", at=MONDAY, dedupe="case:step:1:mia")
        delivery = Delivery(
            notification_id=message.id, channel="email", next_attempt_at=MONDAY, message_id="<1@example>"
        )
        added(session, message, delivery)


def test_queueing_the_same_message_twice_is_refused(engine: Engine) -> None:
    with refused(engine, by="uq_notification_dedupe") as connection:
        row = dict(connection.execute(NOTIFICATION.select()).mappings().one())
        connection.execute(insert(NOTIFICATION).values(**row | {"id": new_id()}))


def test_a_message_goes_once_through_each_channel(engine: Engine) -> None:
    with refused(engine, by="uq_delivery_notification_id_channel") as connection:
        row = dict(connection.execute(DELIVERY.select()).mappings().one())
        connection.execute(insert(DELIVERY).values(**row | {"id": new_id()}))


@pytest.mark.parametrize(
    "values", [{"status": "sent"}, {"sent_at": MONDAY}], ids=["sent at no time", "queued but sent"]
)
def test_a_delivery_is_sent_exactly_when_it_has_a_time_for_it(engine: Engine, values: dict[str, Any]) -> None:
    with refused(engine, by="ck_delivery_sent") as connection:
        connection.execute(update(DELIVERY).values(**values))
