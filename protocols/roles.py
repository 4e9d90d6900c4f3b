"""Who somebody is, in neutral words of relation; the callers resolve them against the staff they have."""

from __future__ import annotations

from dataclasses import dataclass


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
    """The first of these roles who is present, can be reached and is not the concern."""

    roles: tuple[str, ...]


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
