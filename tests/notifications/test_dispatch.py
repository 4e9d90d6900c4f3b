"""The dispatcher against real SMTP conversations, on both databases."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from handlepligt.errors import ConfigurationError
from models import Notification, Staff
from models.session import reading, writing
from notifications import dispatch
from notifications.dispatch import channel_status, dispatch_due, open_channels
from notifications.messages import Message, Urgency
from tests.house import House
from tests.make import MINUTE, MONDAY, make_case, make_staff
from tests.notifications.mail_servers import DROP, MailServer, free_port, mail_settings
from tests.notifications.outbox_rows import mails, queue, told
from tests.notifications.passes import at, one_pass

pytestmark = pytest.mark.usefixtures("mail_is_on")


def test_a_message_is_marked_sent_after_the_server_answered_250(engine: Engine, house: House) -> None:
    queue(engine, house.mia)
    server = MailServer()

    result = one_pass(engine, server, MONDAY + MINUTE)

    (mail,) = mails(engine)
    assert (mail.status, mail.sent_at, mail.answer, mail.attempts) == ("sent", MONDAY + MINUTE, "250", 1)
    assert server.message_ids == [mail.message_id]
    assert result == dispatch.DispatchResult(sent=1)


def test_a_message_is_still_queued_while_the_server_has_not_answered(engine: Engine, house: House) -> None:
    queue(engine, house.mia)
    seen: list[str] = []
    server = MailServer(on_received=lambda: seen.append(mails(engine)[0].status))

    one_pass(engine, server)

    assert seen == ["queued"]
    assert mails(engine)[0].status == "sent"


def test_an_answer_that_is_lost_leads_to_the_same_message_id_again(engine: Engine, house: House) -> None:
    queue(engine, house.mia)
    server = MailServer(answers=[DROP])

    first = one_pass(engine, server)
    status_between = mails(engine)[0].status
    too_early = one_pass(engine, server, MONDAY + timedelta(seconds=29))
    second = one_pass(engine, server, MONDAY + MINUTE)

    assert (first.to_retry, status_between) == (1, "queued")
    assert too_early == dispatch.DispatchResult()
    assert second.sent == 1
    assert server.message_ids == [mails(engine)[0].message_id] * 2


@pytest.mark.parametrize("answer", ["421 closing", "451 try later", "452 full"])
def test_a_passing_refusal_is_tried_again_until_it_is_taken(
    engine: Engine, house: House, answer: str
) -> None:
    queue(engine, house.mia)
    server = MailServer(answers=[answer, answer])

    one_pass(engine, server)
    first = mails(engine)[0]
    one_pass(engine, server, MONDAY + MINUTE)
    second = mails(engine)[0]
    one_pass(engine, server, MONDAY + 3 * MINUTE)

    assert (first.answer, first.next_attempt_at) == (answer[:3], MONDAY + timedelta(seconds=30))
    assert (second.status, second.next_attempt_at) == ("queued", MONDAY + 2 * MINUTE)
    assert mails(engine)[0].status == "sent"
    assert len(server.received) == 1


@pytest.mark.parametrize("where", ["recipient", "message"])
def test_a_permanent_refusal_is_not_repeated_and_the_leader_is_told_once(
    engine: Engine, house: House, where: str
) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
    queue(engine, house.mia, case=case)
    refusal = ["550 5.1.1 no such user"]
    server = MailServer(recipient_answers=refusal) if where == "recipient" else MailServer(answers=refusal)

    result = one_pass(engine, server)
    later = one_pass(engine, server, MONDAY + 60 * MINUTE)

    failed = mails(engine)[0]
    assert (failed.status, failed.answer, failed.sent_at) == ("failed", "550", None)
    assert (result.failed, later) == (1, dispatch.DispatchResult())
    assert server.received == []
    with reading(engine) as session:
        (message,) = told(session, house.lars, Message.NOT_DELIVERED)
        assert message.case_id == case.id
        assert told(session, house.sofie, Message.NOT_DELIVERED) == []


def test_when_the_leader_cannot_be_reached_the_head_is_told(engine: Engine, house: House) -> None:
    queue(engine, house.lars)

    one_pass(engine, MailServer(recipient_answers=["550 no"]))

    with reading(engine) as session:
        assert len(told(session, house.hanne, Message.NOT_DELIVERED)) == 1
        assert told(session, house.lars, Message.NOT_DELIVERED) == []


def test_mail_about_failing_mail_is_never_sent(engine: Engine, house: House) -> None:
    queue(engine, house.mia)

    one_pass(engine, MailServer(recipient_answers=["550 no"]))

    assert [mail.status for mail in mails(engine)] == ["failed"]


def test_a_refused_connection_is_tried_again(engine: Engine, house: House) -> None:
    queue(engine, house.mia)

    result = asyncio.run(dispatch_due(engine, mail_settings(smtp_port=free_port()), at(MONDAY)))

    assert (result.to_retry, mails(engine)[0].status) == (1, "queued")


def test_a_refused_greeting_says_nothing_about_the_message_and_is_tried_again(
    engine: Engine, house: House
) -> None:
    queue(engine, house.mia)

    one_pass(engine, MailServer(greeting="554 not now"))

    assert (mails(engine)[0].status, mails(engine)[0].answer) == ("queued", "554 before the message")


def test_somebody_deactivated_since_is_not_written_to_and_the_leader_is_told(
    engine: Engine, house: House
) -> None:
    queue(engine, house.mia)
    with writing(engine) as session:
        session.get_one(Staff, house.mia.id).is_active = False
    server = MailServer()

    one_pass(engine, server)

    assert server.said == []
    assert mails(engine)[0].status == "failed"
    with reading(engine) as session:
        assert len(told(session, house.lars, Message.NOT_DELIVERED)) == 1


def test_an_address_moved_outside_the_domains_since_is_refused_before_any_word_to_the_server(
    engine: Engine, house: House
) -> None:
    queue(engine, house.mia)
    with writing(engine) as session:
        session.get_one(Staff, house.mia.id).email = "mia@hjemme.example"
    server = MailServer()

    one_pass(engine, server)

    assert server.said == []
    assert (mails(engine)[0].status, mails(engine)[0].answer) == ("failed", "no address in an allowed domain")


def test_one_message_that_cannot_be_written_does_not_stop_the_others(engine: Engine, house: House) -> None:
    broken, _ = queue(engine, house.mia, house.otto)
    with writing(engine) as session:
        session.get_one(Notification, broken).message = "from_another_version"
    server = MailServer()

    result = one_pass(engine, server)

    assert (result.sent, result.to_retry) == (1, 1)


def test_an_acute_message_that_keeps_failing_reaches_the_leader_while_it_is_still_tried(
    engine: Engine, house: House
) -> None:
    queue(engine, house.mia, urgency=Urgency.ACUTE)
    server = MailServer(answers=["451 later"] * 9)

    for number in range(6):
        one_pass(engine, server, MONDAY + number * 6 * MINUTE)

    assert mails(engine)[0].status == "queued"
    with reading(engine) as session:
        assert len(told(session, house.lars, Message.NOT_DELIVERED)) == 1


def test_without_a_mail_server_only_the_inbox_is_on_and_doctor_can_say_so() -> None:
    statuses = {each.key: each for each in channel_status(mail_settings(smtp_host=""))}

    assert {key for key, status in statuses.items() if status.is_on} == {"inbox"}
    assert [status.problem for status in statuses.values() if status.problem] == []


def test_a_channel_that_does_not_exist_stops_the_start_and_is_named_by_doctor() -> None:
    settings = mail_settings(channels=("sms",))

    with pytest.raises(ConfigurationError, match="HANDLEPLIGT_CHANNELS: there is no channel sms"):
        open_channels(settings)

    (unknown,) = [status for status in channel_status(settings) if status.key == "sms"]
    assert unknown.is_on
    assert "HANDLEPLIGT_CHANNELS" in unknown.problem


def test_a_member_without_a_work_address_has_the_inbox_only(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        bo = make_staff(session, email="bo@hjemme.example", team=house.nord)

    assert len(queue(engine, bo)) == 1
    assert mails(engine) == []
