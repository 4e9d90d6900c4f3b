"""The kind *followup*: when a case is looked at again if nobody chose a date."""

from __future__ import annotations

from protocols.durations import WrittenOffset
from protocols.element import Element


class Kind(Element):
    """The date a case is given when it is raised or reopened, counted from then."""

    section = "followup"
    single = True

    first: WrittenOffset
    decided: bool = False
