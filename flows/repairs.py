"""The slow second pass: finds runs that were damaged while nobody acted, and wakes their cases."""

import asyncio
import time
from collections.abc import Callable
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, StateType
from sqlalchemy import Engine

from flows.mirrored_cases import MirroredCase, open_cases_after, wake_case
from flows.reconciler import LIMIT, Reconciler, read_runs

EVERY_SECONDS = 180.0
PAGE_PAUSE_SECONDS = 0.5
LOOK_AT_SUSPECTS_EVERY_SECONDS = 2.0
# A run of an open case that waits is parked or queued; in any other state something may be wrong with it.
NOT_WAITING: list[StateType] = [
    state for state in StateType if state not in (StateType.PAUSED, StateType.SCHEDULED)
]


class Repairs:
    """Walks through all open cases page by page, at the start and then every few minutes.

    It moves nothing: a case whose run is missing or over is woken, and the reconciler does with it what it
    does with any woken case. A run that is being executed is a suspect until it parks or its worker proves
    dead.
    """

    def __init__(
        self,
        engine: Engine,
        reconciler: Reconciler,
        *,
        every_seconds: float = EVERY_SECONDS,
        watch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._reconciler = reconciler
        self._every = every_seconds
        self._watch = watch
        self._after: str | None = None
        self._next_page_at = float("-inf")
        self._next_suspects_at = float("-inf")
        self._suspects: dict[UUID, str] = {}

    async def step(self, api: PrefectClient) -> int:
        """One page of the walk, if one is due; how many cases were woken."""
        woken = 0
        if self._suspects and self._watch() >= self._next_suspects_at:
            self._next_suspects_at = self._watch() + LOOK_AT_SUSPECTS_EVERY_SECONDS
            woken += await self._look_at_suspects(api)
        if self._watch() < self._next_page_at:
            return woken
        if self._after is None:
            # Whoever deleted the deployment gets it back before a worker cancels its runs.
            await self._reconciler.deploy(api)
            self._after = ""
        page = await asyncio.to_thread(open_cases_after, self._engine, self._after, LIMIT)
        if page:
            woken += await self._look_at_page(api, page)
            self._after = page[-1].id
        is_over = len(page) < LIMIT
        self._after = None if is_over else self._after
        self._next_page_at = self._watch() + (self._every if is_over else PAGE_PAUSE_SECONDS)
        return woken

    def begin_anew(self) -> None:
        """After an outage: walk at once, for the server may have come back with less than it had."""
        self._after = None
        self._next_page_at = float("-inf")
        self._suspects.clear()

    async def _look_at_page(self, api: PrefectClient, page: list[MirroredCase]) -> int:
        asleep = [case for case in page if not case.is_woken]
        ids = [case.run_id for case in asleep if case.run_id is not None]
        missing = {case.id for case in asleep if case.run_id is None}
        odd: dict[UUID | None, FlowRun] = {}
        if ids:
            among = FlowRunFilterId(any_=ids)
            # Two light questions in place of two hundred runs: how many are there, and which do not wait.
            if await api.count_flow_runs(flow_run_filter=FlowRunFilter(id=among)) < len(ids):
                there = await read_runs(api, ids)
                missing |= {case.id for case in asleep if case.run_id not in there}
            state = FlowRunFilterState(type=FlowRunFilterStateType(any_=NOT_WAITING))
            odd = {
                run.id: run
                for run in await api.read_flow_runs(
                    flow_run_filter=FlowRunFilter(id=among, state=state), limit=LIMIT
                )
            }
        for case in asleep:
            run = odd.get(case.run_id)
            if run is not None and run.state is not None and run.state.is_final():
                missing.add(case.id)
            elif run is not None:
                self._suspects[run.id] = case.id
        return await self._wake(missing)

    async def _look_at_suspects(self, api: PrefectClient) -> int:
        workers = self._reconciler.workers
        await workers.look(api)
        some = dict(list(self._suspects.items())[:LIMIT])
        runs = await read_runs(api, some)
        damaged = set()
        for run_id, case_id in some.items():
            run = runs.get(run_id)
            is_at_work = (
                run is not None
                and run.state is not None
                and run.state.type
                in (
                    StateType.PENDING,
                    StateType.RUNNING,
                    StateType.CANCELLING,
                )
            )
            if run is not None and is_at_work and not workers.has_lost(run):
                continue
            del self._suspects[run_id]
            if run is None or is_at_work or (run.state is not None and run.state.is_final()):
                damaged.add(case_id)
            else:
                workers.forget(run_id)
        return await self._wake(damaged)

    async def _wake(self, case_ids: set[str]) -> int:
        for case_id in sorted(case_ids):
            await asyncio.to_thread(wake_case, self._engine, case_id)
        return len(case_ids)
