"""Where a condition that never comes true comes nearest to it, and which part of it is lacking there."""

from __future__ import annotations

from protocols.abstract_world import AbstractWorld
from protocols.condition_syntax import Node, Operation, written
from protocols.conditions import Condition, read_condition
from protocols.ways import Map, Way


def nearest(world: AbstractWorld, map_: Map, condition: Condition, *, about: str = "") -> str:
    """The shortest way to where most parts of a condition hold, in words, and the first that does not."""
    parts = [read_condition(written(part)) for part in _parts(condition.tree)]
    best: tuple[int, Way, Condition | None] | None = None
    for way in map_.ways:
        held = [world.holds(part, way.state, about=about) for part in parts]
        if best is None or sum(held) > best[0]:
            lacking = next((part for part, holds in zip(parts, held, strict=True) if not holds), None)
            best = sum(held), way, lacking
    if best is None:
        return "no case begins"
    _, way, lacking = best
    when = f"after {way}" if way.move is not None else str(way)
    if lacking is None:
        return f"its condition holds {when}, but something else stands in the way there"
    return f"it comes nearest {when}, where {lacking} does not hold{_why(world, lacking)}"


def _why(world: AbstractWorld, lacking: Condition) -> str:
    """Why it never does, where that is plain: what stands open to the end is never done."""
    steps = world.definition.steps
    for function, key in lacking.calls:
        if function in ("done", "settled") and key in steps and steps[key].standing:
            return ", for a standing step is never done, only open (is_open)"
    return ""


def _parts(node: Node) -> list[Node]:
    """What must hold all together."""
    if isinstance(node, Operation) and node.operator == "&&":
        return [part for operand in node.operands for part in _parts(operand)]
    return [node]
