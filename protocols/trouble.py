"""Something that can go wrong on a way through a case: where the file says so, what it is, how to mend it."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.scope import Complaint
from protocols.yaml_source import Where


@dataclass(frozen=True)
class Trouble:
    """One thing; the way into it is told between the two sentences."""

    where: Where
    what: str
    mend: str = ""

    def told(self, way: str) -> Complaint:
        """The complaint with the shortest way into it."""
        sentence = f"{self.what}, this way: {way}"
        return self.where, f"{sentence}; {self.mend}" if self.mend else sentence
