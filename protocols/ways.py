"""Ways through the state space: how a state was reached, and the shortest of the ways into each trouble."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from protocols.abstract_case import AbstractCase, Move
from protocols.scope import Complaint
from protocols.trouble import Trouble


@dataclass(frozen=True)
class Way:
    """A state and how it was reached, as a chain back to the beginning."""

    state: AbstractCase
    before: Way | None = None
    move: Move | None = None
    length: int = 0

    def on(self, move: Move, state: AbstractCase) -> Way:
        """This way and one move more."""
        return Way(state, self, move, self.length + 1)

    def __str__(self) -> str:
        moves: list[str] = []
        way: Way | None = self
        while way is not None:
            if way.move is not None:
                moves.append(str(way.move))
            way = way.before
        return " -> ".join(reversed(moves)) or "at once"


@dataclass
class Map:
    """Every way walked, which states may be closed, what leads to each state, and where things began."""

    ways: list[Way] = field(default_factory=list)
    can_end: set[AbstractCase] = field(default_factory=set)
    before: dict[AbstractCase, list[AbstractCase]] = field(default_factory=dict)
    # The shortest ways to where each step is open or settled, and to each state.
    opened: dict[str, Way] = field(default_factory=dict)
    settled: dict[str, Way] = field(default_factory=dict)
    to: dict[AbstractCase, Way] = field(default_factory=dict)

    def stranded(self) -> Way | None:
        """The shortest way into a state from which no end can be reached any more."""
        # A state beyond the bound of a loop is where the walk stopped, not where a case does.
        alive = self.can_end | {way.state for way in self.ways if way.state.cut}
        waiting = list(alive)
        while waiting:
            for state in self.before.get(waiting.pop(), ()):
                if state not in alive:
                    alive.add(state)
                    waiting.append(state)
        return next((way for way in self.ways if way.state not in alive), None)


class Troubles:
    """What was found, each thing once and with the shortest way into it."""

    def __init__(self) -> None:
        self._ways: dict[Trouble, Way] = {}

    def add(self, trouble: Trouble, way: Way) -> None:
        """Keeps the trouble with the shorter of its ways."""
        known = self._ways.get(trouble)
        if known is None or way.length < known.length:
            self._ways[trouble] = way

    def complaints(self) -> Iterator[Complaint]:
        """One complaint each, in the order in which they were met first."""
        for trouble, way in self._ways.items():
            yield trouble.told(str(way))
