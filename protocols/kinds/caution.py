"""The kind *caution*: a point of attention that is shown where it matters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from protocols.element import Element

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Kind(Element):
    """One point of attention in Danish; `conflicts_with` names another caution it contradicts."""

    section = "cautions"

    text: str
    conflicts_with: str = ""

    def check(self, scope: Scope) -> Iterator[Complaint]:
        yield from scope.name("cautions", self.conflicts_with, "caution", ("conflicts_with",))
