"""The table of jobs, and what wakes them. APScheduler owns nothing: the truth is rows with a time on them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import Engine

from handlepligt import clock
from handlepligt.followups.consistency import Findings, raise_alarms
from handlepligt.followups.due import next_fire_at
from handlepligt.followups.heartbeats import beat
from handlepligt.followups.lease import RENEW_EVERY, LeaderLease
from handlepligt.followups.sweep import sweep

SWEEP = "sweep"
LOOK = "look"
LEASE = "lease"
HEARTBEAT = "worker"
CONSISTENCY = "consistency"

BACKSTOP = timedelta(seconds=60)
BEAT_EVERY_SECONDS = 30.0
STALLED_AFTER_SECONDS = 10.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something done every so often, first `after` the start. Doing it once too often does no harm."""

    key: str
    run: Callable[[], None]
    every: timedelta
    after: timedelta = timedelta()


class Scheduler:
    """Wakes the jobs of one process in threads of their own; only the holder of the lease sweeps.

    `on_queued` is called (from such a thread) after a sweep that may have queued messages.
    """

    def __init__(
        self,
        engine: Engine,
        lease: LeaderLease,
        *,
        on_queued: Callable[[], None] = lambda: None,
        now: Callable[[], datetime] = clock.now,
    ) -> None:
        self._engine = engine
        self._lease = lease
        self._on_queued = on_queued
        self._now = now
        self._stopping = threading.Event()
        self._sweeping = threading.Lock()
        self._looked_at = time.monotonic()
        self._beat_at = float("-inf")
        self._found: Findings | None = None
        self._scheduler = self._make()

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The table. A job that comes later than its time runs all the same, once."""
        return (
            Job(LEASE, self._renew, RENEW_EVERY, after=RENEW_EVERY),
            Job(LOOK, self._look, timedelta(seconds=1)),
            Job(SWEEP, self._sweep, BACKSTOP),
            Job(HEARTBEAT, self._beat, timedelta(seconds=30)),
            Job(CONSISTENCY, self._check, timedelta(minutes=10), after=timedelta(minutes=1)),
        )

    def start(self) -> None:
        """Takes the lease if it is free and begins; what fell due meanwhile is done at once."""
        self._renew()
        self._arm_all()
        self._scheduler.start()

    def stop(self) -> None:
        """Ends after the case that is being swept now, and gives the lease back."""
        self._stopping.set()
        with suppress(Exception):  # It was never started, or is down already.
            self._scheduler.shutdown(wait=True)
        self._lease.release()

    def keep_going(self) -> None:
        """To be called every few seconds: arms everything anew when nothing has run for a while.

        APScheduler waits for an instant on the wall clock. Were that clock set back an hour, it would
        wait an hour; measured by the time that truly passed, it is woken within ten seconds.
        """
        if self._stopping.is_set() or time.monotonic() - self._looked_at < STALLED_AFTER_SECONDS:
            return
        _log.warning("scheduler_stalled")
        self._looked_at = time.monotonic()
        self._arm_all()

    def _make(self) -> BackgroundScheduler:
        # With APScheduler's own defaults a job that is a second late is dropped without a word.
        late_is_fine = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        pool = {"default": ThreadPoolExecutor(len(self.jobs))}
        return BackgroundScheduler(job_defaults=late_is_fine, executors=pool, timezone=UTC)

    def _arm_all(self) -> None:
        # APScheduler measures by the machine's clock, whatever clock the cases are told the time by.
        start = clock.now()
        for job in self.jobs:
            self._scheduler.add_job(
                self._guarded,
                "interval",
                args=(job,),
                seconds=job.every.total_seconds(),
                next_run_time=start + job.after,
                id=job.key,
                replace_existing=True,
            )

    def _guarded(self, job: Job) -> None:
        if self._stopping.is_set():
            return
        try:
            job.run()
        except Exception as error:
            # Whatever it is, the job comes again at its next time.
            _log.error("job_failed", job=job.key, error=type(error).__name__)

    def _renew(self) -> None:
        led = self._lease.is_leader()
        if self._lease.acquire_or_renew() and not led:
            self._sweep_at(clock.now())

    def _look(self) -> None:
        """Sees what other processes have armed since: one query a second, answered from an index."""
        self._looked_at = time.monotonic()
        if self._lease.is_leader() and not self._sweeping.locked():
            self._arm(next_fire_at(self._engine))

    def _sweep(self) -> None:
        if not self._lease.is_leader() or not self._sweeping.acquire(blocking=False):
            return
        try:
            result = sweep(self._engine, self._now(), is_stopped=self._should_end)
            if result.done:
                self._on_queued()
            if time.monotonic() - self._beat_at >= BEAT_EVERY_SECONDS:
                beat(self._engine, SWEEP, self._now())
                self._beat_at = time.monotonic()
        finally:
            self._sweeping.release()
        # Rows that were due and did not move (the database refused) wait for the look in a second.
        following = next_fire_at(self._engine)
        if result.done or (following is not None and following > self._now()):
            self._arm(following)

    def _should_end(self) -> bool:
        return self._stopping.is_set() or not self._lease.is_leader()

    def _beat(self) -> None:
        beat(self._engine, HEARTBEAT, self._now())

    def _check(self) -> None:
        if self._lease.is_leader():
            self._found = raise_alarms(self._engine, self._now(), before=self._found)
            beat(self._engine, CONSISTENCY, self._now())

    def _arm(self, fire_at: datetime | None) -> None:
        if fire_at is not None:
            self._sweep_at(clock.now() + (fire_at - self._now()))

    def _sweep_at(self, at: datetime) -> None:
        """Lets the sweep run at `at` if that is earlier than it would."""
        try:
            armed = self._scheduler.get_job(SWEEP)
            if armed is not None and armed.next_run_time is not None and at < armed.next_run_time:
                armed.modify(next_run_time=max(at, clock.now()))
        except JobLookupError:
            # It is being armed anew at this very moment.
            return
