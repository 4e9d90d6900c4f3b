"""The kind *fact*: something known of a case, asked at intake or computed, with its safe reading."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import Field

from protocols.element import Element, When

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


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

    def check(self, scope: Scope) -> Iterator[Complaint]:
        if bool(self.ask) == (self.computed is not None):
            yield (), "a fact is either asked (ask) or computed (is)"
        if self.type is FactType.CHOICE and not self.choices:
            yield ("type",), "a fact of type choice needs choices"
        allowed = {FactType.YES_NO: ("yes", "no"), FactType.CHOICE: tuple(self.choices)}.get(self.type)
        if allowed and self.when_unknown is not None and self.when_unknown not in allowed:
            yield ("when_unknown",), f"'{self.when_unknown}' is not among {', '.join(allowed)}"
        if allowed and self.when_unknown is None:
            yield (), "say when_unknown: the safe reading when nobody knows"
        if self.computed is None:
            return
        finding = scope.finding(self.computed)
        for sentence in finding.complaints:
            yield ("is",), sentence
        for result in sorted(map(str, finding.results - {None, *(allowed or finding.results)})):
            yield ("is",), f"yields {result}, which is not among {', '.join(allowed or ())}"
