"""The kind *conflict*: two things the source says that do not agree, and which reading was built."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from protocols.element import Element, Names

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Kind(Element):
    """One conflict, in Danish, shown to whoever maintains the definition."""

    section = "conflicts"

    text: str
    where: Names
    built: str
    contacts: Names = ()
    cautions: Names = ()

    def check(self, scope: Scope) -> Iterator[Complaint]:
        yield from scope.names("contacts", self.contacts, "contact", ("contacts",))
        yield from scope.names("cautions", self.cautions, "caution", ("cautions",))
