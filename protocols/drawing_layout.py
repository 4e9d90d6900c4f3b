"""Where everything stands in a drawing: columns and their order by Sugiyama's method, then real sizes."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from protocols.drawing_boxes import Box
from protocols.drawing_graph import Edge, Graph, NodeKind

GAP_X, GAP_Y = 34.0, 20.0
TRACK = 28.0
# What a lane that is not the ordinary way has above it, and around it.
LANE_TITLE, LANE_PAD = 32.0, 14.0
_BEND_HEIGHT, _BEND_GAP = 2.0, 12.0

Point = tuple[float, float]


@dataclass
class Placed:
    """A box and the upper left corner it has been given."""

    box: Box
    x: float = 0.0
    y: float = 0.0
    column: int = 0

    @property
    def left(self) -> Point:
        return self.x, self.y + self.box.height / 2

    @property
    def right(self) -> Point:
        return self.x + self.box.width, self.y + self.box.height / 2


@dataclass(frozen=True)
class Bend:
    """Where a long arrow passes a column: straight from its left to its right side at this height."""

    left: float
    right: float
    y: float


@dataclass(frozen=True)
class Route:
    """An arrow: from one box to another past bends, or, when it leads back, along a track of its own."""

    edge: Edge
    bends: tuple[Bend, ...] = ()
    track: float | None = None


@dataclass(frozen=True)
class Lane:
    """A band of the drawing, as wide as the whole."""

    number: int
    top: float
    bottom: float


@dataclass(frozen=True)
class Layout:
    """All places; `width` and `height` are of everything, `columns` the sides of each column."""

    placed: dict[str, Placed]
    routes: list[Route]
    lanes: list[Lane]
    columns: list[tuple[float, float]]
    width: float

    @property
    def height(self) -> float:
        return self.lanes[-1].bottom if self.lanes else 0.0


@dataclass
class _Slot:
    """A box or a bend in its column, with its height and the place it is given."""

    name: str
    height: float
    gap: float
    column: int
    y: float = 0.0
    is_bend: bool = False
    is_fixed: bool = False

    @property
    def middle(self) -> float:
        return self.y + self.height / 2


def layout(graph: Graph, boxes: dict[str, Box]) -> Layout:
    """Places every box, the same for the same graph."""
    columns = _columns(graph)
    sides = _sides(columns, boxes)
    found = Layout({}, [], [], sides, sides[-1][1])
    for number in sorted({node.lane for node in graph.nodes}):
        _place_lane(number, graph, boxes, columns, found)
    return found


def _sides(columns: dict[str, int], boxes: dict[str, Box]) -> list[tuple[float, float]]:
    """The left and right side of each column, which is as wide as its widest box."""
    widths = [0.0] * (max(columns.values()) + 1)
    for name, column in columns.items():
        widths[column] = max(widths[column], boxes[name].width)
    lefts = [sum(widths[:column]) + GAP_X * column for column in range(len(widths))]
    return [(left, left + width) for left, width in zip(lefts, widths, strict=True)]


def _place_lane(
    number: int, graph: Graph, boxes: dict[str, Box], columns: dict[str, int], found: Layout
) -> None:
    """Puts one lane below those that have been placed: first the tracks of arrows that lead back."""
    inside = {node.id for node in graph.nodes if node.lane == number}
    back = [edge for edge in graph.edges if not _is_plain(graph, edge) and _lane_of(graph, edge) == number]
    forward = [edge for edge in graph.edges if _is_plain(graph, edge) and edge.tail in inside]
    begins = found.height + 2 * GAP_Y if found.lanes else 0.0
    top = begins + (LANE_TITLE if number else 0)
    found.routes.extend(Route(edge, track=top + TRACK * (index + 0.5)) for index, edge in enumerate(back))
    top += TRACK * len(back) + (GAP_Y / 2 if back else 0)
    slots, chains = _slots(inside, forward, columns, boxes)
    _settle(slots, chains)
    for slot in slots.values():
        slot.y += top
        if not slot.is_bend:
            left, right = found.columns[slot.column]
            box = boxes[slot.name]
            found.placed[slot.name] = Placed(box, (left + right - box.width) / 2, slot.y, slot.column)
    for edge, chain in zip(forward, chains, strict=True):
        passed = [slots[name] for name in chain[1:-1]]
        bends = tuple(Bend(*found.columns[one.column], one.y + one.height / 2) for one in passed)
        found.routes.append(Route(edge, bends))
    bottom = max(slot.y + slot.height for slot in slots.values()) + (LANE_PAD if number else 0)
    found.lanes.append(Lane(number, begins, bottom))


def _lane_of(graph: Graph, edge: Edge) -> int:
    """The lane above which an arrow over a track runs: the lower of the two it joins."""
    lanes = {node.id: node.lane for node in graph.nodes}
    return max(lanes[edge.tail], lanes[edge.head])


def _is_plain(graph: Graph, edge: Edge) -> bool:
    lanes = {node.id: node.lane for node in graph.nodes}
    return not edge.is_back and lanes[edge.tail] == lanes[edge.head]


def _columns(graph: Graph) -> dict[str, int]:
    """The column of each thing, right of all that leads to it; answers stand in columns of their own.

    Things in a circle take the place of the one that comes first.
    """
    is_label = {node.id: node.kind is NodeKind.LABEL for node in graph.nodes}
    before: dict[str, list[str]] = {node.id: [] for node in graph.nodes}
    for edge in graph.edges:
        if _is_plain(graph, edge) and edge.tail != edge.head:
            before[edge.head].append(edge.tail)
    columns: dict[str, int] = {}
    left = list(before)
    while left:
        ready = [name for name in left if all(tail in columns for tail in before[name])] or left[:1]
        for name in ready:
            after = max((columns[tail] for tail in before[name] if tail in columns), default=-2)
            # Even columns are for steps, the odd ones between them for the answers that lead on.
            columns[name] = after + 1 if is_label[name] else after + 2 - after % 2
        left = [name for name in left if name not in columns]
    used = {column: index for index, column in enumerate(sorted(set(columns.values())))}
    return {name: used[column] for name, column in columns.items()}


def _slots(
    inside: set[str], forward: Sequence[Edge], columns: dict[str, int], boxes: dict[str, Box]
) -> tuple[dict[str, _Slot], list[list[str]]]:
    """The boxes of a lane with a bend in every column a long arrow passes, in the order igraph finds best."""
    # Imported here because it takes a moment and most processes never draw.
    import igraph

    names = [name for name in boxes if name in inside]
    slots = {
        name: _Slot(
            name,
            boxes[name].height,
            GAP_Y,
            columns[name],
            is_fixed=boxes[name].node.kind is not NodeKind.LABEL,
        )
        for name in names
    }
    chains: list[list[str]] = []
    for number, edge in enumerate(forward):
        chain = [edge.tail]
        for column in range(columns[edge.tail] + 1, columns[edge.head]):
            bend = f"bend:{number}:{column}"
            slots[bend] = _Slot(bend, _BEND_HEIGHT, _BEND_GAP, column, is_bend=True)
            chain.append(bend)
        chains.append([*chain, edge.head])
    index = {name: position for position, name in enumerate(slots)}
    pairs = [(index[a], index[b]) for chain in chains for a, b in itertools.pairwise(chain)]
    drawn = igraph.Graph(n=len(slots), edges=pairs, directed=True)
    found = drawn.layout_sugiyama(layers=[slot.column for slot in slots.values()], maxiter=200)
    order = {name: found[position][0] for name, position in index.items()}
    # A drawing turned upside down is as good, so the way up is chosen that keeps the order of the file.
    turned = -1 if _against(order, index) else 1
    ordered = sorted(slots.values(), key=lambda one: (one.column, turned * order[one.name], index[one.name]))
    return {slot.name: slot for slot in ordered}, chains


def _against(order: dict[str, float], index: dict[str, int]) -> bool:
    """Whether what comes first in the file mostly stands below what comes later."""
    names = list(index)
    middle = sum(order.values()) / len(order)
    return sum((order[name] - middle) * (index[name] - len(names) / 2) for name in names) < 0


def _settle(slots: dict[str, _Slot], chains: Sequence[Sequence[str]]) -> None:
    """Puts everything as high as it can stand, beside the highest thing that leads to it.

    Reading begins in the upper left corner, so that is where a drawing begins, also in a small window.
    """
    columns: dict[int, list[_Slot]] = {}
    for slot in slots.values():
        columns.setdefault(slot.column, []).append(slot)
    before: dict[str, list[_Slot]] = {name: [] for name in slots}
    after: dict[str, list[_Slot]] = {name: [] for name in slots}
    for chain in chains:
        for a, b in itertools.pairwise(chain):
            after[a].append(slots[b])
            before[b].append(slots[a])
    for key in sorted(columns):
        lowest = float("-inf")
        for slot in columns[key]:
            wish = min((one.middle for one in before[slot.name]), default=slot.height / 2)
            slot.y = max(lowest, wish - slot.height / 2)
            lowest = slot.y + slot.height + slot.gap
    for key in sorted(columns, reverse=True):
        _lower(columns[key], after)
    for chain in chains:
        _level([slots[name] for name in chain[1:-1]], columns)
    highest = min(slot.y for slot in slots.values())
    for slot in slots.values():
        slot.y = round(slot.y - highest, 1)


def _lower(column: list[_Slot], after: dict[str, list[_Slot]]) -> None:
    """Lets what leads to one thing only come down to it, as far as there is room."""
    limit = float("inf")
    for slot in reversed(column):
        if len(after[slot.name]) == 1 and not slot.is_fixed:
            wish = after[slot.name][0].middle - slot.height / 2
            slot.y = max(slot.y, min(wish, limit - slot.height - slot.gap))
        limit = slot.y


def _level(bends: list[_Slot], columns: dict[int, list[_Slot]]) -> None:
    """Lets a long arrow run level for as far as nothing stands in its way, instead of in small steps."""
    while bends:
        low, high = float("-inf"), float("inf")
        run: list[_Slot] = []
        for bend in bends:
            column = columns[bend.column]
            at = column.index(bend)
            over = column[at - 1] if at else None
            under = column[at + 1] if at + 1 < len(column) else None
            lowest = over.y + over.height + max(over.gap, bend.gap) if over else float("-inf")
            highest = under.y - max(under.gap, bend.gap) - bend.height if under else float("inf")
            if max(low, lowest) > min(high, highest):
                break
            low, high = max(low, lowest), min(high, highest)
            run.append(bend)
        if not run:
            run = bends[:1]
            low = high = run[0].y
        wish = sorted(bend.y for bend in run)[len(run) // 2]
        for bend in run:
            bend.y = min(max(wish, low), high)
        bends = bends[len(run) :]
