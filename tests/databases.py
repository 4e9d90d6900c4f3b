"""A migrated database for each test, on SQLite and on PostgreSQL, quickly."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from handlepligt import migrations
from models import Row
from models.sealing import KeyRing, install_keys
from models.session import make_engine, writing
from tests.house import House, make_house
from tests.postgres_server import PostgresServer

KEYS = KeyRing(current="test", sealing={"test": bytes(range(32))}, index=bytes(range(32, 64)))
TABLES = [f'"{table.name}"' for table in reversed(Row.metadata.sorted_tables)]


def migrate(url: str) -> None:
    """Fills an empty database, for a template to copy."""
    migrations.upgrade(url)


def empty(engine: Engine) -> None:
    """Deletes every row, so that one database serves many examples of one test."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            for table in TABLES:
                connection.exec_driver_sql(f"DELETE FROM {table}")
        else:
            # As a replica PostgreSQL checks no foreign key, and all of it goes over in one message.
            deletions = "; ".join(f"DELETE FROM {table}" for table in TABLES)
            sequences = "SELECT setval(s.oid, 1, false) FROM pg_class AS s WHERE s.relkind = 'S'"
            connection.exec_driver_sql(
                f"SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '5s';"
                f" {deletions}; {sequences}"
            )


@pytest.fixture
def keys() -> KeyRing:
    """The keys that this process seals with while the test runs."""
    install_keys(KEYS)
    return KEYS


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The address of a migrated SQLite file of this test's own."""
    return f"sqlite:///{shutil.copyfile(sqlite_template, tmp_path / 'handlepligt.db')}"


@pytest.fixture
def sqlite_engine(sqlite_url: str, keys: KeyRing) -> Iterator[Engine]:
    engine = make_engine(sqlite_url)

    @event.listens_for(engine, "connect")
    def do_not_wait_for_the_disk(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_postgres_engine(postgres_server: PostgresServer) -> Iterator[Engine]:
    engine = make_engine(postgres_server.create_database(migrate))
    yield engine
    engine.dispose()


@pytest.fixture
def postgres_engine(shared_postgres_engine: Engine, keys: KeyRing) -> Iterator[Engine]:
    """One database for the session, emptied before each test: ten times quicker than a new one."""
    empty(shared_postgres_engine)
    yield shared_postgres_engine
    shared_postgres_engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """A migrated, empty database, once on SQLite and once on PostgreSQL, with keys installed."""
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made


@pytest.fixture
def house(engine: Engine) -> House:
    """The usual people, committed, and usable outside a session."""
    with writing(engine) as session:
        return make_house(session)
