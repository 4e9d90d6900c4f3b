"""The kind *handover*: to whom the duty may be offered, and when an outside authority may take it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from protocols.durations import Offset, Unit, WrittenOffset
from protocols.element import Element, Named, Names, When
from protocols.kinds.question import Kind as Question


class Authority(Element):
    """An outside body that may take the duty; `fields` are what must be written about its acceptance."""

    allowed_when: When
    fields: Named[Question] = {}


class Kind(Element):
    """The handover of a definition; the expiries are of an offer that nobody has answered.

    `to` are roles; `to_when` narrows some of them to cases where its condition holds.
    """

    section = "handover"
    single = True

    to: Names
    to_when: Annotated[dict[str, When], Field(default_factory=dict)]
    expires: WrittenOffset = Offset(30, Unit.MINUTES)
    expires_acute: WrittenOffset = Offset(15, Unit.MINUTES)
    authority: Authority | None = None
