"""The kind *caution*: a point of attention that is shown where it matters."""

from __future__ import annotations

from protocols.element import Element


class Kind(Element):
    """One point of attention in Danish; `conflicts_with` names another caution it contradicts."""

    section = "cautions"

    text: str
    conflicts_with: str = ""
