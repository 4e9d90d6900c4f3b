"""Brings a run in line with a case that has changed version: its tags, and rounds that were taken back."""

from typing import Any
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    TaskRunFilter,
    TaskRunFilterState,
    TaskRunFilterStateType,
)
from prefect.client.schemas.objects import StateType, TaskRun
from prefect.client.schemas.sorting import TaskRunSort
from prefect.runtime import flow_run
from prefect.states import Cancelled

PAGE = 200
TAKEN_BACK = "the move that opened this round was undone"


def bring_in_line(tags: frozenset[str], shown: frozenset[str] | None) -> None:
    """Gives the run that is being executed the tags of its case, and marks what `shown` does not name.

    `shown` are the task runs of the rounds that are there and that Prefect has seen; None when the case has
    never been moved back, so that nothing need be looked for. What a case looked like when its run was woken
    may be over when the run is executed, so this belongs to the execution that says what it has seen.
    """
    is_tagged = set(flow_run.tags) == tags
    if is_tagged and shown is None:
        return
    run_id = UUID(flow_run.id)
    with get_client(sync_client=True) as api:
        if not is_tagged:
            api.update_flow_run(run_id, tags=sorted(tags))
        if shown is not None:
            mark_taken_back(api, run_id, shown)


def mark_taken_back(api: SyncPrefectClient, run_id: UUID, shown: frozenset[str]) -> int:
    """Cancels the completed task runs of rounds that are not among `shown`; how many those were.

    A round that was taken back and opened anew has a task run for each of its lives; the last one stands.
    Nothing is deleted, and doing it twice changes nothing.
    """
    standing: set[str] = set()
    marked = 0
    for task_run in _completed(api, run_id):
        if task_run.name in shown - standing:
            standing.add(task_run.name)
            continue
        api.set_task_run_state(task_run.id, Cancelled(message=TAKEN_BACK), force=True)
        marked += 1
    return marked


def _completed(api: SyncPrefectClient, run_id: UUID) -> list[TaskRun]:
    """The completed task runs of a run, the one that ended last first."""
    completed: Any = TaskRunFilterState(type=TaskRunFilterStateType(any_=[StateType.COMPLETED]))
    found: list[TaskRun] = []
    while True:
        page = api.read_task_runs(
            flow_run_filter=FlowRunFilter(id=FlowRunFilterId(any_=[run_id])),
            task_run_filter=TaskRunFilter(state=completed),
            sort=TaskRunSort.END_TIME_DESC,
            limit=PAGE,
            offset=len(found),
        )
        found += page
        if len(page) < PAGE:
            return found
