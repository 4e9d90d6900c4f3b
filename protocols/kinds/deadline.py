"""The kind *deadline*: when something must have happened, counted from what, and on whose word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator

from handlepligt.domain.deadlines import Basis
from protocols.durations import WrittenOffset
from protocols.element import Element, When

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class BaseKind(StrEnum):
    """The event a deadline is counted from."""

    RECEIPT = "receipt"
    AWARENESS = "awareness"
    OPENED = "opened"
    DONE = "done"
    BIRTHDAY = "birthday"
    HANDOVER = "handover"
    ANSWER = "answer"


@dataclass(frozen=True)
class Base:
    """A base and what it names: a step for opened and done, a question for answer, else nothing."""

    kind: BaseKind
    name: str = ""

    def __str__(self) -> str:
        return f'{self.kind.value}("{self.name}")' if self.name else self.kind.value


_WRITTEN = re.compile(r"""(opened|done|answer)\(\s*["'](\w+)["']\s*\)""")
_LATER = {"meeting", "deed"}


def read_base(written: object) -> Base:
    """Reads `receipt`, `opened("discuss")` and the like; ValueError otherwise."""
    if isinstance(written, Base):
        return written
    if match := _WRITTEN.fullmatch(str(written).strip()):
        return Base(BaseKind(match[1]), match[2])
    if written in _LATER:
        raise ValueError(f"the base '{written}' is not yet supported")
    if written in ("receipt", "awareness", "birthday", "handover"):
        return Base(BaseKind(str(written)))
    raise ValueError(
        f"'{written}' is no base of a deadline; write receipt, awareness, birthday, handover, "
        'opened("step"), done("step") or answer("question")'
    )


class AtExpiry(StrEnum):
    """What happens when nobody met the deadline."""

    BREACH = "breach"


class Kind(Element):
    """One deadline of a step or of the whole case.

    Either `within` says how long, or `at_once` says that no number is given and `remind_after` when to
    remind. `decided` is false for a local default that nobody has confirmed. Without `met_by` it is met
    when its step is done.
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

    def check(self, scope: Scope) -> Iterator[Complaint]:
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
        for name in ("met_by", "applies_when"):
            yield from scope.condition(getattr(self, name), (name,))

    def _check_base(self, scope: Scope, base: Base) -> Iterator[Complaint]:
        if base.kind in (BaseKind.OPENED, BaseKind.DONE):
            yield from scope.name("steps", base.name, "step", ("base",))
        if base.kind is BaseKind.ANSWER:
            question = scope.definition.questions.get(base.name)
            if question is None:
                yield ("base",), f"nobody is asked '{base.name}'"
            elif question.type not in ("date", "datetime"):
                yield (
                    ("base",),
                    f"'{base.name}' is not answered with a date, so nothing can be counted from it",
                )

    def _check_ladder(self, scope: Scope) -> Iterator[Complaint]:
        ladder = scope.definition.ladders.get(self.ladder)
        roles = {role for rung in ladder.rungs for role in rung.to} if ladder else set()
        for role in sorted(roles):
            if scope.unknown("roles", role, "role"):
                yield (
                    ("ladder",),
                    f"the ladder '{self.ladder}' tells '{role}', but there is no such role here",
                )
