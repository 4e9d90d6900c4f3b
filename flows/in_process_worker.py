"""The Prefect worker that executes runs in this process: no new interpreter and no import per human act."""

import asyncio
import logging
import os
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from contextvars import copy_context
from typing import Any
from uuid import UUID

import anyio.abc
from prefect.client.schemas.objects import FlowRun
from prefect.context import SyncClientContext
from prefect.exceptions import Abort, ObjectNotFound, Pause
from prefect.flow_engine import run_flow
from prefect.settings import (
    PREFECT_CLIENT_MAX_RETRIES,
    PREFECT_FLOWS_HEARTBEAT_FREQUENCY,
    temporary_settings,
)
from prefect.workers.base import BaseWorker, BaseWorkerResult
from prefect.workers.process import ProcessJobConfiguration, ProcessVariables

from flows.concern import concern_flow

log = logging.getLogger(__name__)


class InProcessResult(BaseWorkerResult):
    """That an execution has ended; how is in the run's own state."""


class InProcessWorker(BaseWorker[ProcessJobConfiguration, ProcessVariables, InProcessResult]):
    """Takes runs from the pool by Prefect's own claim (Scheduled to Pending) and executes each in a thread.

    Pool limits, worker limit and heartbeats are Prefect's; `executing` tells the reconciler which runs are
    truly in hand here. The name is new for every process, so that a dead one's runs are never taken for
    this one's.
    """

    type = "handlepligt"
    job_configuration = ProcessJobConfiguration
    job_configuration_variables = ProcessVariables
    _description = "Executes runs inside `handlepligt worker`."

    def __init__(
        self,
        pool: str,
        *,
        limit: int,
        heartbeat_seconds: float,
        on_end: Callable[[str], None] = lambda case_id: None,
    ) -> None:
        # No host name in it: whoever named the machine may have named it after somebody.
        super().__init__(
            pool,
            name=f"handlepligt-{os.getpid()}-{secrets.token_hex(4)}",
            limit=limit,
            heartbeat_interval_seconds=max(1, round(heartbeat_seconds)),
            create_pool_if_not_found=False,
        )
        self.executing: set[UUID] = set()
        self._on_end = on_end

    async def run(
        self,
        flow_run: FlowRun,
        configuration: ProcessJobConfiguration,
        task_status: anyio.abc.TaskStatus[int] | None = None,
    ) -> InProcessResult:
        """Execute the run to its end or its next wait. Never raises: the reconciler mends what went wrong."""
        self.executing.add(flow_run.id)
        try:
            if task_status is not None:
                task_status.started(os.getpid())
            await _in_a_thread(_execute, flow_run.id)
        finally:
            self.executing.discard(flow_run.id)
            self._on_end(str((flow_run.parameters or {}).get("case_id", "")))
        return InProcessResult(status_code=0, identifier=self.name)


async def _in_a_thread(work: Callable[[UUID], None], run_id: UUID) -> None:
    """Wait for the work; cancelled, let it go: the run counts as lost and goes on elsewhere.

    Not one of anyio's threads: Python waits for those when it ends, and this one may be waiting for a Prefect
    that is away.
    """
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def run() -> None:
        try:
            work(run_id)
        finally:
            with suppress(RuntimeError):  # The loop is closed; nobody waits any more.
                loop.call_soon_threadsafe(done.set)

    threading.Thread(target=copy_context().run, args=(run,), name=f"run-{run_id}", daemon=True).start()
    await done.wait()


def _execute(run_id: UUID) -> None:
    settings: dict[Any, Any] = {
        # A thread that only reports "still alive" costs up to a second at the end of each execution.
        PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None,
        # Prefect's SQLite answers 503 under load; an execution waits for it longer than a poll does.
        PREFECT_CLIENT_MAX_RETRIES: 5,
    }
    try:
        # One client for the engine, the tasks and the artifact: each new one costs as much as a step.
        with temporary_settings(settings), SyncClientContext() as api:
            run = api.client.read_flow_run(run_id)
            run_flow(concern_flow, flow_run=run, return_type="state")
    except (Pause, Abort, ObjectNotFound):
        pass  # Parked, or Prefect said no, or somebody deleted the run.
    except Exception as error:
        log.warning("an execution of run %s broke off (%s)", run_id, type(error).__name__)
