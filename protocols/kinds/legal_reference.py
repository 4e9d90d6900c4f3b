"""The kind *legal reference*: what the source cites, what has replaced it, and who checked that."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from protocols.element import Element

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Kind(Element):
    """One reference.

    `cited` is as the source has it, `successor` what holds today. `printed: false` keeps an unverified
    paragraph off every page. `mapping_inferred` marks a successor that is our own reading.
    """

    section = "legal_references"

    cited: str = ""
    successor: str = ""
    about: str
    mapping_inferred: bool = False
    printed: bool = True
    checked_by: str = ""
    checked_at: str = ""

    def check(self, scope: Scope) -> Iterator[Complaint]:
        try:
            date.fromisoformat(self.checked_at or "2026-12-01")
        except ValueError:
            yield ("checked_at",), f"'{self.checked_at}' is no day; write it as 2026-12-01"

    @property
    def danish(self) -> str | None:
        """What a page prints, None when nothing may be printed."""
        if not self.printed or not (self.cited or self.successor):
            return None
        if not self.successor:
            return self.cited
        return f"{self.successor} (før {self.cited})" if self.cited else self.successor
