"""Which deadlines of an open step run in an abstract case, and which of them can pass with a consequence."""

from __future__ import annotations

from collections.abc import Iterator

from protocols.abstract_case import AbstractCase
from protocols.abstract_focus import Focus
from protocols.abstract_world import AbstractWorld
from protocols.deadline_base import BaseKind, asked_at
from protocols.definition import Definition
from protocols.kinds.deadline import AtExpiry
from protocols.kinds.deadline import Kind as Deadline
from protocols.kinds.step import Kind as Step
from protocols.trouble import Trouble


class Dates:
    """The deadlines of one definition."""

    def __init__(self, definition: Definition, world: AbstractWorld, focus: Focus) -> None:
        self.definition = definition
        self.world = world
        self.focus = focus
        # What happens when one passes; a breach changes nothing that a condition could ask for.
        self._asked = {
            call[1] for one in world.influence.conditions for call in one.signatures if call[0] == "expired"
        }

    def lacking(self, case: AbstractCase, step: Step) -> Iterator[Trouble]:
        """The trouble of an open step without any date.

        A date that has passed was one: what it led to has its own, and the case its next follow-up.
        """
        if not any(self._runs(case, step, deadline) for deadline in step.deadlines.values()):
            yield Trouble(
                ("steps", step.key),
                f"the step '{step.key}' can be open without any date",
                "give it a deadline",
            )

    def is_asked(self, step: str, deadline: Deadline) -> bool:
        """Whether some condition asks if a deadline has passed."""
        return f"{step}.{deadline.key}" in self._asked

    def expiring(self, case: AbstractCase, step: Step) -> Iterator[Deadline]:
        """The running deadlines of an open step that can be missed, if something follows then."""
        for deadline in step.deadlines.values():
            if deadline.at_expiry is AtExpiry.BREACH or deadline.key in case.by_key[step.key].expired:
                continue
            follows = deadline.at_expiry is AtExpiry.LAPSE or self.is_asked(step.key, deadline)
            met_by, about = deadline.met_by, step.per_person
            can_be_missed = met_by is None or self.world.fails(met_by, case, about=about)
            if follows and can_be_missed and self._runs(case, step, deadline):
                yield deadline

    def _runs(self, case: AbstractCase, step: Step, deadline: Deadline) -> bool:
        applies, base = deadline.applies_when, deadline.base
        if applies is not None and not self.world.holds(applies, case, about=step.per_person):
            return False
        assert base is not None
        match base.kind:
            case BaseKind.RECEIPT | BaseKind.AWARENESS | BaseKind.DEED:
                return True
            case BaseKind.OPENED:
                return base.name == step.key or base.name in case.by_key
            case BaseKind.DONE:
                # Steps beside the way are not followed; where one is counted from, its opener has seen to it.
                known = case.by_key.get(base.name)
                return base.name in self.focus.leaves or (known is not None and known.ever_done)
            case BaseKind.ANSWER | BaseKind.MEETING | BaseKind.ACTION:
                asked = asked_at(base)
                leaf = self.definition.asked_in[asked] in self.focus.leaves
                return leaf or bool(case.answered.get(asked))
            case BaseKind.HANDOVER:
                return case.handed_over
            case _:
                # A date of birth or among the facts may be unknown for good.
                return False
