"""Lets one process at a time lead the follow-ups: a row in the database that whoever leads keeps renewing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import CursorResult, Engine, Table, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from handlepligt import clock
from models import Lease
from models.session import writing

LEADER = "leader"
LIVES = timedelta(seconds=30)
RENEW_EVERY = timedelta(seconds=15)

_log = structlog.get_logger(__name__)
_LEASE: Table = Lease.__table__  # type: ignore[attr-defined]
# RETURNING, because psycopg gives no count of what an INSERT has left out.
_INSERT_ONCE = {
    name: make(_LEASE).on_conflict_do_nothing(index_elements=["name"]).returning(_LEASE.c.fence)
    for name, make in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}


class LeaderLease:
    """The lease as one process sees it. Safe to ask from any thread.

    `holder` is unique among the processes that live at once. A process that takes the place of a dead
    one may carry its name on (`handlepligt up` does that for its worker) and leads again at once instead
    of waiting for the lease to run out. `fence` grows with each change of leader, so that a late write of
    a former leader can be told from one of the present leader.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        holder: str,
        name: str = LEADER,
        now: Callable[[], datetime] = clock.now,
        watch: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._holder = holder
        self._name = name
        self._now = now
        self._watch = watch
        self._leads_until = float("-inf")
        self.fence = 0

    def is_leader(self) -> bool:
        """Whether this process still leads. Asks no database, so it may be asked before every step.

        Measured by this process's own running time from before the lease was written: a clock that is
        set, or a database that was slow to answer, never makes two leaders here.
        """
        return self._watch() < self._leads_until

    def acquire_or_renew(self) -> bool:
        """Renews the lease when it is ours, takes it when it has run out. Whether this process leads now.

        A database that cannot be reached leaves things as they are: the lease runs out by itself.
        """
        before, now = self._watch(), self._now()
        led = self.is_leader()
        try:
            with writing(self._engine) as session:
                fence = self._renewed(session, now) or self._taken(session, now) or self._first(session, now)
        except DBAPIError as error:
            _log.warning("lease_not_reached", error=type(error).__name__)
            return self.is_leader()
        self._leads_until = before + LIVES.total_seconds() if fence else float("-inf")
        if fence:
            self.fence = fence
        if led != bool(fence):
            _log.info("leads" if fence else "leads_no_more", fence=self.fence)
        return bool(fence)

    def release(self) -> None:
        """Gives the lease back, so that the next process leads at once. Safe when it is not ours."""
        self._leads_until = float("-inf")
        ours = (_LEASE.c.name == self._name, _LEASE.c.holder == self._holder, _LEASE.c.fence == self.fence)
        try:
            with writing(self._engine) as session:
                session.execute(update(_LEASE).where(*ours).values(until=self._now()))
        except DBAPIError as error:
            _log.warning("lease_not_released", error=type(error).__name__)

    def _renewed(self, session: Session, now: datetime) -> int:
        """The fence when the row is ours by name; it grows when another life of ours wrote it."""
        ours = (_LEASE.c.name == self._name, _LEASE.c.holder == self._holder)
        if self.fence and self._updates(session, *ours, _LEASE.c.fence == self.fence, until=now + LIVES):
            return self.fence
        if self._updates(session, *ours, until=now + LIVES, fence=_LEASE.c.fence + 1):
            return self._fence_in(session)
        return 0

    def _taken(self, session: Session, now: datetime) -> int:
        over = (_LEASE.c.name == self._name, _LEASE.c.until <= now)
        values = {"holder": self._holder, "until": now + LIVES, "fence": _LEASE.c.fence + 1}
        return self._fence_in(session) if self._updates(session, *over, **values) else 0

    def _first(self, session: Session, now: datetime) -> int:
        once = _INSERT_ONCE[session.get_bind().dialect.name]
        row = {"name": self._name, "holder": self._holder, "until": now + LIVES, "fence": 1}
        return int(session.execute(once, row).scalar() or 0)

    def _updates(self, session: Session, *where: object, **values: object) -> bool:
        return _rows(session.execute(update(_LEASE).where(*where).values(**values))) == 1  # type: ignore[arg-type]

    def _fence_in(self, session: Session) -> int:
        return int(session.get_one(Lease, self._name).fence)


def _rows(result: object) -> int:
    assert isinstance(result, CursorResult)
    return int(result.rowcount)
