"""The kind *conflict*: two things the source says that do not agree, and which reading was built."""

from __future__ import annotations

from protocols.element import Element, Names


class Kind(Element):
    """One conflict, in Danish, shown to whoever maintains the definition."""

    section = "conflicts"

    text: str
    where: Names
    built: str
    contacts: Names = ()
    cautions: Names = ()
