"""Draws a definition from left to right as SVG, alone or with a running case marked on it."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import escape

from protocols import alternatives
from protocols.definition import Definition
from protocols.drawing_boxes import SMALL, Boxes
from protocols.drawing_graph import Graph, NodeKind, graph_of
from protocols.drawing_layout import LANE_PAD, Layout, Placed, layout
from protocols.drawing_legend import legend
from protocols.drawing_svg import FONT, PAPER, RULE, arrow, box, number, tag, text
from protocols.explaining import Speaker
from protocols.kinds.step import Kind as Step
from protocols.state import CaseState

MARGIN = 28.0


@dataclass(frozen=True)
class ListedStep:
    """A step of the drawing in words: a title, and one line for each thing the drawing says of it."""

    key: str
    title: str
    standing: str
    lines: tuple[str, ...]


def draw(definition: Definition, *, state: CaseState | None = None, language: str = "da") -> str:
    """The drawing as an SVG element, always the same for the same definition, state and language.

    It holds no ids, styles or scripts, so it may stand several times on a page with a strict content
    policy. Raises UnknownLanguageError when there is no catalogue of words for the language.
    """
    plan = _plan(definition, language)
    definition, words, places = plan.speaker.naming.definition, plan.speaker.words, plan.places
    maker = Boxes(definition, plan.speaker.naming, plan.graph, state)
    body = "".join(_body(plan.graph, places, maker, words("drawing.lane")))
    width = places.width + 2 * MARGIN
    key, key_height = legend(maker, places.width)
    height = places.height + 2 * MARGIN + 24 + key_height
    drawn = tag("g", body, transform=f"translate({number(MARGIN)} {number(MARGIN)})")
    drawn += tag("g", key, transform=f"translate({number(MARGIN)} {number(places.height + MARGIN + 36)})")
    said = words("drawing.description", steps=len(definition.steps), ends=len(definition.ends))
    title = words("drawing.title", title=definition.title, version=definition.version)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" lang="{escape(language)}" '
        f'width="{number(width)}" height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}" '
        f'font-family="{escape(FONT)}"><title>{escape(title)}</title><desc>{escape(said)}</desc>'
        f"{tag('rect', width=width, height=height, fill=PAPER)}{drawn}</svg>"
    )


@dataclass(frozen=True)
class _Plan:
    """What is the same in every drawing of a definition in a language, whatever case is marked on it."""

    speaker: Speaker
    graph: Graph
    places: Layout


@functools.lru_cache(maxsize=32)
def _plan(definition: Definition, language: str) -> _Plan:
    speaker = Speaker(definition, language)
    graph = graph_of(speaker.naming.definition, speaker)
    maker = Boxes(speaker.naming.definition, speaker.naming, graph, None)
    return _Plan(speaker, graph, layout(graph, {node.id: maker.box(node) for node in graph.nodes}))


def _marked(placed: Placed, maker: Boxes) -> Placed:
    """The same box at the same place, with where the running case stands with it."""
    if placed.box.step is None or maker.state is None:
        return placed
    mark, badge = maker.standing_of(placed.box.step)
    return replace(placed, box=replace(placed.box, mark=mark, badge=badge))


def _body(graph: Graph, places: Layout, maker: Boxes, lane_title: str) -> Iterator[str]:
    for lane in places.lanes:
        if lane.number:
            yield tag(
                "rect", x=-LANE_PAD, y=lane.top, width=places.width + 2 * LANE_PAD,
                height=lane.bottom - lane.top, rx=6, fill="#fafafa", stroke=RULE, stroke_dasharray="2 4",
            )  # fmt: skip
            yield text(lane_title, 0.0, lane.top + 21, SMALL + 1, font_weight=600)
    for index, route in enumerate(places.routes):
        yield arrow(route, places, index)
    for node in graph.nodes:
        yield box(_marked(places.placed[node.id], maker))


def as_list(
    definition: Definition, *, state: CaseState | None = None, language: str = "da"
) -> tuple[ListedStep, ...]:
    """All that the drawing says, step by step in the order of the file, for who cannot or will not see it."""
    plan = _plan(definition, language)
    definition, words, graph = plan.speaker.naming.definition, plan.speaker.words, plan.graph
    maker = Boxes(definition, plan.speaker.naming, graph, state)
    found: list[ListedStep] = []
    for key, step in definition.steps.items():
        lines = [
            f"{maker.head_of(step)} · {words(f'drawing.{step.phase.value}')} · {maker.actors_of(step)}",
            *maker.remarks_of(step),
            *(text for text, _ in maker.deadlines_of(step)),
            _opening(step, plan),
            *(words("drawing.leads", title=one) for one in _next(graph, f"step:{key}", maker)),
        ]
        found.append(ListedStep(key, step.title, maker.standing_of(step)[1], tuple(lines)))
    return tuple(found)


def _opening(step: Step, plan: _Plan) -> str:
    words = plan.speaker.words
    if alternatives.ways_of(step.opens_when.tree) == ((),):
        return words("drawing.opens_first")
    return words("drawing.opens", text=plan.speaker.sentence(step.opens_when))


def _next(graph: Graph, name: str, maker: Boxes) -> Iterator[str]:
    """What a step leads to, with the answers that lead there."""
    nodes = {node.id: node for node in graph.nodes}
    for edge in graph.edges:
        if edge.tail != name:
            continue
        head = nodes[edge.head]
        if head.kind is NodeKind.LABEL:
            said = ", ".join(maker.said(label) for label in head.labels)
            beyond = [one.head for one in graph.edges if one.tail == head.id]
            titles = ", ".join(speaking for one in beyond if (speaking := _title(nodes[one].key, one, maker)))
            yield f"{titles} ({said})"
        else:
            said = ", ".join(maker.said(label) for label in edge.labels)
            title = _title(head.key, head.id, maker)
            yield f"{title} ({said})" if said else title


def _title(key: str, name: str, maker: Boxes) -> str:
    if name.startswith("step:"):
        return maker.naming.quoted(maker.naming.step(key))
    if name.startswith("end:"):
        return maker.naming.quoted(maker.definition.ends[key].title)
    return maker.words("drawing.join")
