"""Which of Prefect's workers are alive, and so which runs nobody executes any more."""

import time
from collections.abc import Callable
from typing import Protocol
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import WorkerFilter, WorkerFilterStatus
from prefect.client.schemas.objects import FlowRun, Worker, WorkerStatus

from flows.stillness import Stillness

WORKER_LABEL = "prefect.worker.name"
# A heartbeat may be late once, and twice on a busy machine.
MISSED_BEATS = 3
# What our own worker does not execute is lost for certain; this only covers the moment before it begins.
OWN_GRACE_SECONDS = 3.0
# An execution takes a second or two. A worker can beat and yet never end one (a server that restarted under
# it).
STUCK_AFTER_SECONDS = 300.0


class RunsHere(Protocol):
    """The worker of this process: its name and what it is executing."""

    name: str
    executing: set[UUID]


class Workers:
    """The workers of one pool, watched through their heartbeats."""

    def __init__(
        self,
        pool: str,
        *,
        here: RunsHere,
        heartbeat_seconds: float,
        watch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pool = pool
        self._here = here
        self._beat = heartbeat_seconds
        self._watch = watch
        self._beats = Stillness(watch)
        self._states = Stillness(watch)
        self._dead_after: dict[str, float] = {}
        self._still: dict[str, float] = {}
        self._looked_at = float("-inf")

    async def look(self, api: PrefectClient) -> None:
        """Read the heartbeats, at most once per heartbeat of ours."""
        if self._watch() - self._looked_at < self._beat / 2:
            return
        online = WorkerFilter(status=WorkerFilterStatus(any_=[WorkerStatus.ONLINE]))
        workers = await api.read_workers_for_work_pool(self._pool, worker_filter=online)
        self._looked_at = self._watch()
        self._still = {w.name: self._beats.seconds(w.name, w.last_heartbeat_time) for w in workers}
        self._dead_after = {w.name: MISSED_BEATS * self._beat_of(w) for w in workers}

    def has_lost(self, run: FlowRun) -> bool:
        """Whether nobody executes this pending, running or cancelling run any more.

        Prefect itself never notices: after a kill -9 the run stays Running for ever.
        """
        still = self._states.seconds(run.id, run.state.id if run.state else None)
        name = run.labels.get(WORKER_LABEL)
        if name == self._here.name and run.state is not None and run.state.is_running():
            return run.id not in self._here.executing and still > OWN_GRACE_SECONDS
        if still > STUCK_AFTER_SECONDS:
            return True
        return still > MISSED_BEATS * self._beat and (name == self._here.name or not self._is_alive(name))

    def forget(self, run_id: UUID) -> None:
        """Stop watching a run that is well."""
        self._states.forget(run_id)

    def begin_anew(self) -> None:
        """After an outage: nobody could send a heartbeat, so nobody is dead for that reason."""
        self._beats.clear()
        self._states.clear()
        self._looked_at = float("-inf")

    def _is_alive(self, name: object) -> bool:
        return isinstance(name, str) and self._still.get(name, float("inf")) <= self._dead_after.get(
            name, 0.0
        )

    def _beat_of(self, worker: Worker) -> float:
        return float(worker.heartbeat_interval_seconds or self._beat)
