"""The kind *entry*: how a closed case comes back, with its history."""

from __future__ import annotations

from protocols.durations import WrittenOffset
from protocols.element import Element, Names


class Kind(Element):
    """One way in. A case closed less than `within` ago is reopened; the `steps` open again."""

    section = "entries"

    title: str
    within: WrittenOffset
    steps: Names = ()
