"""The kind *deadline*: when something must have happened, counted from what, and on whose word."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator

from handlepligt.domain.deadlines import Basis
from protocols.deadline_base import Base, BaseKind, check_base, known_beforehand, read_base
from protocols.durations import WrittenOffset
from protocols.element import LONGEST_NAME, Element, When
from protocols.extension import Extension

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope

__all__ = ["AtExpiry", "Base", "BaseKind", "Kind", "read_base"]


class AtExpiry(StrEnum):
    """What happens when nobody met the deadline.

    A breach stands for ever. With `lapse` the round of its step falls away. With `path` nothing falls away,
    but `expired("step.deadline")` becomes true, and what asks for it opens.
    """

    BREACH = "breach"
    LAPSE = "lapse"
    PATH = "path"


class Kind(Element):
    """One deadline of a step or of the whole case.

    Either `within` says how long, or `at_once` says that no number is given and `remind_after` when to
    remind. A negative `within` ("10 working days before") counts backwards from a date that is known
    beforehand. `decided` is false for a local default that nobody has confirmed. Without `met_by` it is met
    when its step is done; one for each agreed action (base `action`) when that action is ticked.
    """

    section = "deadlines"

    title: str = ""
    base: Annotated[Base, BeforeValidator(read_base)] | None = None
    within: WrittenOffset | None = None
    basis: Basis | None = None
    reference: str = ""
    decided: bool = True
    ladder: str = ""
    met_by: When | None = None
    applies_when: When | None = None
    at_once: bool = False
    remind_after: WrittenOffset | None = None
    at_expiry: AtExpiry = AtExpiry.BREACH
    extension: Extension | None = None

    def check(self, scope: Scope) -> Iterator[Complaint]:
        # Each agreed action adds its number to the name.
        longest = LONGEST_NAME - len(":100")
        if self.base is not None and self.base.kind is BaseKind.ACTION and len(self.key) > longest:
            yield (), f"the name of this deadline is too long; use at most {longest} characters"
        if self.base is None:
            yield (), "a deadline needs a base: say from what it is counted"
        else:
            yield from self._check_base(scope, self.base)
        if self.basis is None:
            yield (), "a deadline needs a basis: law, local or another; say what it rests on"
        if self.basis is Basis.LAW and not self.reference:
            yield (), "a deadline of law needs a reference; name it under legal_references"
        if self.basis is Basis.LAW and not self.decided:
            yield ("decided",), "a deadline of law is decided by the law; remove decided"
        if self.at_once == (self.within is not None):
            yield (), "a deadline says either within, or at_once with remind_after"
        if self.at_once != (self.remind_after is not None):
            yield (), "at_once and remind_after belong together"
        yield from scope.name("legal_references", self.reference, "reference", ("reference",))
        yield from scope.name("ladders", self.ladder, "ladder", ("ladder",))
        yield from self._check_ladder(scope)
        yield from self._check_expiry(scope)
        if self.extension is not None:
            if self.at_once:
                yield ("extension",), "a reminder at once has no end to extend; say within instead of at_once"
            length = self.within if self.base is None or self.base.kind is not BaseKind.ACTION else None
            for where, sentence in self.extension.check_in(scope, basis=self.basis, within=length):
                yield ("extension", *where), sentence
        for name in ("met_by", "applies_when"):
            yield from scope.condition(getattr(self, name), (name,))

    def _check_base(self, scope: Scope, base: Base) -> Iterator[Complaint]:
        own = self._owner(scope)
        yield from check_base(scope, base, own=own)
        if base.kind is BaseKind.ACTION and not own:
            yield ("base",), "agreed actions are ticked in a step; move this deadline to that step"
        backwards = self.within is not None and self.within.amount < 0
        if backwards and not known_beforehand(scope, base):
            yield (
                ("within",),
                f"nobody knows {base} beforehand, so nothing can be counted backwards from it; count from an "
                "agreed date (may_be_ahead: true), a birthday(18) or a date among the facts",
            )

    def _check_expiry(self, scope: Scope) -> Iterator[Complaint]:
        own = self._owner(scope)
        if self.at_expiry is AtExpiry.BREACH:
            return
        if not own:
            yield ("at_expiry",), "only a deadline of a step can lapse or lead on; move it to a step"
        elif self.at_once:
            yield ("at_expiry",), "a reminder at once does not expire; say within instead of at_once"
        elif self.at_expiry is AtExpiry.PATH:
            asked = f"{own}.{self.key}"
            if not any(("expired", asked) in one.calls for one in scope.definition.conditions):
                yield (
                    ("at_expiry",),
                    f'nothing follows when it passes; ask expired("{asked}") where the path begins',
                )

    def _owner(self, scope: Scope) -> str:
        """The step this deadline belongs to, empty for the case as a whole."""
        steps = scope.definition.steps.items()
        return next((key for key, one in steps if one.deadlines.get(self.key) is self), "")

    def _check_ladder(self, scope: Scope) -> Iterator[Complaint]:
        ladder = scope.definition.ladders.get(self.ladder)
        roles = {role for rung in ladder.rungs for role in rung.to} if ladder else set()
        for role in sorted(roles):
            if scope.unknown("roles", role, "role"):
                yield (
                    ("ladder",),
                    f"the ladder '{self.ladder}' tells '{role}', but there is no such role here",
                )
