"""Serves the pool inside `handlepligt worker`: executes runs, moves them on, outlives Prefect's outages."""

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Protocol

import anyio
from prefect.client.orchestration import PrefectClient, get_client
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES, temporary_settings
from sqlalchemy import Engine

from flows.case_database import use_engine
from flows.in_process_worker import InProcessWorker
from flows.pulse import Pulse
from flows.reconciler import BUSY_SECONDS, Reconciler, is_busy
from flows.repairs import EVERY_SECONDS, Repairs
from handlepligt.settings import Settings

log = logging.getLogger(__name__)

TURN_EVERY_SECONDS = 0.1
POLL_EVERY_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 5.0
# An execution that has begun is let finish; `handlepligt worker` waits no longer either.
END_WITHIN_SECONDS = 2.0


class StopSignal(Protocol):
    """An asyncio.Event or a threading.Event."""

    def is_set(self) -> bool: ...


class Outage:
    """Says once that Prefect cannot be reached and once that it is back, and how long to wait."""

    def __init__(self) -> None:
        self.pause = 0.0

    def met(self, error: BaseException) -> None:
        """Prefect could not be reached (again)."""
        if not self.pause:
            log.warning("Prefect cannot be reached (%s); the runs wait, all else goes on", _kind(error))
        self.pause = min(max(2 * self.pause, 0.5), LONGEST_PAUSE_SECONDS)

    def over(self) -> None:
        """Prefect answered."""
        if self.pause:
            log.warning("Prefect answers again")
        self.pause = 0.0


async def run_flows(
    settings: Settings,
    engine: Engine,
    is_leader: Callable[[], bool],
    stop_event: StopSignal,
    *,
    beat: Callable[[], None] = lambda: None,
    heartbeat_seconds: float = 10.0,
    repair_every_seconds: float = EVERY_SECONDS,
) -> None:
    """Be a worker of the pool until `stop_event` is set and, while `is_leader()`, the reconciler too.

    `engine` is the case database with its keys installed. Prefect may be absent at the start, go away and
    come back at any time, or lose its database: that is logged once, tried again for ever, and reaches
    nothing else. The variables of `prefect_server.prefect_environment` must be set before this module is
    imported. `beat` is called (in a thread) while the reconciler does its turns and Prefect answers, at most
    every thirty seconds; it must not raise.
    """
    use_engine(engine)
    # Prefect warns that our worker is of another type than the pool, which is the point of it, and prints a
    # page for each start that its busy database refused, which the reconciler simply tries again.
    logging.getLogger("prefect.workers").setLevel(logging.ERROR)
    logging.getLogger("prefect.flow_runs.worker").setLevel(logging.CRITICAL)
    outage = Outage()
    pulse = Pulse(beat, pool=settings.prefect_work_pool)
    while not stop_event.is_set():
        try:
            async with get_client() as api:
                service = _Service(
                    settings, engine, api, outage, pulse, heartbeat_seconds, repair_every_seconds
                )
                await service.run(is_leader, stop_event)
        except Exception as error:
            outage.met(error)
            await _pause(outage.pause, stop_event)


class _Service:
    """One worker with its reconciler, for as long as nothing unforeseen happens to it."""

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        api: PrefectClient,
        outage: Outage,
        pulse: Pulse,
        heartbeat_seconds: float,
        repair_every_seconds: float,
    ) -> None:
        self._api = api
        self._outage = outage
        self._pulse = pulse
        self._beat = heartbeat_seconds
        self._kick = asyncio.Event()
        pool = settings.prefect_work_pool
        self._worker = InProcessWorker(
            pool, limit=settings.worker_limit, heartbeat_seconds=heartbeat_seconds, on_end=self._ended
        )
        self._reconciler = Reconciler(
            engine, here=self._worker, pool=pool, heartbeat_seconds=heartbeat_seconds
        )
        self._repairs = Repairs(engine, self._reconciler, every_seconds=repair_every_seconds)

    async def run(self, is_leader: Callable[[], bool], stop: StopSignal) -> None:
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
            await self._reconciler.deploy(self._api)
        self._outage.over()
        async with self._worker:
            async with anyio.create_task_group() as loops:
                loops.start_soon(self._heartbeats, stop)
                loops.start_soon(self._polls, stop)
                await self._turns(is_leader, stop)
                loops.cancel_scope.cancel()
            with anyio.move_on_after(END_WITHIN_SECONDS):
                while self._worker.executing:  # noqa: ASYNC110 - a set, and a matter of one second.
                    await anyio.sleep(0.05)

    async def _turns(self, is_leader: Callable[[], bool], stop: StopSignal) -> None:
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
            while not stop.is_set():
                try:
                    began = time.monotonic()
                    if await asyncio.to_thread(is_leader):
                        await self._repairs.step(self._api)
                        if await self._reconciler.reconcile_once(self._api):
                            self._kick.set()
                        await self._pulse.step(self._api)
                    # With a long backlog, reading it must not fill a core.
                    await _pause(max(TURN_EVERY_SECONDS, time.monotonic() - began), stop)
                except Exception as error:
                    await self._wait_out(error, stop)

    async def _wait_out(self, error: Exception, stop: StopSignal) -> None:
        """Wait until Prefect answers, has its deployment and knows us; then nobody counts as dead."""
        if is_busy(error):
            await _pause(BUSY_SECONDS, stop)
            return
        self._outage.met(error)
        while not stop.is_set():
            await _pause(self._outage.pause, stop)
            try:
                await self._reconciler.deploy(self._api)
                await self._worker.sync_with_backend()
            except Exception as still:
                self._outage.met(still)
            else:
                self._outage.over()
                self._reconciler.workers.begin_anew()
                self._repairs.begin_anew()
                return

    async def _polls(self, stop: StopSignal) -> None:
        """Fetch and start what is scheduled: at once after something moved, otherwise every few seconds."""
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 2}):
            while not stop.is_set():
                try:
                    await self._worker.get_and_submit_flow_runs()
                except Exception as error:
                    log.debug("the pool could not be read (%s)", _kind(error))
                with anyio.move_on_after(POLL_EVERY_SECONDS):
                    await self._kick.wait()
                self._kick.clear()

    async def _heartbeats(self, stop: StopSignal) -> None:
        with temporary_settings({PREFECT_CLIENT_MAX_RETRIES: 0}):
            while not stop.is_set():
                await _pause(self._beat, stop)
                try:
                    await self._worker.sync_with_backend()
                except Exception as error:
                    log.debug("the heartbeat was not taken (%s)", _kind(error))

    def _ended(self, case_id: str) -> None:
        # A place is free, and the case may have been woken while its run was under way.
        self._reconciler.look_again(case_id)
        self._kick.set()


def _kind(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return type(error).__name__


async def _pause(seconds: float, stop: StopSignal) -> None:
    end = time.monotonic() + seconds
    # The signal may be a thread's, which nothing here can await.
    while not stop.is_set() and (left := end - time.monotonic()) > 0:  # noqa: ASYNC110 - see above.
        await anyio.sleep(min(left, 0.2))
