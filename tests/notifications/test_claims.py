"""Claims: each delivery by one sender at a time, and how long a failure waits."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models.session import reading
from notifications.claims import (
    GIVE_UP_AFTER,
    LEASE,
    Claimed,
    backoff,
    claim,
    is_spent,
    record_failure,
    record_sent,
)
from notifications.messages import Message, Urgency
from tests.house import House
from tests.make import DAY, MONDAY
from tests.notifications.outbox_rows import mails, queue, told

pytestmark = pytest.mark.usefixtures("mail_is_on")


def taken(engine: Engine, now=MONDAY, limit=100, **others: object) -> list[Claimed]:  # type: ignore[no-untyped-def]
    return claim(
        engine, now=now, channels=["email"], staff_domains=("kommunen.example",), limit=limit, **others
    )


def test_many_senders_at_once_share_the_queue_and_no_two_get_the_same(engine: Engine, house: House) -> None:
    queue(engine, *[house.mia] * 60)
    mine: list[list[str]] = [[] for _ in range(6)]
    start = threading.Barrier(6)

    def send(number: int) -> None:
        start.wait()
        while got := taken(engine, limit=3):
            mine[number] += [each.id for each in got]

    threads = [threading.Thread(target=send, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    ids = [each for some in mine for each in some]
    assert len(ids) == len(set(ids)) == 60


def test_a_lease_that_ran_out_is_taken_over_under_the_same_message_id(engine: Engine, house: House) -> None:
    queue(engine, house.mia)

    (first,) = taken(engine)
    before = taken(engine, MONDAY + LEASE - timedelta(microseconds=1))
    (second,) = taken(engine, MONDAY + LEASE)

    assert before == []
    assert (second.id, second.message_id) == (first.id, first.message_id)
    assert (first.attempts, second.attempts) == (1, 2)


def test_a_late_failure_of_the_first_sender_does_not_undo_the_second_s_claim(
    engine: Engine, house: House
) -> None:
    queue(engine, house.mia)
    (first,) = taken(engine)
    (second,) = taken(engine, MONDAY + LEASE)

    gave_up = record_failure(engine, first, now=MONDAY + LEASE, answer="550", permanent=True)

    assert not gave_up
    assert mails(engine)[0].lease_until == second.lease_until
    with reading(engine) as session:
        assert told(session, house.lars, Message.NOT_DELIVERED) == []


def test_a_late_confirmation_counts_whoever_holds_the_lease(engine: Engine, house: House) -> None:
    queue(engine, house.mia)
    (first,) = taken(engine)
    (second,) = taken(engine, MONDAY + LEASE)

    record_sent(engine, first, now=MONDAY + LEASE, answer="250")
    record_failure(engine, second, now=MONDAY + LEASE, answer="550", permanent=True)

    assert (mails(engine)[0].status, mails(engine)[0].answer) == ("sent", "250")


def test_only_channels_that_are_on_are_claimed(engine: Engine, house: House) -> None:
    queue(engine, house.mia)

    assert claim(engine, now=MONDAY, channels=["inbox"], staff_domains=(), limit=9) == []
    assert claim(engine, now=MONDAY, channels=[], staff_domains=(), limit=9) == []


def test_the_place_kept_for_acute_messages_takes_no_other(engine: Engine, house: House) -> None:
    queue(engine, house.mia, urgency=Urgency.OVERDUE)
    queue(engine, house.mia, urgency=Urgency.ACUTE, rung="a")

    got = taken(engine, acute_only=True)

    assert [each.urgency for each in got] == [Urgency.ACUTE]


def test_the_wait_doubles_from_half_a_minute_to_an_hour() -> None:
    waits = [backoff(number, Urgency.ORDINARY) for number in (1, 2, 3, 7, 8, 500)]

    assert [wait.total_seconds() for wait in waits] == [30, 60, 120, 1920, 3600, 3600]


def test_acute_messages_wait_less() -> None:
    assert [backoff(number, Urgency.ACUTE).total_seconds() for number in (1, 2, 7, 99)] == [5, 10, 300, 300]


@pytest.mark.parametrize("urgency", list(Urgency))
def test_after_three_days_of_failing_a_person_is_asked(urgency: Urgency) -> None:
    number = next(number for number in range(1, 10_000) if is_spent(number, urgency))

    waited = sum((backoff(each, urgency) for each in range(1, number + 1)), timedelta())

    assert GIVE_UP_AFTER <= waited < GIVE_UP_AFTER + timedelta(hours=1)


def test_a_delivery_that_is_spent_fails_and_the_leader_is_told(engine: Engine, house: House) -> None:
    queue(engine, house.mia)
    (mine,) = taken(engine)
    spent = Claimed(**{name: getattr(mine, name) for name in Claimed.__slots__} | {"attempts": 500})

    gave_up = record_failure(engine, spent, now=MONDAY + 3 * DAY, answer="451", permanent=False)

    assert gave_up
    assert mails(engine)[0].status == "failed"
    with reading(engine) as session:
        assert len(told(session, house.lars, Message.NOT_DELIVERED)) == 1
