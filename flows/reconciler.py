"""Brings every woken case's run forward, and tolerates whatever has happened to the run meanwhile."""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    TaskRunFilter,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import SetStateStatus
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.states import Crashed, Scheduled
from sqlalchemy import Engine

from flows.deployment import POOL, ensure_deployment
from flows.mirrored_cases import MirroredCase, bind_run, forget_run, read_case, woken_cases
from flows.workers import RunsHere, Workers

log = logging.getLogger(__name__)

LIMIT = 200
# A turn ends after this long, so that what it has moved is executed before it goes on.
TURN_SECONDS = 2.0
FIRST_LOOK_AGAIN_SECONDS = 1.0
LONGEST_LOOK_AGAIN_SECONDS = 10.0
LONGEST_BACKOFF_SECONDS = 300.0
# Prefect's SQLite answers 503 "database is locked" at once when two writers meet; it is over in a moment.
BUSY_SECONDS = 0.2
UNFINISHED = [
    StateType.SCHEDULED,
    StateType.PENDING,
    StateType.RUNNING,
    StateType.PAUSED,
    StateType.CANCELLING,
]


@dataclass
class _Rest:
    """How long a case that was looked at is left alone; over at once when it is woken again."""

    wake: int
    until: float
    looks: int
    has_failed: bool


class Reconciler:
    """Level-triggered: each turn compares `wake` and `seen` with the runs; nothing it remembers matters.

    Exactly one may be at work (the caller holds the lease); two for a moment do no harm, because Prefect
    accepts each resumption once and the tasks are idempotent.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        here: RunsHere,
        pool: str = POOL,
        heartbeat_seconds: float = 10.0,
        watch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._pool = pool
        self._watch = watch
        self._rests: dict[str, _Rest] = {}
        self._deployment_id: UUID | None = None
        self.workers = Workers(pool, here=here, heartbeat_seconds=heartbeat_seconds, watch=watch)

    async def reconcile_once(self, api: PrefectClient) -> int:
        """Look at the woken cases that are due for it, longest untouched first; how many runs were moved.

        Raises the client's own error when Prefect is away. Any other trouble with one case is logged by its
        id, and the case rests for a time that doubles up to five minutes, while the others go on.
        """
        woken = await asyncio.to_thread(woken_cases, self._engine, LIMIT + len(self._rests))
        self._let_go(woken)
        due = [case for case in woken if self._is_due(case)][:LIMIT]
        if not due:
            return 0
        await self.workers.look(api)
        runs = await read_runs(api, (case.run_id for case in due))
        moved, end = 0, self._watch() + TURN_SECONDS
        for case in due:
            if self._watch() > end:
                break
            moved += await self._look_at(api, case, runs.get(case.run_id))
        return moved

    def look_again(self, case_id: str) -> None:
        """An execution of the case's run has just ended here: look at once, unless its run keeps failing."""
        rest = self._rests.get(case_id)
        if rest is not None and not rest.has_failed:
            del self._rests[case_id]

    async def deploy(self, api: PrefectClient) -> UUID:
        """Make sure that the pool and the deployment are there, and remember which it is."""
        self._deployment_id = await ensure_deployment(api, pool=self._pool)
        return self._deployment_id

    async def _look_at(self, api: PrefectClient, case: MirroredCase, run: FlowRun | None) -> bool:
        state = run.state if run is not None else None
        has_failed = state is not None and state.is_final() and not state.is_completed()
        is_brief = False
        try:
            return await self._bring_forward(api, case, run)
        except ObjectNotFound:
            # The run or the deployment vanished under our hands; both are made anew.
            self._deployment_id = None
            return False
        except Exception as error:
            if await is_away(api):
                raise
            is_brief = is_busy(error)
            has_failed = not is_brief
            if has_failed:
                log.warning("case %s: its run could not be moved (%s)", case.id, type(error).__name__)
            return False
        finally:
            self._rest(case, has_failed=has_failed, is_brief=is_brief)

    async def _bring_forward(self, api: PrefectClient, case: MirroredCase, run: FlowRun | None) -> bool:
        # The state was read before this. The flow writes `seen` before it parks: so a case that is woken
        # *now* and was parked *then* has been woken since. The other way round, a stale list ran a task
        # twice.
        current = await asyncio.to_thread(read_case, self._engine, case.id)
        if current is None or not current.is_woken:
            return False
        if run is None or run.state is None or await self._is_orphaned(api, run):
            return await self._create(api, current)
        if run.state.is_pending() or run.state.is_running() or run.state.is_cancelling():
            if not self.workers.has_lost(run):
                return False
            await _crash_open_tasks(api, run)
        self.workers.forget(run.id)
        if set(run.tags) != current.tags:
            await api.update_flow_run(run.id, tags=sorted(current.tags))
        if run.state.is_scheduled():
            return False
        if run.state.is_paused():
            result = await api.resume_flow_run(run.id)
            return result.status == SetStateStatus.ACCEPT
        # Crashed, failed, cancelled, lost, or completed and since reopened: the same run goes on. Prefect's
        # own rules would refuse some of these, hence the force.
        await api.set_flow_run_state(run.id, Scheduled(), force=True)
        return True

    async def _is_orphaned(self, api: PrefectClient, run: FlowRun) -> bool:
        """Whether the run's deployment was deleted, so that no worker would execute it. Deletes it then."""
        deployment_id = self._deployment_id or await self.deploy(api)
        if run.deployment_id == deployment_id:
            return False
        await api.delete_flow_run(run.id)
        return True

    async def _create(self, api: PrefectClient, case: MirroredCase) -> bool:
        if case.run_id is not None:
            try:
                await api.read_flow_run(case.run_id)
                return False  # A list that was cut short is no proof that the run is gone.
            except ObjectNotFound:
                await asyncio.to_thread(forget_run, self._engine, case.id)
        run = await api.create_flow_run_from_deployment(
            self._deployment_id or await self.deploy(api),
            name=case.id,
            parameters={"case_id": case.id},
            idempotency_key=f"case:{case.id}",
            tags=sorted(case.tags),
        )
        await asyncio.to_thread(bind_run, self._engine, case.id, run.id)
        return True

    def _is_due(self, case: MirroredCase) -> bool:
        rest = self._rests.get(case.id)
        return rest is None or rest.wake != case.wake or self._watch() >= rest.until

    def _rest(self, case: MirroredCase, *, has_failed: bool, is_brief: bool) -> None:
        known = self._rests.get(case.id)
        looks = known.looks + 1 if known is not None and known.wake == case.wake else 0
        longest = LONGEST_BACKOFF_SECONDS if has_failed else LONGEST_LOOK_AGAIN_SECONDS
        pause = min(FIRST_LOOK_AGAIN_SECONDS * 2.0 ** min(looks, 20), longest)
        if is_brief:
            looks, pause = max(looks - 1, 0), BUSY_SECONDS
        self._rests[case.id] = _Rest(case.wake, self._watch() + pause, looks, has_failed)

    def _let_go(self, woken: list[MirroredCase]) -> None:
        # A full list may have been cut short; then nothing is known about those that are not on it.
        if len(woken) < LIMIT + len(self._rests):
            names = {case.id for case in woken}
            self._rests = {case_id: rest for case_id, rest in self._rests.items() if case_id in names}


def is_busy(error: BaseException) -> bool:
    """Whether Prefect is there but asks to be tried again."""
    return (
        isinstance(error, PrefectHTTPStatusError)
        and error.response.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    )


async def is_away(api: PrefectClient) -> bool:
    """Whether Prefect cannot be reached at all, so that no single case is to blame."""
    return await api.api_healthcheck() is not None


async def read_runs(api: PrefectClient, ids: Iterable[UUID | None]) -> dict[UUID | None, FlowRun]:
    """The runs that exist among `ids` (at most 200), by id."""
    wanted = [run_id for run_id in ids if run_id is not None]
    if not wanted:
        return {}
    one_of = FlowRunFilter(id=FlowRunFilterId(any_=wanted))
    return {run.id: run for run in await api.read_flow_runs(flow_run_filter=one_of, limit=LIMIT)}


async def _crash_open_tasks(api: PrefectClient, run: FlowRun) -> None:
    """Say of the tasks nobody executes any more that they crashed; the next execution makes new ones."""
    unfinished: Any = TaskRunFilterState(type=TaskRunFilterStateType(any_=UNFINISHED))
    tasks = await api.read_task_runs(
        flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run.id])),
        task_run_filter=TaskRunFilter(state=unfinished),
    )
    for task_run in tasks:
        await api.set_task_run_state(task_run.id, Crashed(message="the worker is gone"), force=True)
