"""Writers wait their turn, readers never wait, and a refusal leaves its trace."""

import threading
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from handlepligt.errors import NotFoundError
from models import AccessLogEntry, InstallationFact, ReferenceCounter
from models.session import make_engine, reading, writing
from tests.house import House
from tests.make import MONDAY


def facts(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(InstallationFact.key)))


def write_and_fail(engine: Engine, error: Exception) -> None:
    with writing(engine) as session:
        session.add(InstallationFact(key="half", value=""))
        session.flush()
        raise error


def test_writers_that_read_first_wait_for_each_other_and_lose_nothing(sqlite_engine: Engine) -> None:
    with writing(sqlite_engine) as session:
        session.add(ReferenceCounter(year=2026, last=0))

    def count_up(_: int) -> None:
        with writing(sqlite_engine) as session:
            counter = session.get_one(ReferenceCounter, 2026)
            time.sleep(0.001)
            counter.last += 1

    with ThreadPoolExecutor(8) as several:
        list(several.map(count_up, range(80)))

    with reading(sqlite_engine) as session:
        assert session.get_one(ReferenceCounter, 2026).last == 80


def test_a_writer_gives_up_when_the_other_does_not_end(sqlite_url: str) -> None:
    patient, hasty = make_engine(sqlite_url), make_engine(sqlite_url, busy_seconds=0.05)

    with writing(patient) as session:
        session.add(InstallationFact(key="first", value=""))
        session.flush()
        with pytest.raises(OperationalError, match="locked"), writing(hasty) as other:
            other.get(InstallationFact, "first")

    assert facts(hasty) == ["first"]


def test_a_reader_does_not_wait_for_a_writer_and_sees_what_was_before(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(InstallationFact(key="before", value=""))
        session.flush()
        began = time.monotonic()
        seen_meanwhile = facts(engine)
        took = time.monotonic() - began

    assert seen_meanwhile == []
    assert took < 1
    assert facts(engine) == ["before"]


def test_a_writer_does_not_wait_for_a_reader_who_keeps_seeing_one_state(sqlite_engine: Engine) -> None:
    with reading(sqlite_engine) as session:
        before = list(session.scalars(select(InstallationFact.key)))
        with writing(sqlite_engine) as writer:
            writer.add(InstallationFact(key="meanwhile", value=""))
        after = list(session.scalars(select(InstallationFact.key)))

    assert (before, after) == ([], [])
    assert facts(sqlite_engine) == ["meanwhile"]


def test_what_a_reader_changes_is_thrown_away(engine: Engine) -> None:
    with reading(engine) as session:
        session.add(InstallationFact(key="slip", value=""))
        session.flush()

    assert facts(engine) == []


def test_an_error_takes_back_everything_that_was_written(engine: Engine) -> None:
    with pytest.raises(RuntimeError):
        write_and_fail(engine, RuntimeError())

    assert facts(engine) == []


def test_a_refused_look_is_recorded_although_its_transaction_is_taken_back(
    engine: Engine, house: House
) -> None:
    refusal = NotFoundError("case 1")
    refusal.leaves_behind.append(
        AccessLogEntry(at=MONDAY, staff_id=house.kim.id, action="look", was_allowed=False, face="web")
    )

    with pytest.raises(NotFoundError):
        write_and_fail(engine, refusal)

    assert facts(engine) == []
    with reading(engine) as session:
        entry = session.scalars(select(AccessLogEntry)).one()
        assert (entry.staff_id, entry.was_allowed) == (house.kim.id, False)


def test_a_refused_commit_frees_the_database(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(InstallationFact(key="taken", value=""))

    with pytest.raises(IntegrityError), writing(engine) as session:
        session.add(InstallationFact(key="taken", value="again"))

    with writing(engine) as session:
        session.add(InstallationFact(key="next", value=""))
    assert sorted(facts(engine)) == ["next", "taken"]


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO nowhere (key, value) VALUES (:name, :name)",
        "INSERT INTO installation_fact (key, value) VALUES (:name, NULL)",
        "INSERT INTO installation_fact (key, value) VALUES ('taken', ''), ('taken', :name)",
        "INSERT INTO installation_fact (key, value) VALUES (:name, ''), (:name, '')",
    ],
)
@pytest.mark.parametrize("times", [1, 2])
def test_an_error_says_nothing_of_what_was_in_its_statement(
    engine: Engine, statement: str, times: int
) -> None:
    canary = "Kanariefugl Opdigtet"

    with pytest.raises(DBAPIError, match=r"nowhere|installation_fact") as caught, writing(engine) as session:
        session.execute(text(statement), [{"name": canary}] * times)

    # With all that led to it, as a log would show it.
    assert canary not in "".join(traceback.format_exception(caught.value))


def test_a_refused_row_says_nothing_of_what_was_in_it(engine: Engine) -> None:
    canary = "Kanariefugl Opdigtet"
    with writing(engine) as session:
        session.add(InstallationFact(key=canary, value=""))

    with pytest.raises(IntegrityError) as caught, writing(engine) as session:
        session.add(InstallationFact(key=canary, value=canary))

    assert canary not in "".join(traceback.format_exception(caught.value))


def test_sqlite_keeps_what_it_acknowledged_and_checks_what_is_pointed_at(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)

    with engine.connect() as connection:
        modes = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    engine.dispose()

    full = 2
    assert modes == {"journal_mode": "wal", "synchronous": full, "foreign_keys": 1}


def test_many_connections_can_open_a_new_file_at_once(tmp_path_factory: pytest.TempPathFactory) -> None:
    together = threading.Barrier(8)

    def open_it(url: str) -> str:
        engine = make_engine(url)
        together.wait(10)
        with engine.connect() as connection:
            mode = str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())
        engine.dispose()
        return mode

    for _ in range(5):
        url = f"sqlite:///{tmp_path_factory.mktemp('new') / 'new.db'}"
        with ThreadPoolExecutor(8) as several:
            assert set(several.map(open_it, [url] * 8)) == {"wal"}
