"""The engine and its sessions, with the rules each database needs to keep what it was told."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.pool import StaticPool
from sqlmodel import Session

from handlepligt.errors import HandlepligtError


def make_engine(url: str, *, busy_seconds: float = 10.0) -> Engine:
    """An engine for `url`, SQLite or PostgreSQL.

    SQLite: write-ahead log, synchronous FULL (an acknowledged concern survives power loss), foreign
    keys on, and every transaction begins IMMEDIATE: a deferred one that reads and then writes fails
    "database is locked" at once, whatever the timeout. A session that only reads says so with
    `reading()` and does not queue behind writers.

    On both, an error names its statement and not what was in it: that may be about a citizen, and errors
    reach logs.
    """
    if make_url(url).get_backend_name() != "sqlite":
        postgres = create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=10)
        event.listen(postgres, "handle_error", _leave_out_the_row)
        return postgres
    in_memory = make_url(url).database in (None, "", ":memory:")
    options: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    connecting = {"check_same_thread": False, "timeout": busy_seconds}
    engine = create_engine(url, hide_parameters=True, connect_args=connecting, **options)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={int(busy_seconds * 1000)}")
        _write_ahead(connection, until=time.monotonic() + busy_seconds)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        is_read = connection.get_execution_options().get("handlepligt_reads_only", False)
        connection.exec_driver_sql("BEGIN" if is_read else "BEGIN IMMEDIATE")

    return engine


def _leave_out_the_row(context: ExceptionContext) -> None:
    # PostgreSQL adds the refused row to its error, in lines after the first (DETAIL, CONTEXT).
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None and error.args and isinstance(error.args[0], str):
            error.args = (error.args[0].partition("\n")[0], *error.args[1:])


def _write_ahead(connection: Any, *, until: float) -> None:
    # A new file is switched over once. Two processes that start together both try, and SQLite tells
    # the second "database is locked" at once, without the wait that every other statement gets.
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > until:
                raise
            time.sleep(0.02)


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session in one transaction: commits at the end, rolls back when an error leaves the block.

    Rows that the error leaves behind (the record of a refused look) are written in a transaction of
    their own before the error goes on to the face, so that no refusal is answered unrecorded.
    """
    try:
        with Session(engine, expire_on_commit=False) as session, session.begin():
            yield session
    except HandlepligtError as error:
        if error.leaves_behind:
            with Session(engine) as session, session.begin():
                session.add_all(error.leaves_behind)
        raise


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads: never waits for a writer, and what it would change is thrown away."""
    only = engine.execution_options(handlepligt_reads_only=True)
    with only.connect() as connection, Session(connection, expire_on_commit=False) as session:
        yield session
