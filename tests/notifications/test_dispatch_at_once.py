"""Several sends and several senders at once: who goes first, nothing twice, nothing lost."""

import asyncio
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import Engine

from notifications import dispatch
from notifications.claims import LEASE
from notifications.dispatch import dispatch_due, run_dispatcher
from notifications.messages import Urgency
from tests.house import House
from tests.make import MONDAY
from tests.notifications.mail_servers import STALL, MailServer
from tests.notifications.outbox_rows import mails, queue
from tests.notifications.passes import at, one_pass, with_server

pytestmark = pytest.mark.usefixtures("mail_is_on")


def test_one_stalling_mail_does_not_hold_up_the_others(
    engine: Engine, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "SEND_WITHIN_SECONDS", 2.0)
    queue(engine, house.mia, *[house.otto] * 30)
    server = MailServer(stall_for="mia@")
    arrived: list[int] = []

    async def work() -> None:
        sending = asyncio.create_task(dispatch_due(engine, server.settings(), at(MONDAY)))
        await asyncio.sleep(1.5)
        arrived.append(len(server.received))
        await sending

    with_server(server, work)

    assert arrived == [31]  # All thirty, and the one that the server keeps without answering.
    assert sorted(mail.status for mail in mails(engine)) == ["queued"] + ["sent"] * 30
    assert [mail.answer for mail in mails(engine) if mail.status == "queued"] == ["no answer in 2 s"]


def test_an_acute_message_passes_even_when_every_ordinary_place_stalls(
    engine: Engine, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "SEND_WITHIN_SECONDS", 3.0)
    queue(engine, *[house.mia] * 6)
    server = MailServer(stall_for="mia@")
    stop = asyncio.Event()

    async def work() -> list[str]:
        running = asyncio.create_task(run_dispatcher(engine, server.settings(), stop=stop, now=at(MONDAY)))
        await asyncio.sleep(0.5)
        queue(engine, house.otto, urgency=Urgency.ACUTE)
        await asyncio.sleep(1.5)
        arrived = [str(mail["To"]) for mail in server.received]
        stop.set()
        await running
        return arrived

    arrived = with_server(server, work)

    assert arrived.count("mia@kommunen.example") == 3
    assert arrived.count("otto@kommunen.example") == 1


def test_acute_messages_go_first(engine: Engine, house: House) -> None:
    queue(engine, house.mia, urgency=Urgency.ORDINARY)
    queue(engine, house.otto, urgency=Urgency.OVERDUE)
    queue(engine, house.karin, urgency=Urgency.ACUTE)
    server = MailServer()

    one_pass(engine, server, senders=1)

    assert [str(mail["To"]).split("@")[0] for mail in server.received] == ["karin", "otto", "mia"]


def test_two_dispatchers_at_once_send_nothing_twice(engine: Engine, house: House) -> None:
    queue(engine, *[house.mia] * 40)
    server = MailServer(delay=0.005)

    async def both() -> list[dispatch.DispatchResult]:
        settings = server.settings()
        return await asyncio.gather(*(dispatch_due(engine, settings, at(MONDAY)) for _ in range(2)))

    results = with_server(server, both)

    assert len(server.received) == 40
    assert len(set(server.message_ids)) == 40
    assert sum(result.sent for result in results) == 40
    assert {mail.status for mail in mails(engine)} == {"sent"}


@pytest.mark.slow
def test_the_message_of_a_killed_sender_goes_out_again_under_the_same_message_id(
    engine: Engine, house: House
) -> None:
    queue(engine, house.mia)
    server = MailServer(answers=[STALL])
    url = engine.url.render_as_string(hide_password=False)

    async def work() -> tuple[str, dispatch.DispatchResult, dispatch.DispatchResult]:
        arrived = asyncio.Event()
        server.on_received = arrived.set
        arguments = ["-m", "tests.notifications.one_pass", url, str(server.port), MONDAY.isoformat()]
        sender = await asyncio.create_subprocess_exec(sys.executable, *arguments)
        try:
            await asyncio.wait_for(arrived.wait(), 60)
        finally:
            sender.kill()
            await sender.wait()
        between = mails(engine)[0].status
        early = await dispatch_due(engine, server.settings(), at(MONDAY + LEASE - timedelta(seconds=1)))
        late = await dispatch_due(engine, server.settings(), at(MONDAY + LEASE))
        return between, early, late

    between, early, late = with_server(server, work)

    assert between == "queued"
    assert early == dispatch.DispatchResult()
    assert late.sent == 1
    assert server.message_ids == [mails(engine)[0].message_id] * 2


def test_the_loop_sends_at_once_when_it_is_woken(
    engine: Engine, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "POLL_SECONDS", 60.0)
    server = MailServer()
    stop, wake = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        arrived = asyncio.Event()
        server.on_received = arrived.set
        running = asyncio.create_task(
            run_dispatcher(engine, server.settings(), stop=stop, wake=wake, now=at(MONDAY))
        )
        await asyncio.sleep(0.3)
        queue(engine, house.mia)
        wake.set()
        await asyncio.wait_for(arrived.wait(), 5)
        stop.set()
        await asyncio.wait_for(running, 15)

    with_server(server, work)

    assert mails(engine)[0].status == "sent"


def test_the_loop_is_seen_to_work_after_its_first_look_and_then_every_half_minute(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "POLL_SECONDS", 0.01)
    watch, looks = 1000.0, 0
    monkeypatch.setattr(dispatch, "time", SimpleNamespace(monotonic=lambda: watch))
    beats: list[float] = []
    server = MailServer()
    stop = asyncio.Event()

    def now() -> datetime:
        # Each look asks the time once: the first while the database is away, the others ten seconds apart.
        nonlocal watch, looks
        looks += 1
        watch += 10.0
        if looks == 1:
            raise ConnectionError("away")
        if looks == 12:
            stop.set()
        return MONDAY

    async def work() -> None:
        await run_dispatcher(engine, server.settings(), stop=stop, now=now, beat=lambda: beats.append(watch))

    with_server(server, work)

    assert beats == [1020.0, 1050.0, 1080.0, 1110.0]


def test_the_loop_goes_on_after_the_database_was_away(
    engine: Engine, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "POLL_SECONDS", 0.05)
    queue(engine, house.mia)
    server = MailServer()
    stop = asyncio.Event()
    times = iter([ConnectionError("away"), ConnectionError("away")])

    def now() -> datetime:
        if error := next(times, None):
            raise error
        return MONDAY

    async def work() -> None:
        arrived = asyncio.Event()
        server.on_received = arrived.set
        running = asyncio.create_task(run_dispatcher(engine, server.settings(), stop=stop, now=now))
        await asyncio.wait_for(arrived.wait(), 5)
        stop.set()
        await running

    with_server(server, work)

    assert mails(engine)[0].status == "sent"
