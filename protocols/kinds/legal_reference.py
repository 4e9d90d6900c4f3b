"""The kind *legal reference*: what the source cites, what has replaced it, and who checked that."""

from __future__ import annotations

from protocols.element import Element


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

    @property
    def danish(self) -> str | None:
        """What a page prints, None when nothing may be printed."""
        if not self.printed or not (self.cited or self.successor):
            return None
        if not self.successor:
            return self.cited
        return f"{self.successor} (før {self.cited})" if self.cited else self.successor
