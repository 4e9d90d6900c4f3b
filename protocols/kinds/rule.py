"""The kind *rule*: an act that is required or forbidden until something holds; a gate, not a reminder."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING

from handlepligt.domain.deadlines import Basis
from protocols.element import Element, Names, When

if TYPE_CHECKING:
    from protocols.scope import Complaint, Scope


class Act(StrEnum):
    """What a rule can stand in the way of."""

    COMPLETE = "complete"
    CLOSE = "close"
    OFFER_HANDOVER = "offer_handover"
    RECORD = "record"


class Kind(Element):
    """One gate.

    With `require` the act is refused while the condition is false, with `forbid` while it is true. `until`
    and `unless` lift it. `steps` or `except_steps` narrow it to steps. `message` is Danish and says what to
    do.
    """

    section = "rules"

    on: Act
    steps: Names = ()
    except_steps: Names = ()
    require: When | None = None
    forbid: When | None = None
    until: When | None = None
    unless: When | None = None
    message: str
    reference: str = ""
    basis: Basis = Basis.LOCAL

    def concerns(self, act: Act, step_key: str | None) -> bool:
        """Whether the gate stands before this act in this step."""
        if act is not self.on:
            return False
        if self.steps:
            return step_key in self.steps
        return step_key is None or step_key not in self.except_steps

    def check(self, scope: Scope) -> Iterator[Complaint]:
        steps = scope.definition.steps
        concerned = self.steps or tuple(key for key in steps if key not in self.except_steps)
        given = {question for key in concerned if key in steps for question in steps[key].questions}
        if self.on is Act.CLOSE:
            given = set()
        if (self.require is None) == (self.forbid is None):
            yield (), "a rule says either require or forbid"
        for name in ("require", "forbid", "until", "unless"):
            yield from scope.condition(getattr(self, name), (name,), given=given)
        for name in ("steps", "except_steps"):
            yield from scope.names("steps", getattr(self, name), "step", (name,))
        yield from scope.name("legal_references", self.reference, "reference", ("reference",))
        if self.basis is Basis.LAW and not self.reference:
            yield (), "a rule of law needs a reference; name it under legal_references"
        if self.until is None and self.unless is None and self._never_opens(scope, given):
            yield (), "the gate can never open; no answers let anybody through"

    def _never_opens(self, scope: Scope, given: Collection[str]) -> bool:
        if self.require is not None:
            return scope.finding(self.require, given=given).is_always(False)
        return self.forbid is not None and scope.finding(self.forbid, given=given).is_always(True)
