"""Reads the rows that have fallen due and claims them, so that only one process acts on each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import CursorResult, Engine, Row, Select, Table, delete, func, select, update
from sqlmodel import Session

from models import DueRow
from models.session import reading

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)


class Kind(StrEnum):
    """What there is to do when a row falls due."""

    BREACH = "breach"
    RUNG = "rung"
    RUNG_UNLESS_BEGUN = "rung_unless_begun"
    OFFER_EXPIRY = "offer_expiry"
    FOLLOWUP = "followup"
    RECONSIDER = "reconsider"


# Those that tell somebody something; after downtime they are told together.
TELLING = frozenset({Kind.RUNG, Kind.RUNG_UNLESS_BEGUN, Kind.FOLLOWUP})


@dataclass(frozen=True, slots=True)
class Due:
    """One row as it was read. `fire_at` is what a claim compares: whoever moved or deleted it was first.

    `kind` and `roles` are read as they stand: a row that makes no sense fails alone, when it is acted on.
    """

    fire_at: datetime
    id: str
    case_id: str
    deadline_id: str | None
    offer_id: str | None
    kind: str
    message: str
    roles: str
    rung: int
    repeat_minutes: int | None
    attempts: int

    @property
    def role_names(self) -> tuple[str, ...]:
        """The roles of the case's protocol that are to be told."""
        return tuple(json.loads(self.roles))


_DUE: Table = DueRow.__table__  # type: ignore[attr-defined]
# Built once: these run every second, and most often there is nothing.
_NEXT = select(func.min(_DUE.c.fire_at))
_COLUMNS: Select[Any] = select(
    _DUE.c.fire_at, _DUE.c.id, _DUE.c.case_id, _DUE.c.deadline_id, _DUE.c.offer_id, _DUE.c.kind,
    _DUE.c.message, _DUE.c.roles, _DUE.c.rung, _DUE.c.repeat_minutes, _DUE.c.attempts,
)  # fmt: skip


def next_fire_at(engine: Engine) -> datetime | None:
    """The instant (aware UTC) at which the next row falls due, passed or not; None when there is none."""
    with reading(engine) as session:
        found: datetime | None = session.connection().execute(_NEXT).scalar()
        return found


def due_rows(session: Session, now: datetime, *, limit: int) -> list[Due]:
    """The rows due at `now`, longest due first; a breach before the rungs of the same instant."""
    rows = session.connection().execute(
        _COLUMNS.where(_DUE.c.fire_at <= now).order_by(_DUE.c.fire_at, _DUE.c.rung, _DUE.c.id).limit(limit)
    )
    return _read(rows.all())


def late_rows(session: Session, since: datetime, *, limit: int) -> list[Due]:
    """The telling rows that were due at `since` already, by case, so that all processes lock in one order."""
    oldest = (
        _COLUMNS.where(_DUE.c.fire_at <= since, _DUE.c.kind.in_(sorted(TELLING)))
        .order_by(_DUE.c.fire_at)
        .limit(limit)
    )
    found = _read(session.connection().execute(oldest).all())
    return sorted(found, key=lambda due: (due.case_id, due.fire_at, due.rung))


def claim(session: Session, due: Due) -> bool:
    """Takes the row away. False when somebody else did, or it was moved: then it is not ours to act on."""
    return _changes(session, delete(_DUE).where(_DUE.c.id == due.id, _DUE.c.fire_at == due.fire_at))


def move(session: Session, due: Due, *, to: datetime, **values: Any) -> bool:
    """Lets the row fall due again at `to`. False when somebody else was first."""
    mine = update(_DUE).where(_DUE.c.id == due.id, _DUE.c.fire_at == due.fire_at)
    return _changes(session, mine.values(fire_at=to, **values))


def postpone(session: Session, due: Due, now: datetime) -> bool:
    """After a failure: the row comes back later, doubling from 5 s to 15 min, and is never given up."""
    doublings: int = 2 ** min(due.attempts, 10)
    pause = min(FIRST_PAUSE * doublings, LONGEST_PAUSE)
    return move(session, due, to=now + pause, attempts=due.attempts + 1)


def next_repeat(due: Due, now: datetime) -> datetime | None:
    """When a row that repeats comes back; the repeats that fell into a gap are skipped, not caught up."""
    if due.repeat_minutes is None:
        return None
    every = timedelta(minutes=due.repeat_minutes)
    return due.fire_at + ((now - due.fire_at) // every + 1) * every


def _read(rows: Sequence[Row[Any]]) -> list[Due]:
    return [Due(**row._mapping) for row in rows]


def _changes(session: Session, statement: Any) -> bool:
    result = session.connection().execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount == 1
