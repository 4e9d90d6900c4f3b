"""The parts of a run that touch the case database, without Prefect around them, on both databases."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from flows.case_database import use_engine
from flows.concern import look_ahead, look_back, write_seen
from flows.only_ids import MirrorError
from flows.steps import mirror_step, run_name
from handlepligt.cases.link_person import link_person
from handlepligt.clock import now
from tests.cases.acting import ADULT, Stage
from tests.cases.family import family_in_force
from tests.house import House
from tests.make import DAY


@pytest.fixture
def stage(engine: Engine, house: House) -> Iterator[Stage]:
    use_engine(engine)
    made = Stage(engine, house)
    made.now = now()
    yield made
    use_engine(None)


def test_an_execution_has_the_unmirrored_steps_before_it_settled_or_not(stage: Stage) -> None:
    case = stage.raised()
    stage.complete(case, "discuss", by=stage.house.mia, sparring_needed="no")

    outlook = look_ahead(case.id)

    assert outlook is not None
    assert outlook.wake == stage.case(case).wake
    assert outlook.steps == [(step.key, step.round, "") for step in stage.steps(case)]
    assert outlook.steps[0] == ("discuss", 1, "")
    assert len(outlook.steps) > 1


def test_mirroring_a_step_twice_is_mirroring_it_once(stage: Stage) -> None:
    case = stage.raised(by=stage.house.otto, birth_date=ADULT)

    mirror_step.fn(case.id, "discuss", 1)
    first = stage.step(case, "discuss").mirrored_at
    mirror_step.fn(case.id, "discuss", 1)

    assert first is not None
    assert stage.step(case, "discuss").mirrored_at == first
    assert len(stage.steps(case)) == 1


def test_mirroring_changes_nothing_else_about_the_case(stage: Stage) -> None:
    case = stage.raised()
    before = stage.case(case)

    mirror_step.fn(case.id, "discuss", 1)
    look_ahead(case.id)

    after = stage.case(case)
    assert (after.wake, after.status, after.next_due_at) == (before.wake, before.status, before.next_due_at)
    assert stage.step(case, "discuss").status == "open"


def test_a_case_that_is_not_there_fails_with_ids_only(stage: Stage) -> None:
    with pytest.raises(MirrorError) as caught:
        mirror_step.fn("f" * 32, "discuss", 1)

    assert str(caught.value) == f"NotFoundError in case {'f' * 32}"


def test_a_round_that_was_taken_back_meanwhile_is_no_error(stage: Stage) -> None:
    case = stage.raised()

    mirror_step.fn(case.id, "no_such_step", 1)

    assert stage.step(case, "discuss").mirrored_at is None


def test_seen_is_written_when_all_is_mirrored_and_never_goes_back(stage: Stage) -> None:
    case = stage.raised(by=stage.house.otto, birth_date=ADULT)
    wake = stage.case(case).wake

    write_seen(case.id, wake)
    too_early = stage.case(case).seen
    mirror_step.fn(case.id, "discuss", 1)
    write_seen(case.id, wake)
    write_seen(case.id, wake - 1)

    assert too_early == 0
    assert stage.case(case).seen == wake


def test_a_case_that_is_no_longer_kept_has_nothing_before_it(stage: Stage) -> None:
    assert look_ahead("f" * 32) is None


def test_a_closed_case_opens_nothing_and_is_said_to_be_closed(stage: Stage) -> None:
    case = stage.ready_to_close()
    stage.close(case, by=stage.house.mia, leader=stage.house.lars)
    stage.later(DAY)
    steps = len(stage.steps(case))

    look_ahead(case.id)
    way, is_closed = look_back(case.id)

    assert is_closed
    assert len(stage.steps(case)) == steps
    assert "Afsluttet" in way


def test_the_way_holds_keys_times_and_states_and_no_people(stage: Stage) -> None:
    case = stage.raised(citizen_name="Amira Opdigtet", summary="Hun er bange.")
    stage.complete(case, "discuss", by=stage.house.mia, sparring_needed="no")

    way, is_closed = look_back(case.id)

    assert not is_closed
    assert "| discuss | 1 | Udført |" in way
    assert not [word for word in ("Amira", "bange", "Mia", "Lars", case.reference) if word in way]


def test_rounds_about_linked_people_are_mirrored_one_by_one_and_known_by_an_id_alone(stage: Stage) -> None:
    with family_in_force():
        mia, case = stage.house.mia, stage.raised(track="family")
        stage.complete(case, "talk", by=mia, worried="no")
        people = [
            stage.do(link_person, by=mia, case_id=case.id, relation="sibling", name=name)
            for name in ("Samir Opdigtet", "Sara Opdigtet")
        ]

        outlook = look_ahead(case.id)
        mirror_step.fn(case.id, "look_after", 1, people[1].id)
        way, _ = look_back(case.id)

    assert outlook is not None
    assert {("look_after", 1, one.id) for one in people} <= set(outlook.steps)
    assert stage.step(case, "look_after", person=people[1].id).mirrored_at is not None
    assert stage.step(case, "look_after", person=people[0].id).mirrored_at is None
    assert "| look_after | 1 | Åbent |" in way
    assert all(f"| {one.id} |" in way for one in people)
    assert "Opdigtet" not in way


def test_runs_are_named_by_step_and_round_and_where_there_is_one_by_the_person() -> None:
    assert run_name("discuss", 1) == "discuss:1"
    assert run_name("look_after", 2, "f" * 32) == f"look_after:2:{'f' * 32}"
