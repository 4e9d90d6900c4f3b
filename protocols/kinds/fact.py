"""The kind *fact*: something known of a case, asked at intake or computed, with its safe reading."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field

from protocols.element import Element, Names, When

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


class Moment(StrEnum):
    """Which instant of the case a date says: when staff became aware, or when what happened happened."""

    AWARENESS = "awareness"
    DEED = "deed"


def _no_truth(written: object) -> object:
    if isinstance(written, bool):
        raise ValueError(f'{str(written).lower()} is no answer; write one in quotes, such as "yes"')
    return written


class Kind(Element):
    """One fact. Exactly one of `ask` (what staff are asked) and `is` (computed) is given.

    `when_unknown` is what an unknown fact is read as: the safe reading. A fact of the case is asked at
    intake, one of `scope: person` when somebody is linked whose relation is among `relations` (none: any). A
    date with a `moment` is what deadlines of that base are counted from.
    """

    section = "facts"

    title: str = ""
    type: FactType
    scope: FactScope = FactScope.CASE
    relations: Names = ()
    moment: Moment | None = None
    ask: str = ""
    help: str = ""
    computed: When | None = Field(default=None, alias="is")
    choices: dict[str, str] = {}
    when_unknown: Annotated[str | int | float | None, BeforeValidator(_no_truth)] = None

    @property
    def is_of_a_person(self) -> bool:
        return self.scope is FactScope.PERSON

    @property
    def allowed(self) -> tuple[str, ...]:
        """The answers there are; empty when anything of the type is one."""
        return ("yes", "no") if self.type is FactType.YES_NO else tuple(self.choices)

    def concerns(self, relation: str) -> bool:
        """Whether it is asked of people of this relation; of `anyone` when it is asked of all."""
        return self.is_of_a_person and (not self.relations or relation in self.relations)

    def reading(self, value: object) -> object:
        """What is known as the rules see it: the safe reading when nobody knows."""
        return self.when_unknown if value in (None, "unknown", "") else value

    def check(self, scope: Scope) -> Iterator[Complaint]:
        if bool(self.ask) == (self.computed is not None):
            yield (), "a fact is either asked (ask) or computed (is)"
        if self.type is FactType.CHOICE and not self.choices:
            yield ("type",), "a fact of type choice needs choices"
        if self.allowed and self.when_unknown is not None and self.when_unknown not in self.allowed:
            yield ("when_unknown",), f"'{self.when_unknown}' is not among {', '.join(self.allowed)}"
        if self.type in (FactType.YES_NO, FactType.CHOICE) and self.when_unknown is None:
            yield (), "say when_unknown: the safe reading when nobody knows"
        yield from self._check_people(scope)
        yield from self._check_moment(scope)
        yield from self._check_computed(scope)

    def _check_people(self, scope: Scope) -> Iterator[Complaint]:
        yield from scope.names("relations", self.relations, "relation", ("relations",))
        if self.relations and not self.is_of_a_person:
            yield (
                ("relations",),
                "only a fact with scope: person has relations; remove them or add it",
            )
        if self.is_of_a_person and self.computed is not None:
            yield ("is",), "a fact of a person is asked when somebody is linked; write ask instead of is"
        if self.is_of_a_person and not scope.declared.get("relations"):
            yield ("scope",), "nobody can be linked; declare at least one relation under relations"

    def _check_moment(self, scope: Scope) -> Iterator[Complaint]:
        if self.moment is None:
            return
        if self.type is not FactType.DATE or self.is_of_a_person or not self.ask:
            yield ("moment",), "only a date of the case that is asked says a moment; remove it"
        others = [one.key for one in scope.definition.facts.values() if one.moment is self.moment]
        if others[0] != self.key:
            yield ("moment",), f"'{others[0]}' already says the moment of {self.moment}; remove one"

    def _check_computed(self, scope: Scope) -> Iterator[Complaint]:
        if self.computed is None:
            return
        facts = list(scope.definition.facts)
        above = facts[: facts.index(self.key)]
        for path in sorted(self.computed.names):
            if path[0] == "fact" and path[1] in facts and path[1] not in above:
                yield ("is",), f"'{path[1]}' is not known yet; let it stand above '{self.key}'"
        finding = scope.finding(self.computed)
        for sentence in finding.complaints:
            yield ("is",), sentence
        for result in sorted(map(str, finding.results - {None, *(self.allowed or finding.results)})):
            yield ("is",), f"yields {result}, which is not among {', '.join(self.allowed)}"
