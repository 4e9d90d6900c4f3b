"""A case from the first minute to the last and back, as Prefect shows it."""

import pytest

from tests.flows.installation import NO_LONGER, Installation, wait_for

pytestmark = [pytest.mark.prefect, pytest.mark.timeout(180)]


def test_every_step_of_a_whole_life_gets_one_task_run(installation: Installation) -> None:
    installation.working()

    case_id = installation.raise_concern()
    installation.wait_until_mirrored(case_id)
    installation.complete(case_id, "discuss", **NO_LONGER)
    installation.press_acute(case_id)
    installation.wait_until_mirrored(case_id)
    installation.complete(case_id, "acute", "safety_acceptance", "safety_assessment", **NO_LONGER)
    installation.wait_until_mirrored(case_id)
    waiting = installation.run_of(case_id)
    installation.close(case_id)
    installation.wait_until_mirrored(case_id)

    installation.wait_for_tasks(case_id)
    run = installation.run_of(case_id)
    assert len(installation.tasks_of(case_id)) == len(installation.rounds(case_id)) >= 7
    assert {"discuss:1", "acute:1", "assess:1", "conclude:1"} <= set(installation.rounds(case_id))
    assert waiting.state is not None
    assert waiting.state.name == "Suspended"
    assert run.state is not None
    assert run.state.is_completed()
    assert run.id == waiting.id


def test_the_run_bears_the_cases_id_and_its_tags_follow_the_case(installation: Installation) -> None:
    installation.working()
    case_id = installation.raise_concern()
    installation.wait_until_mirrored(case_id)
    before = installation.run_of(case_id)

    installation.press_acute(case_id)
    installation.wait_until_mirrored(case_id)

    case, after = installation.case(case_id), installation.run_of(case_id)
    usual = {case.track, f"version:{case.protocol_version}"}
    assert (before.name, before.idempotency_key, before.parameters) == (
        case_id,
        f"case:{case_id}",
        {"case_id": case_id},
    )
    assert set(before.tags) == usual
    assert set(after.tags) == usual | {"acute"}


def test_a_reopened_case_goes_on_in_the_same_run(installation: Installation) -> None:
    installation.working()
    case_id = installation.raise_concern()
    installation.close(case_id)
    installation.wait_until_mirrored(case_id)
    closed = installation.run_of(case_id)

    installation.reopen(case_id)
    installation.wait_until_mirrored(case_id)

    run = installation.run_of(case_id)
    installation.wait_for_tasks(case_id)
    assert closed.state is not None
    assert closed.state.is_completed()
    assert run.id == closed.id
    assert run.state is not None
    assert run.state.is_paused()


def test_the_artifact_shows_the_cases_way_as_it_is_now(installation: Installation) -> None:
    installation.working()
    case_id = installation.raise_concern()
    installation.wait_until_mirrored(case_id)

    installation.complete(case_id, "discuss", **NO_LONGER)
    installation.wait_until_mirrored(case_id)

    way = str(installation.latest_artifact(case_id))
    assert "| discuss | 1 | Udført |" in way
    assert "| assess | 1 | Åbent |" in way
    assert "Otto" not in way


def test_nothing_that_a_task_returns_is_kept(installation: Installation) -> None:
    installation.working()
    case_id = installation.raise_concern()
    installation.wait_until_mirrored(case_id)

    installation.wait_for_tasks(case_id)
    states = [task.state for task in installation.tasks_of(case_id)]

    assert [state.data for state in states if state] == [None]


def test_two_acts_in_quick_succession_are_both_mirrored(installation: Installation) -> None:
    installation.working()
    case_id = installation.raise_concern()
    installation.wait_until_mirrored(case_id)

    installation.complete(case_id, "discuss", **NO_LONGER)
    wait_for(lambda: "assess:1" in installation.completed_tasks(case_id), "the first act mirrored")
    installation.press_acute(case_id)
    installation.complete(case_id, "assess", **NO_LONGER)
    installation.wait_until_mirrored(case_id)

    installation.wait_for_tasks(case_id)
