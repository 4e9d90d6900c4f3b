"""The kind *followup*: when a case is looked at again if nobody chose a date."""

from __future__ import annotations

from typing import Annotated

from handlepligt.domain.deadlines import Offset, Unit
from protocols.durations import counted_in
from protocols.element import Element


class Kind(Element):
    """The date a case is given when it is raised or reopened, counted from then."""

    section = "followup"
    single = True

    first: Annotated[Offset, counted_in(Unit.CALENDAR_DAYS, Unit.WORKING_DAYS)]
    decided: bool = False
