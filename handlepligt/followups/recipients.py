"""Finds who is to be told now: the roles of a rung, and who comes next when none of them can be reached."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import Session, col, select

from handlepligt.cases.people import leader_of, resolve, superior_of
from handlepligt.cases.presence import is_present, set_aside_in
from handlepligt.domain.vocabulary import StaffRole
from models import Case, Staff
from protocols.definition import Definition

_LONGEST_CHAIN = 5

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recipients:
    """`people` are those the rung names, present or not; `instead` is told when none of them is present."""

    people: tuple[Staff, ...]
    instead: tuple[Staff, ...] = ()


def recipients_of(
    session: Session,
    definition: Definition,
    case: Case,
    roles: Iterable[str],
    *,
    above: Iterable[Iterable[str]] = (),
    now: datetime,
) -> Recipients:
    """Who `roles` of the definition mean now. `above` are the roles of the rungs that come after.

    Raises KeyError when the definition has no such role.
    """
    people = _everybody(session, definition, case, roles, now)
    if any(is_present(session, one, now) for one in people):
        return Recipients(people)
    _log.warning("nobody_reachable", case_id=case.id, roles=sorted(roles))
    for circle in _above(session, definition, case, above, now):
        present = tuple(one for one in circle if is_present(session, one, now))
        if present:
            return Recipients(people, present)
    # Everybody is away. Being told late is better than nobody ever being told.
    _log.error("nobody_present_at_all", case_id=case.id)
    return Recipients(people, _last_resort(session, case))


def _everybody(
    session: Session, definition: Definition, case: Case, roles: Iterable[str], now: datetime
) -> tuple[Staff, ...]:
    found = {one.id: one for role in roles for one in resolve(session, definition, role, case, now)}
    return tuple(found.values())


def _above(
    session: Session, definition: Definition, case: Case, above: Iterable[Iterable[str]], now: datetime
) -> Iterator[Iterable[Staff]]:
    """The circles to ask one after the other: the next rungs, the leader, the leader's leader, the heads."""
    for roles in above:
        yield _everybody(session, definition, case, roles, now)
    leader, aside = leader_of(session, case), set_aside_in(session, case)
    # The roles lean on the holder; one who has left leads nowhere, but the house still has its leaders.
    below: Staff | None = leader or session.get(Staff, case.keeper_id)
    if leader is not None:
        yield [leader]
    for _ in range(_LONGEST_CHAIN):
        below = superior_of(session, below, aside=aside) if below else None
        if below is None:
            break
        yield [below]
    yield _with_role(session, StaffRole.HEAD, besides=aside)


def _last_resort(session: Session, case: Case) -> tuple[Staff, ...]:
    aside = set_aside_in(session, case)
    return _with_role(session, StaffRole.HEAD, besides=aside) or _with_role(
        session, StaffRole.ADMIN, besides=aside
    )


def _with_role(session: Session, role: StaffRole, *, besides: Collection[int]) -> tuple[Staff, ...]:
    found = session.exec(select(Staff).where(col(Staff.is_active), Staff.role == role))
    return tuple(one for one in found if one.id not in besides)
