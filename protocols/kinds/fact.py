"""The kind *fact*: something known of a case, asked at intake or computed, with its safe reading."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from protocols.element import Element, When


class FactType(StrEnum):
    """What a fact's value is."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    NUMBER = "number"
    DATE = "date"
    TEXT = "text"


class FactScope(StrEnum):
    """Whether the fact is one per case or one per linked person."""

    CASE = "case"
    PERSON = "person"


class Kind(Element):
    """One fact. Exactly one of `ask` (Danish, at intake) and `is` (computed) is given.

    `when_unknown` is what an unknown fact is read as: the safe reading.
    """

    section = "facts"

    title: str = ""
    type: FactType
    scope: FactScope = FactScope.CASE
    ask: str = ""
    help: str = ""
    computed: When | None = Field(default=None, alias="is")
    choices: dict[str, str] = {}
    when_unknown: str | int | float | None = None
