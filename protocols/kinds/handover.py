"""The kind *handover*: to whom the duty may be offered, and when an outside authority may take it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from handlepligt.domain.deadlines import Offset, Unit
from protocols.durations import ShortWait
from protocols.element import Element, Names, When

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Authority(Element):
    """An outside body that may take the duty. What is written about its acceptance belongs to the ledger."""

    allowed_when: When


class Kind(Element):
    """The handover of a definition; the expiries, in minutes or hours, are of an offer nobody has answered.

    `to` are roles; `to_when` narrows some of them to cases where its condition holds.
    """

    section = "handover"
    single = True

    to: Names
    to_when: Annotated[dict[str, When], Field(default_factory=dict)]
    expires: ShortWait = Offset(30, Unit.MINUTES)
    expires_acute: ShortWait = Offset(15, Unit.MINUTES)
    authority: Authority | None = None

    def check(self, scope: Scope) -> Iterator[Complaint]:
        yield from scope.names("roles", self.to, "role", ("to",))
        for name, condition in self.to_when.items():
            yield from scope.condition(condition, ("to_when", name))
            if name not in self.to:
                yield ("to_when", name), f"'{name}' is not among those the duty can go to"
        if self.authority is not None:
            yield from scope.condition(self.authority.allowed_when, ("authority", "allowed_when"))
