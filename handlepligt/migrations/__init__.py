"""Brings a database to the tables of today: `upgrade` at each start, `check` when something looks wrong.

The revisions are in `versions/`, four digits and one line of descent. Alembic is imported only when
there is work for it: a start that finds the database up to date asks one question and goes on.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, inspect, text

from handlepligt.errors import ConfigurationError
from models import Row
from models.session import make_engine, reading

if TYPE_CHECKING:
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

_HERE = Path(__file__).parent
# Any number will do, so long as every process of every version of the product takes the same one.
_ADVISORY_LOCK = 4_861_001_140_700


@cache
def head() -> str:
    """The newest revision this version of the product knows, such as `0001`."""
    return max((file.name[:4] for file in (_HERE / "versions").glob("[0-9][0-9][0-9][0-9]_*.py")), default="")


def current(engine_or_url: Engine | str) -> str | None:
    """The revision a database stands at; None when it has never been migrated."""
    with _engine(engine_or_url) as engine, reading(engine) as session:
        return _revision(session.connection())


def upgrade(engine_or_url: Engine | str) -> bool:
    """Brings a database to `head()`, all or nothing; True when there was something to do.

    Two processes that start at once do it one after the other, and the second finds it done. Raises
    ConfigurationError when the database comes from a newer version of the product.
    """
    with _engine(engine_or_url) as engine:
        found = current(engine)
        if found is not None and found > head():
            raise ConfigurationError(
                f"HANDLEPLIGT_DATABASE_URL: the database is at revision {found}, and this version knows none"
                f" after {head()}; start the version that wrote it"
            )
        if found == head():
            return False
        with _alone(engine) as connection:
            if _revision(connection) == head():
                return False
            _migrate(connection, lambda script, at: script._upgrade_revs(head(), at))
        return True


def downgrade(engine_or_url: Engine | str, to: str = "base") -> None:
    """Takes a database back to a revision; with `base`, drops every table. For tests and emergencies."""
    with _engine(engine_or_url) as engine, _alone(engine) as connection:
        _migrate(connection, lambda script, at: script._downgrade_revs(to, at))


def check(engine_or_url: Engine | str) -> list[str]:
    """What differs between a database and the tables of `models`; empty when nothing does."""
    from alembic.autogenerate import compare_metadata

    with _engine(engine_or_url) as engine, reading(engine) as session:
        context = _context(session.connection(), compare_type=True, compare_server_default=True)
        return [str(difference) for difference in compare_metadata(context, Row.metadata)]


@contextmanager
def _engine(engine_or_url: Engine | str) -> Iterator[Engine]:
    if isinstance(engine_or_url, Engine):
        yield engine_or_url
        return
    engine = make_engine(engine_or_url)
    try:
        yield engine
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction that no other migration runs beside."""
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            with _without_foreign_keys(connection):
                yield connection
        else:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _ADVISORY_LOCK})
                yield connection


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    # SQLite changes a table by copying and dropping it. With foreign keys on, the drop would empty
    # what points at it; they can be switched off only outside a transaction.
    raw: Any = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            yield
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                tables = sorted({str(row[0]) for row in broken})
                raise RuntimeError(f"the migration left rows that point nowhere in {', '.join(tables)}")
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


def _migrate(connection: Connection, steps: "Callable[[ScriptDirectory, Any], Iterable[Any]]") -> None:
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(_HERE))
    context = _context(connection, script=script, fn=lambda at, _context: steps(script, at))
    with Operations.context(context):
        context.run_migrations()


def _context(connection: Connection, **options: Any) -> "MigrationContext":
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection, opts={"render_as_batch": True, **options})
