"""The kind *rule*: an act that is required or forbidden until something holds; a gate, not a reminder."""

from __future__ import annotations

from enum import StrEnum

from protocols.element import Element, Names, When
from protocols.kinds.deadline import Basis


class Act(StrEnum):
    """What a rule can stand in the way of."""

    COMPLETE = "complete"
    CLOSE = "close"
    OFFER_HANDOVER = "offer_handover"
    RECORD = "record"


class Kind(Element):
    """One gate.

    With `require` the act is refused while the condition is false, with `forbid` while it is true. `until` and
    `unless` lift it. `steps` or `except_steps` narrow it to steps. `message` is Danish and says what to do.
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
