"""Writes down when a job last ran to its end, so that another process can see that it still does."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine, Table
from sqlalchemy.dialects import postgresql, sqlite

from models import Heartbeat
from models.session import writing

_BEAT: Table = Heartbeat.__table__  # type: ignore[attr-defined]


def beat(engine: Engine, name: str, now: datetime) -> None:
    """Job `name` has just run to its end at `now` (aware UTC)."""
    row = {"name": name, "at": now}
    later = {"index_elements": ["name"], "set_": {"at": now}}
    with writing(engine) as session:
        if engine.dialect.name == "sqlite":
            session.execute(sqlite.insert(_BEAT).values(row).on_conflict_do_update(**later))  # type: ignore[arg-type]
        else:
            session.execute(postgresql.insert(_BEAT).values(row).on_conflict_do_update(**later))  # type: ignore[arg-type]
