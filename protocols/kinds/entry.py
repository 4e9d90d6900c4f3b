"""The kind *entry*: how a closed case comes back, with its history."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from handlepligt.domain.deadlines import Offset, Unit
from protocols.durations import counted_in
from protocols.element import Element, Names

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Kind(Element):
    """One way in. A case closed less than `within` ago is reopened; the `steps` open again."""

    section = "entries"

    title: str
    within: Annotated[Offset, counted_in(Unit.CALENDAR_DAYS, Unit.MONTHS)]
    steps: Names = ()

    def check(self, scope: Scope) -> Iterator[Complaint]:
        yield from scope.names("steps", self.steps, "step", ("steps",))
        for position, key in enumerate(self.steps):
            step = scope.definition.steps.get(key)
            if step is not None and step.repeats is None:
                yield (
                    ("steps", position),
                    f"'{key}' may not come back; add repeats: {{at_most: ...}} to the step",
                )
