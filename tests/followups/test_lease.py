"""One process leads; another takes over when it is gone, and never beside it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import select

from handlepligt.followups.lease import LIVES, LeaderLease
from models import Lease
from models.session import make_engine, reading
from tests.make import MONDAY


class Clocks:
    """The wall clock and the running time of one process, moved together unless the test says otherwise."""

    def __init__(self) -> None:
        self.at, self.seconds = MONDAY, 0.0

    def now(self) -> datetime:
        return self.at

    def watch(self) -> float:
        return self.seconds

    def later(self, length: timedelta) -> None:
        self.at += length
        self.seconds += length.total_seconds()


def lease(engine: Engine, holder: str, clocks: Clocks) -> LeaderLease:
    return LeaderLease(engine, holder=holder, now=clocks.now, watch=clocks.watch)


def test_the_first_leads_and_the_second_does_not(engine: Engine) -> None:
    clocks = Clocks()
    first, second = lease(engine, "a", clocks), lease(engine, "b", clocks)

    assert (first.acquire_or_renew(), second.acquire_or_renew()) == (True, False)
    assert (first.is_leader(), second.is_leader()) == (True, False)


def test_a_leader_that_renews_goes_on_leading(engine: Engine) -> None:
    clocks = Clocks()
    first, second = lease(engine, "a", clocks), lease(engine, "b", clocks)
    for _ in range(10):
        first.acquire_or_renew()
        clocks.later(LIVES / 2)

        assert not second.acquire_or_renew()
        assert first.is_leader()
    assert first.fence == 1


def test_a_leader_that_fell_silent_is_followed_with_a_higher_fence(engine: Engine) -> None:
    clocks = Clocks()
    first, second = lease(engine, "a", clocks), lease(engine, "b", clocks)
    first.acquire_or_renew()

    clocks.later(LIVES)

    assert not first.is_leader()
    assert second.acquire_or_renew()
    assert second.fence == 2
    assert not first.acquire_or_renew()


def test_a_lease_that_was_given_back_is_free_at_once(engine: Engine) -> None:
    clocks = Clocks()
    first, second = lease(engine, "a", clocks), lease(engine, "b", clocks)
    first.acquire_or_renew()

    first.release()

    assert not first.is_leader()
    assert second.acquire_or_renew()


def test_giving_back_what_another_holds_changes_nothing(engine: Engine) -> None:
    clocks = Clocks()
    first, second = lease(engine, "a", clocks), lease(engine, "b", clocks)
    first.acquire_or_renew()
    clocks.later(LIVES)
    second.acquire_or_renew()

    first.release()

    assert second.acquire_or_renew()
    with reading(engine) as session:
        assert session.exec(select(Lease)).one().holder == "b"


def test_who_takes_the_place_of_a_killed_process_leads_at_once(engine: Engine) -> None:
    clocks = Clocks()
    lease(engine, "a", clocks).acquire_or_renew()

    successor = lease(engine, "a", clocks)

    assert successor.acquire_or_renew()
    assert successor.fence == 2


def test_a_clock_that_is_set_back_prolongs_nothing(engine: Engine) -> None:
    clocks = Clocks()
    first = lease(engine, "a", clocks)
    first.acquire_or_renew()

    clocks.later(LIVES)
    clocks.at -= timedelta(hours=1)

    assert not first.is_leader()


def test_of_many_at_once_one_leads(engine: Engine) -> None:
    clocks = Clocks()
    all_of_them = [lease(engine, str(number), clocks) for number in range(8)]

    with ThreadPoolExecutor(8) as processes:
        led = list(processes.map(lambda one: one.acquire_or_renew(), all_of_them))

    assert led.count(True) == 1


def test_a_database_that_is_away_makes_no_leader_and_no_error() -> None:
    away = make_engine("sqlite:////nowhere/at/all.db")

    assert not LeaderLease(away, holder="a").acquire_or_renew()
