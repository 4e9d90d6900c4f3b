"""The kind *end*: a typed way to close a case, when it is allowed, and what must be written."""

from __future__ import annotations

from protocols.element import Element, Named, When
from protocols.kinds.question import Kind as Question


class Kind(Element):
    """One end; `questions` are its required fields."""

    section = "ends"

    title: str
    allowed_when: When
    questions: Named[Question] = {}
