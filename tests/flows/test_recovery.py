"""Whatever is killed, deleted or away: the case goes on, and every step is mirrored once."""

import os
import signal

import pytest
from prefect.client.schemas.objects import StateType
from prefect.states import Cancelled

from tests.flows.installation import NO_LONGER, Installation, wait_for

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(240)]


def test_a_worker_killed_in_the_middle_of_a_task_is_replaced(installation: Installation) -> None:
    worker = installation.working()
    case_id = installation.raise_concern()
    installation.wait_until_mirrored(case_id)
    hold = installation.hook(case_id, "hold")
    # The hook holds a task up inside its transaction, so the act itself comes first.
    installation.complete(case_id, "discuss", **NO_LONGER)
    wait_for(installation.hook_path(case_id, "held").exists, "the task under way")

    worker.kill()
    hold.unlink()
    left = installation.run_of(case_id)
    installation.working()
    installation.wait_until_mirrored(case_id, seconds=90)

    installation.wait_for_tasks(case_id)
    crashed = [task.name for task in installation.tasks_of(case_id) if task.state and task.state.is_crashed()]
    assert left.state is not None
    assert left.state.type == StateType.RUNNING
    assert left.labels["prefect.worker.name"] != installation.run_of(case_id).labels["prefect.worker.name"]
    assert len(crashed) == 1


def test_a_deleted_run_is_made_anew_with_all_its_steps(installation: Installation) -> None:
    installation.working()
    case_id = installation.raise_concern()
    installation.complete(case_id, "discuss", **NO_LONGER)
    installation.wait_until_mirrored(case_id)
    deleted = installation.run_id(case_id)

    with installation.api() as api:
        api.delete_flow_run(deleted)
    wait_for(lambda: installation.case(case_id).flow_run_id != str(deleted), "the loss noticed")
    wait_for(lambda: installation.case(case_id).flow_run_id is not None, "a new run")
    installation.wait_until_mirrored(case_id)

    installation.wait_for_tasks(case_id)
    assert installation.run_of(case_id).name == case_id


def test_a_run_that_somebody_cancelled_goes_on_while_its_case_is_open(installation: Installation) -> None:
    installation.working()
    case_id = installation.raise_concern()
    installation.wait_until_mirrored(case_id)

    with installation.api() as api:
        api.set_flow_run_state(installation.run_id(case_id), Cancelled())
    wait_for(lambda: installation.is_parked(case_id), "the run parked again")

    installation.wait_for_tasks(case_id)


def test_a_failing_task_is_tried_again_and_delays_no_other_case(installation: Installation) -> None:
    installation.working()
    broken = installation.raise_concern()
    installation.wait_until_mirrored(broken)
    fail = installation.hook(broken, "fail", "boom")

    installation.complete(broken, "discuss", **NO_LONGER)
    wait_for(lambda: installation.run_of(broken).state_type == StateType.FAILED, "the run failed")
    other = installation.raise_concern()
    installation.wait_until_mirrored(other)
    fail.unlink()
    installation.wait_until_mirrored(broken, seconds=60)

    wait_for(
        lambda: set(installation.rounds(broken)) <= set(installation.completed_tasks(broken)), "all steps"
    )


def test_what_people_did_while_prefect_was_away_is_caught_up_once(installation: Installation) -> None:
    # To a new server Prefect's client sends the events of the last half minute again, and each of those from
    # earlier tests would hold its recorder up for eight seconds; so with a worker that has nothing to repeat.
    installation.rest()
    installation.working()
    known = installation.raise_concern()
    installation.wait_until_mirrored(known)
    # Prefect records task runs a moment later, from memory: what it was told last dies with it.
    installation.wait_for_tasks(known)
    old_server = installation.server.pid
    assert old_server is not None

    # Not killed but stopped: it holds its port and says nothing, the worst way to be away.
    os.kill(old_server, signal.SIGSTOP)
    installation.complete(known, "discuss", **NO_LONGER)
    installation.close(known)
    new = installation.raise_concern()
    installation.complete(new, "discuss", **NO_LONGER)
    os.kill(old_server, signal.SIGKILL)
    wait_for(lambda: installation.server.pid not in (None, old_server), "another server")
    installation.wait_until_mirrored(known, seconds=90)
    installation.wait_until_mirrored(new, seconds=60)

    for case_id in (known, new):
        installation.wait_for_tasks(case_id)
        assert len(installation.tasks_of(case_id)) == len(installation.rounds(case_id))
    assert installation.run_of(known).state_type == StateType.COMPLETED
    assert installation.run_of(new).state_type == StateType.PAUSED


def test_prefects_own_worker_serves_the_same_pool(installation: Installation) -> None:
    installation.rest()
    # Nobody executes: this one only moves the runs, so that Prefect's worker has to do the rest.
    leader = installation.start_worker(limit=0)
    stock = installation.start_stock_worker()

    try:
        case_id = installation.raise_concern()
        installation.wait_until_mirrored(case_id, seconds=90)
        installation.complete(case_id, "discuss", **NO_LONGER)
        installation.wait_until_mirrored(case_id, seconds=60)

        installation.wait_for_tasks(case_id)
        assert installation.run_of(case_id).labels["prefect.worker.type"] == "process"
    finally:
        stock.stop()
        leader.stop()
