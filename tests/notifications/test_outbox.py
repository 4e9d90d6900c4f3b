"""Queueing: in the caller's transaction, once, through the channels that apply."""

import threading

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handlepligt.errors import NotFoundError
from models import Absence, Case, Delivery, DutyHolding, Notification
from models.session import reading, writing
from notifications.messages import Line, Message, MessageRefusedError, Urgency
from notifications.outbox import enqueue
from notifications.stored import ROOM, from_row
from tests.house import House
from tests.make import DAY, HOUR, MONDAY, make_absence, make_case, make_staff
from tests.notifications.outbox_rows import queue

pytestmark = pytest.mark.usefixtures("mail_is_on")


def deliveries(session: Session, notification_id: str) -> dict[str, Delivery]:
    found = session.exec(select(Delivery).where(col(Delivery.notification_id) == notification_id))
    return {row.channel: row for row in found}


def variables_of(engine: Engine, notification_id: str) -> str:
    with reading(engine) as session:
        return session.get_one(Notification, notification_id).variables


def test_a_message_is_in_the_inbox_at_once_and_queued_for_mail(engine: Engine, house: House) -> None:
    (queued,) = queue(engine, house.mia)

    with reading(engine) as session:
        rows = deliveries(session, queued)
        assert (rows["inbox"].status, rows["inbox"].sent_at) == ("sent", MONDAY)
        assert (rows["email"].status, rows["email"].sent_at) == ("queued", None)
        assert rows["email"].message_id == f"<{queued}.email@kommunen.example>"


def test_the_same_message_asked_for_twice_is_queued_once_and_the_transaction_goes_on(
    engine: Engine, house: House
) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
        words = {"staff_id": house.mia.id, "case": case, "step_key": "talk", "rung": "due"}
        first = enqueue(session, Message.OVERDUE, now=MONDAY, **words)
        second = enqueue(session, Message.OVERDUE, now=MONDAY + HOUR, **words)
        make_absence(session, staff=house.otto)

    assert first is not None
    assert second is None
    with reading(engine) as session:
        assert len(session.exec(select(Notification)).all()) == 1
        assert len(session.exec(select(Delivery)).all()) == 2
        assert len(session.exec(select(Absence)).all()) == 1


def test_rung_recipient_step_and_case_each_make_another_message(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        one, other = make_case(session, holder=house.mia), make_case(session, holder=house.mia)
        asked = [
            (house.mia, one, "talk", "1"), (house.mia, one, "talk", "2"), (house.lars, one, "talk", "1"),
            (house.mia, one, "spar", "1"), (house.mia, other, "talk", "1"),
        ]  # fmt: skip
        made = [
            enqueue(
                session, Message.OVERDUE, staff_id=who.id, now=MONDAY, case=case, step_key=step, rung=rung
            )
            for who, case, step, rung in asked
        ]

    assert None not in made


def test_without_a_rung_what_happens_a_second_time_is_told_a_second_time(
    engine: Engine, house: House
) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
        times = (MONDAY, MONDAY, MONDAY + DAY)
        made = [
            enqueue(session, Message.DUTY_RECEIVED, staff_id=house.mia.id, now=at, case=case) for at in times
        ]

    assert [each is not None for each in made] == [True, False, True]


def test_what_the_caller_takes_back_was_never_queued(engine: Engine, house: House) -> None:
    def fail_after_queueing() -> None:
        with writing(engine) as session:
            enqueue(session, Message.REMINDER, staff_id=house.mia.id or 0, now=MONDAY)
            raise RuntimeError("the use case failed")

    with pytest.raises(RuntimeError):
        fail_after_queueing()

    with reading(engine) as session:
        assert session.exec(select(Notification)).all() == []
        assert session.exec(select(Delivery)).all() == []


def test_a_case_that_is_not_yet_written_is_written_first(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        example = make_case(session, holder=house.mia)
        new = "f" * 32
        case = Case(**example.model_dump() | {"id": new, "open_for": new, "reference": "2026-999999"})
        session.add(case)
        made = enqueue(session, Message.DUTY_RECEIVED, staff_id=house.mia.id, now=MONDAY, case=case)
        session.add(DutyHolding(case_id=new, open_for=new, holder_id=house.mia.id, since=MONDAY))

    assert made is not None


def test_several_at_once_queue_one(engine: Engine, house: House) -> None:
    made: list[list[str]] = []
    start = threading.Barrier(6)

    def ask() -> None:
        start.wait()
        made.append(queue(engine, house.mia, rung="same"))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 6
    assert len([each for each in made if each]) == 1
    with reading(engine) as session:
        assert len(session.exec(select(Delivery)).all()) == 2


def test_in_an_acute_case_every_message_is_acute(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia, is_acute=True)
        made = enqueue(session, Message.REMINDER, staff_id=house.mia.id, now=MONDAY, case=case)

        assert made is not None
        assert {row.urgency for row in deliveries(session, made).values()} == {Urgency.ACUTE}


def test_the_row_holds_reference_step_and_times_and_nothing_about_the_citizen(
    engine: Engine, house: House
) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia, summary="Kanariefugl")
        made = enqueue(
            session, Message.OVERDUE, staff_id=house.mia.id, now=MONDAY, case=case,
            step_key="talk", step_title="Børnesamtale", at=MONDAY + DAY,
        )  # fmt: skip

    assert made is not None
    kept = from_row(variables_of(engine, made))
    assert (kept.reference, kept.step, kept.at) == (case.reference, "Børnesamtale", MONDAY + DAY)


def test_more_missed_rungs_than_there_is_room_for_are_counted(engine: Engine, house: House) -> None:
    lines = [Line("2026-000123", "Et trin med en ganske lang titel", MONDAY)] * 500

    with writing(engine) as session:
        made = enqueue(session, Message.MISSED_WHILE_DOWN, staff_id=house.mia.id, now=MONDAY, lines=lines)

    assert made is not None
    assert len(variables_of(engine, made)) <= ROOM
    kept = from_row(variables_of(engine, made))
    assert len(kept.lines) + kept.more == 500
    assert len(kept.lines) > 100


def test_a_title_with_a_line_break_is_refused(engine: Engine, house: House) -> None:
    with pytest.raises(MessageRefusedError), writing(engine) as session:
        enqueue(
            session, Message.REMINDER, staff_id=house.mia.id, now=MONDAY, step_title="Samtale\r\nBcc: a@b.dk"
        )


def test_nobody_outside_the_staff_table_can_be_told(engine: Engine, house: House) -> None:
    with pytest.raises(NotFoundError), writing(engine) as session:
        enqueue(session, Message.REMINDER, staff_id=999_999, now=MONDAY)


@pytest.mark.parametrize(
    "email", ["", "mia@hjemme.example", "mia@sub.kommunen.example", "mia@kommunen.example.org"]
)
def test_without_an_address_in_the_domains_there_is_the_inbox_only(
    engine: Engine, house: House, email: str
) -> None:
    with writing(engine) as session:
        bo = make_staff(session, email=email, team=house.nord)
    (queued,) = queue(engine, bo)

    with reading(engine) as session:
        assert set(deliveries(session, queued)) == {"inbox"}


def test_without_a_mail_server_there_is_the_inbox_only(
    engine: Engine, house: House, mail_is_off: None
) -> None:
    (queued,) = queue(engine, house.mia)

    with reading(engine) as session:
        assert set(deliveries(session, queued)) == {"inbox"}


def test_a_very_long_key_is_shortened_without_becoming_another_s(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        made = [
            enqueue(session, Message.REMINDER, staff_id=house.mia.id, now=MONDAY, dedupe="k" * 300 + end)
            for end in ("a", "b", "a")
        ]

    assert [each is not None for each in made] == [True, True, False]
