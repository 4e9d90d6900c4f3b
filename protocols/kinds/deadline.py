"""The kind *deadline*: when something must have happened, counted from what, and on whose word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator

from protocols.durations import WrittenOffset
from protocols.element import Element, When


class Basis(StrEnum):
    """What a deadline rests on. Law is never paused; local ones are the municipality's own choice."""

    LAW = "law"
    STATUTORY_GUIDANCE = "statutory_guidance"
    PROFESSIONAL_STANDARD = "professional_standard"
    NATIONAL_GUIDELINE = "national_guideline"
    LOCAL = "local"
    AGREED = "agreed"

    @property
    def danish(self) -> str:
        return _DANISH[self]


_DANISH = {
    Basis.LAW: "lovfrist",
    Basis.STATUTORY_GUIDANCE: "frist efter vejledning",
    Basis.PROFESSIONAL_STANDARD: "faglig standard",
    Basis.NATIONAL_GUIDELINE: "national retningslinje",
    Basis.LOCAL: "lokal frist",
    Basis.AGREED: "aftalt frist",
}


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
    remind. `decided` is false for a local default that nobody has confirmed. Without `met_by` it is met when its
    step is done.
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
