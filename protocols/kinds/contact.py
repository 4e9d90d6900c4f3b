"""The kind *contact*: whom staff can call, on which numbers, at which hours, and how much may be said."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field

from protocols.durations import ShortWait
from protocols.element import Element, Names, When
from protocols.opening import opening_hours

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Purpose(StrEnum):
    """What one calls a contact for."""

    EMERGENCY = "emergency"
    ADVICE = "advice"
    SPARRING = "sparring"
    ACUTE = "acute"
    ACUTE_OUT_OF_HOURS = "acute_out_of_hours"
    SAFE_STAY = "safe_stay"


class Sharing(StrEnum):
    """How much of the case may be told."""

    GENERAL = "general"
    ANONYMOUS = "anonymous"
    ON_CASE = "on_case"

    @property
    def danish(self) -> str:
        return {
            "general": "kun generelt, ikke om den enkelte sag",
            "anonymous": "om sagen, uden navn",
            "on_case": "om den konkrete sag",
        }[self.value]


class Number(Element):
    """One telephone number and its hours in OpenStreetMap's opening-hours syntax.

    `hours_confirmed` is false where nobody has stated the hours and they are a default. `tracks` narrows the
    number to some definitions; `conflict` names a listed conflict about it.
    """

    number: str
    hours: str
    hours_confirmed: bool = False
    tracks: Names = ()
    conflict: str = ""


def _listed(written: object) -> object:
    return tuple(written) if isinstance(written, list) else written


class Kind(Element):
    """One contact. `tracks` are keys of definitions, empty for all; `if_no_answer` is the next to call.

    `if_no_answer_within` is how long staff wait for an answer before they call the next.
    """

    section = "contacts"

    title: str
    what: str = ""
    numbers: Annotated[tuple[Number, ...], BeforeValidator(_listed), Field(min_length=1)]
    purposes: Annotated[tuple[Purpose, ...], BeforeValidator(_listed), Field(min_length=1)]
    sharing: Sharing
    tracks: Names = ()
    shown_when: When | None = None
    if_no_answer: str = ""
    if_no_answer_within: ShortWait | None = None
    conflict: str = ""
    checked_by: str = ""
    checked_at: str = ""

    def check(self, scope: Scope) -> Iterator[Complaint]:
        head = scope.definition.head
        yield from scope.condition(self.shown_when, ("shown_when",), only_age=True)
        yield from scope.name("contacts", self.if_no_answer, "contact", ("if_no_answer",))
        if self.if_no_answer_within is not None and not self.if_no_answer:
            yield ("if_no_answer_within",), "nobody comes next; name the contact to call in if_no_answer"
        if self.key in self._called_after(scope):
            yield ("if_no_answer",), f"the calls lead back to '{self.key}'; end the chain somewhere"
        yield from scope.name("conflicts", self.conflict, "conflict", ("conflict",))
        for position, number in enumerate(self.numbers):
            where = ("numbers", position)
            yield from scope.name("conflicts", number.conflict, "conflict", (*where, "conflict"))
            try:
                opening_hours(number.hours, head.zone, head.country)
            except KeyError:
                return  # The zone or the country is unknown, which is said at the head.
            except ValueError as error:
                yield (*where, "hours"), f"{error}; write for example Mo-Fr 09:00-15:00; PH off"

    def _called_after(self, scope: Scope) -> set[str]:
        """Every contact that is called, one after the other, when this one does not answer."""
        reached: set[str] = set()
        following = self.if_no_answer
        while following and following not in reached:
            reached.add(following)
            known = scope.definition.contacts.get(following)
            following = known.if_no_answer if known else ""
        return reached
