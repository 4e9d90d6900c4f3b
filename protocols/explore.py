"""Walks the state space of a definition."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.definition import Definition
from protocols.scope import Complaint


@dataclass(frozen=True)
class Exploration:
    complaints: tuple[Complaint, ...] = ()


def explore(definition: Definition) -> Exploration:
    return Exploration()
