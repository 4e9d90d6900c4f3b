"""What can happen in an abstract case besides that a step is settled: time passes, one is taken up again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from protocols.abstract_case import AbstractCase, Move, Pairs
from protocols.abstract_dates import Dates
from protocols.abstract_world import AbstractWorld
from protocols.kinds.deadline import AtExpiry
from protocols.kinds.step import Kind as Step


class Turns:
    """The deadlines that pass with a consequence, and the steps that are opened once more by hand.

    `opening` and `settling` are the pairs of steps whose order conditions ask for.
    """

    def __init__(
        self,
        steering: Mapping[str, Step],
        world: AbstractWorld,
        dates: Dates,
        *,
        opening: Collection[tuple[str, str]],
        settling: Pairs,
    ) -> None:
        self.steering = steering
        self.dates = dates
        self.opening = opening
        self.settling = settling
        self.taken_up = {
            key: world.asker(one.taken_up_when, about=one.per_person)
            for key, one in steering.items()
            if one.taken_up_when is not None
        }
        self.falls = {
            key: world.asker(one.lapses_when, about=one.per_person)
            for key, one in steering.items()
            if key in self.taken_up and one.lapses_when is not None
        }

    def happenings(self, case: AbstractCase) -> Iterator[tuple[Move, AbstractCase]]:
        """Each with the case as it is then, before anything follows from it."""
        for key in case.open_steps:
            for deadline in self.dates.expiring(case, self.steering[key]):
                late = case.with_expired(key, deadline.key) if self.dates.is_asked(key, deadline) else case
                if deadline.at_expiry is AtExpiry.LAPSE:
                    late = late.with_ended(key, self.settling)
                yield Move(f"{key}.{deadline.key} passes"), late
        for key, may_be in self.taken_up.items():
            known = case.by_key.get(key)
            if known is None or known.is_open or not may_be(case):
                continue
            if key not in self.falls or not self.falls[key](case):
                yield Move(f"{key} taken up again"), case.with_opened(key, self.opening)
