"""The checklist of a step: what to go through, in which order, and what must be ticked before it is done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, Field

from protocols.element import LONGEST_NAME, Element, Names

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Order(StrEnum):
    """How far the order in which things stand binds."""

    FREE = "free"
    RECOMMENDED = "recommended"
    STRICT = "strict"


def _all_or_names(written: object) -> object:
    return tuple(written) if isinstance(written, list) else written


class Checklist(Element):
    """The items to tick in a step, by key, in the order they stand.

    `source` (written `from`) is instead a question of type actions: one item for each action agreed there.
    """

    order: Order = Order.FREE
    required: Annotated[Literal["all"] | Names, BeforeValidator(_all_or_names)] = ()
    items: dict[str, str] = {}
    source: str = Field(default="", alias="from")

    def __bool__(self) -> bool:
        return bool(self.items or self.source)

    def requires(self, item: str) -> bool:
        """Whether the step cannot be completed before this item is ticked."""
        return self.required == "all" or item in self.required

    def check_in(self, scope: Scope) -> Iterator[Complaint]:
        """The same, for the checklist of a step."""
        if self.items and self.source:
            yield (), "a checklist either lists its items or takes them from a question; remove one"
        for key in self.items:
            if len(key) > LONGEST_NAME:
                yield (
                    ("items", key),
                    f"the name of this item is too long; use at most {LONGEST_NAME} characters",
                )
        if self.required != "all":
            for position, name in enumerate(self.required):
                if self.source:
                    yield ("required",), "the items come from a question and have no names; write all"
                    break
                if name not in self.items:
                    known = ", ".join(self.items) or "none"
                    yield ("required", position), f"'{name}' is no item of this checklist; there are: {known}"
        question = scope.definition.questions.get(self.source)
        if self.source and question is None and self.source not in scope.written_questions:
            yield ("from",), f"nobody is asked '{self.source}'; name a question of type actions"
        elif question is not None and question.type.value != "actions":
            yield ("from",), f"'{self.source}' is not a question of type actions; name one that is"


_OWN_KEYS = {"order", "required", "items", "from"}


def read_checklist(written: object) -> object:
    """A checklist written as `{key: text}` is one in free order with nothing required."""
    if isinstance(written, Mapping) and written and not _is_full(written):
        return {"items": written}
    return written


def _is_full(written: Mapping[str, object]) -> bool:
    return "items" in written or "from" in written or set(written) <= _OWN_KEYS
