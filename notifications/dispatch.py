"""Sends what is queued: claims it, hands it to its channel outside any transaction, records the result."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self, TypeVar

import structlog
from sqlalchemy import Engine

from handlepligt import clock
from handlepligt.errors import ConfigurationError
from handlepligt.plugins import find_classes
from handlepligt.settings import Settings
from notifications.channel import Channel, ChannelError, OutgoingMessage
from notifications.claims import Claimed, claim, record_failure, record_sent
from notifications.messages import Message, render
from notifications.reach import reach_of
from notifications.stored import from_row

CHANNELS = "notifications.channels"
SEND_WITHIN_SECONDS = 30.0
POLL_SECONDS = 1.0
BEAT_EVERY_SECONDS = 30.0
# How long sends under way may finish after a stop; what is cut off goes out again under its message id.
FINISH_WITHIN_SECONDS = 10.0

_log = structlog.get_logger(__name__)
_Answer = TypeVar("_Answer")


@dataclass(slots=True)
class DispatchResult:
    """How many deliveries were confirmed, will be tried again, and were given up."""

    sent: int = 0
    to_retry: int = 0
    failed: int = 0


@dataclass(frozen=True, slots=True)
class ChannelStatus:
    """One channel for `doctor` and the settings page: `problem` is a sentence when it is on but unusable."""

    key: str
    title: str
    is_on: bool
    problem: str = ""


def channel_status(settings: Settings) -> list[ChannelStatus]:
    """Every channel there is and every name in the settings, whether on, and what is wrong with it."""
    found = find_classes(CHANNELS, Channel)  # type: ignore[type-abstract]
    on = reach_of(settings).channels
    statuses = [
        ChannelStatus(key, made.title, key in on, _problem(made, settings, key in on))
        for key, made in found.items()
    ]
    unknown = [
        ChannelStatus(key, key, True, f"HANDLEPLIGT_CHANNELS: der er ingen kanal, der hedder {key}.")
        for key in on
        if key not in found
    ]
    return statuses + unknown


def open_channels(settings: Settings) -> dict[str, Channel]:
    """The channels that are on, by key. Raises ConfigurationError for an unknown or unusable one."""
    found = find_classes(CHANNELS, Channel)  # type: ignore[type-abstract]
    on = reach_of(settings).channels
    if unknown := [key for key in on if key not in found]:
        raise ConfigurationError(f"HANDLEPLIGT_CHANNELS: there is no channel {', '.join(unknown)}")
    return {key: found[key](settings) for key in on}


async def dispatch_due(
    engine: Engine, settings: Settings, now: Callable[[], datetime] = clock.now
) -> DispatchResult:
    """One pass: sends everything that is due; what fails is tried again in a later pass."""
    async with _Senders(engine, settings, now) as senders:
        while await senders.start_some() or senders.running:
            await senders.one_done()
    return senders.result


async def run_dispatcher(
    engine: Engine,
    settings: Settings,
    *,
    stop: asyncio.Event,
    wake: asyncio.Event | None = None,
    beat: Callable[[], None] = lambda: None,
    now: Callable[[], datetime] = clock.now,
) -> None:
    """Sends until `stop` is set: at once when `wake` is set (and cleared), else looking every second.

    `beat` is called (in a thread) after a look that came to its end, at most every thirty seconds. Raises
    ConfigurationError at the start only; a database that is away is logged and asked again.
    """
    beaten_at = float("-inf")
    wake = wake or asyncio.Event()
    async with _Senders(engine, settings, now) as senders:
        while not stop.is_set():
            wake.clear()
            try:
                await senders.start_some()
                if time.monotonic() - beaten_at >= BEAT_EVERY_SECONDS:
                    await senders.in_database(beat)
                    beaten_at = time.monotonic()
            except Exception as error:
                # Whatever it is, messages must go out again as soon as it passes.
                _log.error("dispatch_claim_failed", error=type(error).__name__)
            await _first_of(stop, wake, senders.running)


class _Senders:
    """At most `settings.senders` sends at a time; with several, the last place is kept for acute ones.

    One slow mail holds one place. Were all places open to everything, a stalling server would make an
    acute message wait behind ordinary ones.
    """

    def __init__(self, engine: Engine, settings: Settings, now: Callable[[], datetime]) -> None:
        self.running: set[asyncio.Task[None]] = set()
        self.result = DispatchResult()
        self._engine = engine
        self._now = now
        self._places = settings.senders
        self._public_url = settings.resolved_public_url
        self._staff_domains = reach_of(settings).staff_domains
        self._channels = open_channels(settings)
        # One thread: the loop never waits for the database, and SQLite has one writer anyway.
        self._database = ThreadPoolExecutor(1, thread_name_prefix="dispatch")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.running:
            _, late = await asyncio.wait(self.running, timeout=FINISH_WITHIN_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._database.shutdown(wait=True)

    async def start_some(self) -> int:
        """Claims as much as there are places for and starts sending it; how many that was."""
        free = self._places - len(self.running)
        ordinary = free if self._places == 1 else free - 1
        started = await self._start(ordinary, acute_only=False)
        if started < ordinary:
            return started  # Nothing more is due.
        return started + await self._start(free - started, acute_only=True)

    async def one_done(self) -> None:
        """Waits until a send under way has ended; returns at once when there is none."""
        if self.running:
            await asyncio.wait(self.running, return_when=asyncio.FIRST_COMPLETED)

    async def _start(self, limit: int, *, acute_only: bool) -> int:
        if limit < 1:
            return 0
        claimed = await self.in_database(
            lambda: claim(
                self._engine,
                now=self._now(),
                channels=self._channels,
                staff_domains=self._staff_domains,
                limit=limit,
                acute_only=acute_only,
            )
        )
        for each in claimed:
            task = asyncio.create_task(self._deliver(each))
            self.running.add(task)
            task.add_done_callback(self.running.discard)
        return len(claimed)

    async def _deliver(self, claimed: Claimed) -> None:
        try:
            await self._send_and_record(claimed)
        except Exception as error:
            # The result could not be recorded. The lease runs out and the delivery is tried again.
            _log.error("dispatch_record_failed", delivery_id=claimed.id, error=type(error).__name__)

    async def _send_and_record(self, claimed: Claimed) -> None:
        try:
            async with asyncio.timeout(SEND_WITHIN_SECONDS):
                answer = await self._send(claimed)
        except ChannelError as error:
            await self._failed(claimed, str(error), permanent=error.permanent)
        except TimeoutError:
            await self._failed(claimed, f"no answer in {SEND_WITHIN_SECONDS:.0f} s", permanent=False)
        except Exception as error:
            # A fault of ours: tried again, so that a corrected version still delivers it.
            await self._failed(claimed, f"internal: {type(error).__name__}", permanent=False)
        else:
            await self.in_database(lambda: record_sent(self._engine, claimed, now=self._now(), answer=answer))
            self.result.sent += 1

    async def _send(self, claimed: Claimed) -> str:
        if claimed.recipient is None:
            raise ChannelError("the member of staff is not active", permanent=True)
        text = render(
            Message(claimed.message),
            from_row(claimed.variables),
            queued_at=claimed.at,
            public_url=self._public_url,
        )
        message = OutgoingMessage(claimed.message_id, text, claimed.at)
        return await self._channels[claimed.channel].send(claimed.recipient, message)

    async def _failed(self, claimed: Claimed, answer: str, *, permanent: bool) -> None:
        gave_up = await self.in_database(
            lambda: record_failure(self._engine, claimed, now=self._now(), answer=answer, permanent=permanent)
        )
        _log.warning("delivery_failed", delivery_id=claimed.id, answer=answer, gave_up=gave_up)
        if gave_up:
            self.result.failed += 1
        else:
            self.result.to_retry += 1

    async def in_database(self, work: Callable[[], _Answer]) -> _Answer:
        """What `work` gives, done in the one thread that talks to the database."""
        return await asyncio.get_running_loop().run_in_executor(self._database, work)


async def _first_of(stop: asyncio.Event, wake: asyncio.Event, running: set[asyncio.Task[None]]) -> None:
    """Waits for a stop, a call, the end of a send, or one second."""
    calls = {asyncio.create_task(stop.wait()), asyncio.create_task(wake.wait())}
    try:
        await asyncio.wait(calls | running, timeout=POLL_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


def _problem(made: type[Channel], settings: Settings, is_on: bool) -> str:
    try:
        if is_on:
            made(settings)
    except ConfigurationError as error:
        return str(error)
    return ""
