"""Who somebody is, in neutral words of relation; the callers resolve them against the staff they have."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from handlepligt.domain.deadlines import Offset, Unit
from handlepligt.domain.vocabulary import BypassReason


@dataclass(frozen=True)
class Holder:
    """Whoever holds the duty now."""


@dataclass(frozen=True)
class Raiser:
    """Whoever raised the concern."""


@dataclass(frozen=True)
class SuperiorOf:
    """The nearest superior of another role of the definition."""

    role: str


@dataclass(frozen=True)
class SubstituteOf:
    """Whoever stands in for another role of the definition."""

    role: str


@dataclass(frozen=True)
class StaffWith:
    """Anybody employed as `role` (a staff role's key), narrowed by pool and by the case's team."""

    role: str
    pool: str | None = None
    same_team: bool = False


@dataclass(frozen=True)
class FirstOf:
    """The first of these roles who is present and has not been gone past in the case.

    `bypass` are the reasons for which one of them may be gone past; `no_answer_within` is how long they
    are given to answer, None unless `no_answer` is among the reasons.
    """

    roles: tuple[str, ...]
    bypass: tuple[BypassReason, ...] = (BypassReason.ABSENT,)
    no_answer_within: Offset | None = None


RoleExpression = Holder | Raiser | SuperiorOf | SubstituteOf | StaffWith | FirstOf


def named_roles(expression: RoleExpression) -> tuple[str, ...]:
    """The other roles of the definition that an expression leans on."""
    match expression:
        case SuperiorOf(role) | SubstituteOf(role):
            return (role,)
        case FirstOf(roles):
            return roles
        case _:
            return ()


@dataclass(frozen=True)
class WayPast:
    """For which reasons a role may be gone past, and how long its people have to answer first."""

    reasons: frozenset[BypassReason]
    no_answer_within: timedelta | None


def way_past(role: str, expressions: Iterable[RoleExpression]) -> WayPast | None:
    """How `role` may be gone past in a definition whose roles are `expressions`; None when it never may.

    A role in several rows may be gone past for any reason that one of them names. Of two waits for an
    answer the longer counts: nobody is gone past sooner than a row they stand in says.
    """
    rows = [one for one in expressions if isinstance(one, FirstOf) and role in one.roles]
    if not rows:
        return None
    waits = [_length(row.no_answer_within) for row in rows if row.no_answer_within is not None]
    return WayPast(frozenset(reason for row in rows for reason in row.bypass), max(waits, default=None))


def _length(wait: Offset) -> timedelta:
    return timedelta(hours=wait.amount) if wait.unit is Unit.HOURS else timedelta(minutes=wait.amount)
