"""The kind *join*: steps that were opened together and are waited for, all of them, any, or so many."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Literal

from pydantic import field_validator

from protocols.element import Element, Names

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope

ALL, ANY = "all", "any"


class Kind(Element):
    """One join.

    It is met once `after` is settled and, of the branches in `of` that have opened, enough are settled. A
    branch that fell away counts as settled, one that never opened is not waited for. `need` is `all`, `any`
    or a number, which is never more than the branches that opened.
    """

    section = "joins"

    title: str = ""
    after: str
    of: Names
    need: Literal["all", "any"] | int = "all"

    @field_validator("need", mode="before")
    @classmethod
    def _words_or_number(cls, written: object) -> object:
        if written in (ALL, ANY) or (isinstance(written, int) and not isinstance(written, bool)):
            return written
        raise ValueError(f"'{written}' is no need of a join; write all, any or a number")

    def wanted(self, opened: int) -> int:
        """How many of the opened branches must be settled."""
        if self.need == ALL:
            return opened
        return min(1 if self.need == ANY else int(self.need), opened)

    def is_met(self, *, after_settled: bool, opened: Collection[str], settled: Collection[str]) -> bool:
        """Whether it is met, given which of the branches have opened and which of them are settled."""
        return after_settled and len(settled) >= self.wanted(len(opened))

    def check(self, scope: Scope) -> Iterator[Complaint]:
        yield from scope.name("steps", self.after, "step", ("after",))
        yield from scope.names("steps", self.of, "step", ("of",))
        if len(self.of) < 2:
            yield ("of",), "a join needs at least 2 steps; for one ask settled() instead"
        for position, step in enumerate(self.of):
            if step == self.after:
                sentence = f"'{step}' is what the join comes after; it cannot be one of its branches too"
                yield ("of", position), sentence
            if step in self.of[:position]:
                yield ("of", position), f"'{step}' stands twice; remove one"
        if isinstance(self.need, int) and not 1 <= self.need <= len(self.of):
            yield ("need",), f"{self.need} of {len(self.of)} can never be right; write 1 to {len(self.of)}"
        if not any(("joined", self.key) in one.calls for one in scope.definition.conditions):
            yield (), f'nobody asks for this join; write joined("{self.key}") in a condition or remove it'
