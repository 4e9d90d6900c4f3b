"""Says that the database itself refuses a change, and by which of its constraints."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import IntegrityError

from models import Row

# SQLite names only its CHECK constraints; of the others it tells the kind.
KINDS = {"ck": "CHECK", "uq": "UNIQUE", "fk": "FOREIGN KEY", "pk": "UNIQUE"}


def table(name: str) -> Table:
    """The table itself, so that an attack goes around every rule written in Python."""
    return Row.metadata.tables[name]


@contextmanager
def refused(engine: Engine, *, by: str) -> Iterator[Connection]:
    """A transaction that must fail, at the latest when it commits, because of the constraint `by`."""
    with pytest.raises(IntegrityError) as caught, engine.begin() as connection:
        yield connection
    error: Any = caught.value.orig
    if engine.dialect.name == "postgresql":
        assert error.diag.constraint_name == by, str(error)
    else:
        kind = KINDS[by[:2]]
        assert f"{kind} constraint failed" in str(error), str(error)
        assert kind != "CHECK" or str(error).endswith(by), str(error)
