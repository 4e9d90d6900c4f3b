"""The kind *decision*: answers that several people give together, or that another must give."""

from __future__ import annotations

from protocols.element import Element, Names


class Kind(Element):
    """Who decides the named questions of a step together.

    `by` are roles of the definition. `disagreement` names the question in which a disagreement is written
    down. `not_same_person_as` names a step whose completer may not decide here.
    """

    title: str = ""
    by: Names
    questions: Names
    disagreement: str = ""
    not_same_person_as: str = ""
