"""How a deadline may lawfully be extended: by whom, why, by how much, how often and how far."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field

from handlepligt.domain.deadlines import Basis, Offset, Unit
from protocols.durations import counted_in
from protocols.element import Element

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope

_FORWARDS = Annotated[Offset, counted_in(*Unit)]
MOST_TIMES = 100


def _as_reasons(written: object) -> object:
    """One reason written as a text is a list with that reason."""
    if isinstance(written, str):
        return (written,) if written.strip() else ()
    return tuple(written) if isinstance(written, list) else written


class Extension(Element):
    """A lawful extension.

    `by` is the role that decides it, `why` the reasons that may be given, in the words of the reader. Each
    time the deadline is counted `within` more from its present end, at most `at_most` times, and never past
    `cap` counted from the deadline's base. `reference` names the rule that allows it.
    """

    by: str
    why: Annotated[tuple[str, ...], BeforeValidator(_as_reasons), Field(min_length=1)]
    within: _FORWARDS
    at_most: int | None = None
    cap: _FORWARDS | None = None
    reference: str = ""

    def check_in(self, scope: Scope, *, basis: Basis | None, within: Offset | None) -> Iterator[Complaint]:
        """What is wrong with it in a deadline with this basis and length."""
        yield from scope.name("roles", self.by, "role", ("by",))
        yield from scope.name("legal_references", self.reference, "reference", ("reference",))
        if basis is Basis.LAW and not self.reference:
            yield (), "an extension of a deadline of law needs a reference; name it under legal_references"
        if self.at_most is None and self.cap is None:
            yield (), "an extension needs a bound; say at_most (how often), cap (how far), or both"
        if self.at_most is not None and not 1 <= self.at_most <= MOST_TIMES:
            yield ("at_most",), f"say how often, from 1 to {MOST_TIMES}"
        if within is not None and self.cap is not None and _is_shorter(self.cap, within):
            yield ("cap",), f"the cap is counted from the base and is no longer than the deadline, {within}"


def _is_shorter(cap: Offset, within: Offset) -> bool:
    """Whether a cap leaves nothing to extend, as far as two lengths in one unit tell."""
    return cap.unit is within.unit and cap.amount <= within.amount
