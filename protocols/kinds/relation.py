"""The kind *relation*: how a person who is linked to a case stands to the one it is about."""

from __future__ import annotations

from protocols.element import Element

# Written where a relation could stand, it means people of every relation.
ANYONE = "anyone"


class Kind(Element):
    """One relation, such as brother or sister. `title` is what staff read, in the definition's language."""

    section = "relations"

    title: str
    help: str = ""
