"""The process that wakes things: leads the follow-ups, sends messages, and keeps Prefect's runs moving."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib import import_module

import structlog
from sqlalchemy import Engine

from handlepligt import clock
from handlepligt.cases.views import RECONCILER
from handlepligt.followups.heartbeats import beat
from handlepligt.followups.lease import LeaderLease
from handlepligt.followups.scheduler import Scheduler
from handlepligt.prefect_server import prefect_environment
from handlepligt.settings import Settings
from models.base import new_id
from notifications.dispatch import open_channels, run_dispatcher

DISPATCH = "dispatch"
KEEP_GOING_EVERY_SECONDS = 5.0
# Whoever stops the product waits for this; a mail that is cut off goes out again under its message id.
STOP_WITHIN_SECONDS = 3.0
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 60.0

_log = structlog.get_logger(__name__)


def run_worker(settings: Settings, engine: Engine, *, holder: str = "") -> None:
    """Works until SIGTERM or SIGINT. `engine` has its tables, and the keys are installed.

    `holder` is the name under which it leads; by default one of its own. Prefect may be absent: that
    delays the mirror and nothing else. Raises ConfigurationError when a channel cannot be used.
    """
    open_channels(settings)
    # Prefect reads these when it is imported, so they are set before anything imports it.
    os.environ.update(prefect_environment(settings))
    lease = LeaderLease(engine, holder=holder or f"{socket.gethostname()[:40]}:{os.getpid()}:{new_id()[:8]}")
    asyncio.run(_work(settings, engine, lease))


async def _work(settings: Settings, engine: Engine, lease: LeaderLease) -> None:
    loop = asyncio.get_running_loop()
    stop, queued = asyncio.Event(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    scheduler = Scheduler(engine, lease, on_queued=lambda: _call(loop, queued))
    await asyncio.to_thread(scheduler.start)
    _log.info("worker_started", pid=os.getpid())
    tasks = [
        asyncio.create_task(_keep_going(scheduler, stop)),
        asyncio.create_task(
            _kept_up(
                DISPATCH,
                stop,
                lambda: run_dispatcher(
                    engine, settings, stop=stop, wake=queued, beat=lambda: _beat(engine, DISPATCH)
                ),
            )
        ),
        asyncio.create_task(_kept_up("flows", stop, lambda: _run_flows(settings, engine, lease, stop))),
    ]
    await stop.wait()
    _log.info("worker_stops")
    _, late = await asyncio.wait(tasks, timeout=STOP_WITHIN_SECONDS)
    for task in late:
        task.cancel()
    await asyncio.to_thread(scheduler.stop)
    await asyncio.wait(tasks, timeout=1.0)
    engine.dispose()


async def _run_flows(settings: Settings, engine: Engine, lease: LeaderLease, stop: asyncio.Event) -> None:
    # Importing Prefect takes a second or two, in which the deadlines are swept already.
    runner = import_module("flows.runner")
    await runner.run_flows(settings, engine, lease.is_leader, stop, beat=lambda: _beat(engine, RECONCILER))


def _beat(engine: Engine, name: str) -> None:
    try:
        beat(engine, name, clock.now())
    except Exception as error:
        # The job itself is well. It is said again in half a minute; until then its last time stands.
        _log.warning("beat_failed", job=name, error=type(error).__name__)


async def _kept_up(name: str, stop: asyncio.Event, run: Callable[[], Awaitable[None]]) -> None:
    """Runs a part again whenever it ends before it should, ever more slowly; the other parts go on."""
    pause = _FIRST_PAUSE_SECONDS
    while not stop.is_set():
        try:
            await run()
        except Exception as error:
            _log.error("part_failed", part=name, error=type(error).__name__, next_try_seconds=pause)
        if not stop.is_set():
            await _rest(stop, pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


async def _keep_going(scheduler: Scheduler, stop: asyncio.Event) -> None:
    while not stop.is_set():
        await _rest(stop, KEEP_GOING_EVERY_SECONDS)
        await asyncio.to_thread(scheduler.keep_going)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


def _call(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    with suppress(RuntimeError):  # The loop is closed: nobody is there to be called any more.
        loop.call_soon_threadsafe(event.set)
