"""The kind *role*: who somebody is, as an expression in words of relation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, model_validator

from handlepligt.domain.vocabulary import BypassReason, StaffRole
from protocols.durations import ShortWait
from protocols.element import Element, Names
from protocols.roles import (
    FirstOf,
    Holder,
    Raiser,
    RoleExpression,
    StaffWith,
    SubstituteOf,
    SuperiorOf,
    named_roles,
)

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Staff(Element):
    """People employed as `role`, in `pool` or in the case's team."""

    role: str
    pool: str | None = None
    same_team: bool = False


def _listed(written: object) -> object:
    return tuple(written) if isinstance(written, list) else written


class Kind(Element):
    """One role; exactly one relation is given. `title` is what staff read.

    `bypass` says for which reasons one of `first_of` may be gone past in a case, so that the next in the
    row is asked; with `no_answer` among them, `no_answer_within` says how long they have to answer.
    """

    section = "roles"

    title: str
    holder: bool = False
    raiser: bool = False
    superior_of: str = ""
    substitute_of: str = ""
    staff: Staff | None = None
    first_of: Names = ()
    bypass: Annotated[tuple[BypassReason, ...], BeforeValidator(_listed)] = (BypassReason.ABSENT,)
    no_answer_within: ShortWait | None = None

    @model_validator(mode="after")
    def _one_relation(self) -> Kind:
        given = [self.holder, self.raiser, self.superior_of, self.substitute_of, self.staff, self.first_of]
        if sum(bool(one) for one in given) != 1:
            raise ValueError(
                "a role says exactly one of holder: true, raiser: true, superior_of, substitute_of, "
                "staff, first_of"
            )
        if not self.first_of and self.model_fields_set & {"bypass", "no_answer_within"}:
            raise ValueError(
                "only a role with first_of can be gone past; take bypass and no_answer_within away"
            )
        if (BypassReason.NO_ANSWER in self.bypass) != (self.no_answer_within is not None):
            raise ValueError(
                "no_answer in bypass and no_answer_within belong together; say how long they have to answer, "
                "for example no_answer_within: 2 hours, or take both away"
            )
        return self

    @property
    def expression(self) -> RoleExpression:
        """The relation as a value that callers match on."""
        if self.staff is not None:
            return StaffWith(self.staff.role, self.staff.pool, self.staff.same_team)
        if self.superior_of:
            return SuperiorOf(self.superior_of)
        if self.substitute_of:
            return SubstituteOf(self.substitute_of)
        if self.first_of:
            return FirstOf(self.first_of, self.bypass, self.no_answer_within)
        return Holder() if self.holder else Raiser()

    def check(self, scope: Scope) -> Iterator[Complaint]:
        for name in named_roles(self.expression):
            if sentence := scope.unknown("roles", name, "role"):
                yield (), sentence
        if self.staff and self.staff.role not in set(StaffRole):
            yield (
                ("staff", "role"),
                f"unknown staff role '{self.staff.role}'; there are {', '.join(StaffRole)}",
            )
        if self.key in self._leans_on(scope):
            yield (), f"the role '{self.key}' leans on itself; break the circle"

    def _leans_on(self, scope: Scope) -> set[str]:
        """Every role this one is said in terms of, directly or not."""
        reached: set[str] = set()
        waiting = list(named_roles(self.expression))
        while waiting:
            name = waiting.pop()
            if name not in reached and name in scope.definition.roles:
                reached.add(name)
                waiting += named_roles(scope.definition.roles[name].expression)
        return reached
