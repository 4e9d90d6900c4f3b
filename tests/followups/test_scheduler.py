"""The jobs wake at their time, whatever happens to the clock or to one of them."""

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from handlepligt import clock
from handlepligt.followups import scheduler as room
from handlepligt.followups.lease import LeaderLease
from handlepligt.followups.scheduler import CONSISTENCY, HEARTBEAT, LEASE, LOOK, SWEEP, Scheduler
from models import Case, DueRow, Heartbeat, Notification
from models.session import reading, writing
from tests.house import House, make_house
from tests.make import HOUR, make_case, make_due_row

Started = Callable[..., Scheduler]


@pytest.fixture
def people(sqlite_engine: Engine) -> House:
    with writing(sqlite_engine) as session:
        return make_house(session)


@pytest.fixture
def started(sqlite_engine: Engine) -> Iterator[Started]:
    """Starts a scheduler on the test's database; each is stopped afterwards."""
    running: list[Scheduler] = []

    def start(holder: str = "a", **given: Any) -> Scheduler:
        one = Scheduler(sqlite_engine, LeaderLease(sqlite_engine, holder=holder), **given)
        running.append(one)
        one.start()
        return one

    yield start
    for one in running:
        one.stop()


def reminder(session: Session, case: Case, **columns: Any) -> DueRow:
    return make_due_row(
        session, case=case, kind="followup", message="followup_due", roles='["holder"]', **columns
    )


def until(holds: Callable[[], object], *, seconds: float = 8.0) -> float:
    """Waits until `holds` and says how long that took; fails when it does not."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if holds():
            return time.monotonic() - began
        time.sleep(0.01)
    raise AssertionError("it did not happen in time")


def queued(engine: Engine) -> list[Notification]:
    with reading(engine) as session:
        return list(session.exec(select(Notification)))


def test_what_fell_due_while_nothing_ran_is_done_at_the_start(
    sqlite_engine: Engine, people: House, started: Started
) -> None:
    with writing(sqlite_engine) as session:
        case = make_case(session, holder=people.mia, received_at=clock.now() - 48 * HOUR)
        reminder(session, case, fire_at=clock.now() - 24 * HOUR)

    started()

    until(lambda: [row.message for row in queued(sqlite_engine)] == ["missed_while_down"])


def test_a_row_that_another_process_arms_is_told_within_a_second_of_its_time(
    sqlite_engine: Engine, people: House, started: Started
) -> None:
    with writing(sqlite_engine) as session:
        case = make_case(session, holder=people.mia, received_at=clock.now())
    started()
    until(lambda: _beats(sqlite_engine))

    due_at = clock.now() + timedelta(seconds=1.5)
    with writing(sqlite_engine) as session:
        reminder(session, session.get_one(Case, case.id), fire_at=due_at)

    until(lambda: queued(sqlite_engine))
    lateness = queued(sqlite_engine)[0].at - due_at
    # It is armed for the very instant; a busy machine is allowed its second.
    assert timedelta() <= lateness < timedelta(seconds=1)


def test_a_finished_sweep_calls_the_dispatcher_and_leaves_a_heartbeat(
    sqlite_engine: Engine, people: House, started: Started
) -> None:
    called = threading.Event()
    with writing(sqlite_engine) as session:
        case = make_case(session, holder=people.mia, received_at=clock.now())
        reminder(session, case, fire_at=clock.now())

    started(on_queued=called.set)

    assert called.wait(8)
    until(lambda: SWEEP in _beats(sqlite_engine))


def test_only_the_leader_sweeps_and_the_next_takes_over_when_it_stops(
    sqlite_engine: Engine, people: House, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "RENEW_EVERY", timedelta(seconds=0.2))
    first_called, second_called = threading.Event(), threading.Event()
    first = started("a", on_queued=first_called.set)
    started("b", on_queued=second_called.set)
    with writing(sqlite_engine) as session:
        case = make_case(session, holder=people.mia, received_at=clock.now())
        reminder(session, case, fire_at=clock.now())
    assert first_called.wait(8)
    assert not second_called.is_set()

    first.stop()
    with writing(sqlite_engine) as session:
        reminder(session, session.get_one(Case, case.id), fire_at=clock.now())

    assert second_called.wait(8)


def test_the_table_has_the_jobs_there_are(sqlite_engine: Engine) -> None:
    table = Scheduler(sqlite_engine, LeaderLease(sqlite_engine, holder="a")).jobs

    assert [job.key for job in table] == [LEASE, LOOK, SWEEP, HEARTBEAT, CONSISTENCY]
    assert {job.key: job.every.total_seconds() for job in table} == {
        LEASE: 15, LOOK: 1, SWEEP: 60, HEARTBEAT: 30, CONSISTENCY: 600,
    }  # fmt: skip


def test_a_job_that_is_late_runs_all_the_same(sqlite_engine: Engine) -> None:
    made = Scheduler(sqlite_engine, LeaderLease(sqlite_engine, holder="a"))

    defaults = made._scheduler._job_defaults
    assert defaults == {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}


def test_a_sweep_that_fails_comes_again(
    sqlite_engine: Engine, people: House, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    truly, failures = room.sweep, []

    def fails_once(*given: Any, **more: Any) -> Any:
        if not failures:
            failures.append(1)
            raise RuntimeError("once")
        return truly(*given, **more)

    monkeypatch.setattr(room, "sweep", fails_once)
    with writing(sqlite_engine) as session:
        case = make_case(session, holder=people.mia, received_at=clock.now())
        reminder(session, case, fire_at=clock.now())

    started()

    until(lambda: queued(sqlite_engine))


def test_a_clock_that_was_set_back_stops_nothing(
    sqlite_engine: Engine, people: House, started: Started, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "STALLED_AFTER_SECONDS", 1.5)
    one = started()
    until(lambda: _beats(sqlite_engine))
    # What APScheduler is left with after the clock went back an hour: everything is an hour away.
    for job in one._scheduler.get_jobs():
        job.modify(next_run_time=clock.now() + HOUR)
    with writing(sqlite_engine) as session:
        case = make_case(session, holder=people.mia, received_at=clock.now())
        reminder(session, case, fire_at=clock.now())

    def nudged() -> object:
        one.keep_going()
        return queued(sqlite_engine)

    until(nudged)


def _beats(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.exec(select(Heartbeat.name)))
