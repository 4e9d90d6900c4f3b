"""What a drawing shows and how it hangs together: steps, answers that lead on, joins, ends."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from protocols.definition import Definition
from protocols.drawing_ways import Label, Source, Way, ways_into
from protocols.explaining import Speaker


class NodeKind(StrEnum):
    """What a thing in the drawing is."""

    START = "start"
    PRESS = "press"
    STEP = "step"
    LABEL = "label"
    JOIN = "join"
    END = "end"


@dataclass(frozen=True)
class Node:
    """One thing in the drawing; `lane` is 0 for the ordinary way and 1 for what interrupts it."""

    id: str
    kind: NodeKind
    lane: int
    key: str = ""
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Edge:
    """An arrow; `is_back` where it leads to something that has been before, `labels` are then its own."""

    tail: str
    head: str
    is_back: bool = False
    labels: tuple[Label, ...] = ()


@dataclass(frozen=True)
class Graph:
    """A whole drawing. `again` says under which answers a step comes back by itself."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    again: dict[str, tuple[Label, ...]]


@dataclass(frozen=True)
class _Line:
    """A way from one thing to another, before its labels have become nodes."""

    tail: Source
    head: Source
    labels: tuple[Label, ...]


def graph_of(definition: Definition, speaker: Speaker) -> Graph:
    """The drawing of a definition, reduced to the arrows that are not implied by others."""
    return _Builder(definition, speaker).build()


class _Builder:
    def __init__(self, definition: Definition, speaker: Speaker) -> None:
        self.definition = definition
        self.ways: dict[Source, tuple[Way, ...]] = ways_into(definition, speaker)
        self.first = {head: [way for way in ways if not way.is_again] for head, ways in self.ways.items()}
        self.onward: dict[Source, set[Source]] = {}
        for head, ways in self.first.items():
            for way in ways:
                for tail in way.sources:
                    self.onward.setdefault(tail, set()).add(head)
        self.after = {source: self._reached(source) for source in [*self.onward, *self.ways]}
        self.settled: dict[Source, frozenset[Label]] = {}
        self.bars: dict[tuple[Source, ...], Source] = {}

    def build(self) -> Graph:
        forward = list(dict.fromkeys(self._forward()))
        lanes = self._lanes(forward)
        drawn = {(line.tail, line.head) for line in forward}
        back: list[Edge] = []
        again: dict[str, tuple[Label, ...]] = {}
        for head, ways in self.ways.items():
            for way in ways:
                if not way.is_again:
                    continue
                for tail in way.sources:
                    labels = tuple(one for one in way.labels if one.source in (tail, None))
                    if tail == head:
                        again[head.key] = tuple(dict.fromkeys([*again.get(head.key, ()), *labels]))
                    elif (tail, head) in drawn:
                        continue
                    elif lanes.get(tail) != lanes.get(head) or tail in self.after.get(head, ()):
                        back.append(Edge(tail.id, head.id, True, labels))
                    else:
                        forward.append(_Line(tail, head, labels))
        nodes, edges = _with_label_nodes(_merged(forward), lanes)
        return Graph(nodes, (*edges, *dict.fromkeys(back)), again)

    def _reached(self, source: Source) -> set[Source]:
        found: set[Source] = set()
        waiting = [source]
        while waiting:
            for one in self.onward.get(waiting.pop(), ()):
                if one not in found:
                    found.add(one)
                    waiting.append(one)
        return found

    def _forward(self) -> Iterator[_Line]:
        barred: list[tuple[list[Source], Source, tuple[Label, ...]]] = []
        plain: list[_Line | int] = []
        for head in self._in_order():
            known: list[frozenset[Label]] = []
            for way in self.first[head]:
                kept = self._kept(way, head)
                sure = frozenset().union(*(self.settled.get(one, frozenset()) for one in way.sources))
                known.append(sure | frozenset(way.labels) | way.implied)
                labels = tuple(one for one in way.labels if one not in sure and one not in way.implied)
                if len(kept) > 1:
                    plain.append(len(barred))
                    barred.append((sorted(kept, key=lambda one: one.id), head, labels))
                else:
                    plain.append(_Line(kept[0], head, labels))
            self.settled[head] = frozenset.intersection(*known) if known else frozenset()
        asked: dict[tuple[Source, ...], set[tuple[Label, ...]]] = {}
        for tails, _, labels in barred:
            asked.setdefault(tuple(tails), set()).add(_own(labels, tails))
        for one in plain:
            if isinstance(one, _Line):
                yield one
            else:
                tails, head, labels = barred[one]
                yield from self._through_a_bar(tails, head, labels, alike=len(asked[tuple(tails)]) == 1)

    def _in_order(self) -> list[Source]:
        """The targets, each after what leads to it where that can be; circles in the order of the file."""
        left = list(self.first)
        done: set[Source] = set()
        ordered: list[Source] = []
        while left:
            taken = [one for one in left if self._tails(one) <= done] or left[:1]
            ordered += taken
            done |= set(taken)
            left = [one for one in left if one not in done]
        return ordered

    def _tails(self, head: Source) -> set[Source]:
        """What leads to a thing and has something leading to it in turn."""
        tails = {tail for way in self.first[head] for tail in way.sources}
        return tails & self.first.keys()

    def _kept(self, way: Way, head: Source) -> list[Source]:
        """What leads on directly: nothing that must have come before another of the same way."""
        kept = [
            one
            for one in way.sources
            if not any(
                other in self.after.get(one, ()) and one not in self.after.get(other, ())
                for other in way.sources
                if other != one
            )
        ]
        return kept or list(way.sources[:1])

    def _through_a_bar(
        self, tails: list[Source], head: Source, labels: tuple[Label, ...], *, alike: bool
    ) -> Iterator[_Line]:
        """Several things that are all needed meet at a bar.

        Answers stand where they are given, unless ways through the same bar differ in them: then behind it.
        """
        bar = self.bars.setdefault(tuple(tails), Source("join", "+".join(one.key for one in tails)))
        before = _own(labels, tails) if alike else ()
        for tail in tails:
            yield _Line(tail, bar, tuple(one for one in before if one.source == tail))
        yield _Line(bar, head, tuple(one for one in labels if one not in before))

    def _lanes(self, lines: Iterable[_Line]) -> dict[Source, int]:
        """1 for what comes after an interruption and after nothing else."""
        before: dict[Source, set[Source]] = {}
        for line in lines:
            before.setdefault(line.head, set()).add(line.tail)
            before.setdefault(line.tail, set())
        lanes = {source: 1 if source.kind == "press" else 0 for source in before}
        changed = True
        while changed:
            changed = False
            for source, tails in before.items():
                inside = tails and source.kind != "end" and all(lanes[tail] for tail in tails)
                if inside and not lanes[source]:
                    lanes[source] = changed = True
        return {source: int(lane) for source, lane in lanes.items()}


def _own(labels: Iterable[Label], tails: Iterable[Source]) -> tuple[Label, ...]:
    """The answers that are given in one of these."""
    return tuple(one for one in labels if one.source in tuple(tails))


def _merged(lines: Iterable[_Line]) -> list[_Line]:
    """Arrows between the same two things that differ in one answer only become one with either answer."""
    grouped: dict[tuple[Source, Source], list[_Line]] = {}
    for line in lines:
        grouped.setdefault((line.tail, line.head), []).append(line)
    found: list[_Line] = []
    for (tail, head), same in grouped.items():
        if any(not line.labels for line in same):
            found.append(_Line(tail, head, ()))
            continue
        asked = {tuple(label.text for label in line.labels) for line in same}
        if len(same) > 1 and len(asked) == 1 and all(len(line.labels) == 1 for line in same):
            values = tuple(dict.fromkeys(value for line in same for value in line.labels[0].values))
            found.append(_Line(tail, head, (same[0].labels[0].with_values(values),)))
        else:
            found += dict.fromkeys(same)
    return found


def _with_label_nodes(
    lines: list[_Line], lanes: dict[Source, int]
) -> tuple[tuple[Node, ...], tuple[Edge, ...]]:
    """The answers as nodes of their own, one for all arrows of one thing that carry the same answers."""
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for line in lines:
        for one in (line.tail, line.head):
            nodes.setdefault(one.id, Node(one.id, NodeKind(one.kind), lanes.get(one, 0), one.key))
        if not line.labels:
            edges.append(Edge(line.tail.id, line.head.id))
            continue
        said = "|".join(f"{label.text}={'/'.join(label.values)}" for label in line.labels)
        label = Node(
            f"label:{line.tail.id}:{said}", NodeKind.LABEL, lanes.get(line.tail, 0), labels=line.labels
        )
        if label.id not in nodes:
            nodes[label.id] = label
            edges.append(Edge(line.tail.id, label.id))
        edges.append(Edge(label.id, line.head.id))
    return tuple(nodes.values()), tuple(dict.fromkeys(edges))
