"""The key under a drawing: what its looks mean, only those that are used in it."""

from __future__ import annotations

from collections.abc import Iterator

from protocols.drawing_boxes import SMALL, Boxes, Mark
from protocols.drawing_graph import NodeKind
from protocols.drawing_svg import BLUE, GREEN, INK, PAPER, PHASES, RULE, SOFT, comes_back, tag, text
from protocols.drawing_text import width_of

_ROW, _SIGN, _GAP = 26.0, 34.0, 26.0


def legend(maker: Boxes, width: float) -> tuple[str, float]:
    """The key as SVG, and its height."""
    x, y = 0.0, 0.0
    drawn: list[str] = []
    for sign, said in _entries(maker):
        length = _SIGN + width_of(said, SMALL)
        if x and x + length > width:
            x, y = 0.0, y + _ROW
        drawn.append(tag("g", sign + text(said, _SIGN, 13), transform=f"translate({x:.1f} {y:.1f})"))
        x += length + _GAP
    return "".join(drawn), y + _ROW


def _entries(maker: Boxes) -> Iterator[tuple[str, str]]:
    words, steps = maker.words, maker.definition.steps.values()
    for phase, fill in PHASES.items():
        if any(step.phase is phase for step in steps):
            yield _swatch(fill=fill, stroke=SOFT), words(f"drawing.{phase.value}")
    deadlines = {is_law for step in steps for _, is_law in maker.deadlines_of(step)}
    if True in deadlines:
        yield _swatch(fill=INK, stroke=INK), words("drawing.law_deadline")
    if False in deadlines:
        yield _swatch(fill=PAPER, stroke=RULE), words("drawing.other_deadline")
    if any(step.repeats is not None for step in steps):
        yield comes_back(8.0, 3.0), words("drawing.again")
    if any(step.standing for step in steps):
        yield _swatch(fill=PAPER, stroke=SOFT, stroke_dasharray="5 3"), words("drawing.standing_box")
    if any(step.made_from.startswith("sub_protocols.") for step in steps):
        inner = tag("rect", x=3.0, y=5.0, width=20.0, height=8.0, fill="none", stroke=SOFT)
        yield _swatch(fill=PAPER, stroke=SOFT) + inner, words("drawing.sub_protocol")
    if any(node.kind is NodeKind.JOIN for node in maker.graph.nodes):
        yield tag("rect", x=10.0, y=0.0, width=6.0, height=18.0, fill=INK), words("drawing.join")
    if any(edge.is_back for edge in maker.graph.edges):
        line = tag("path", d="M0 9H26", stroke=SOFT, stroke_width=1.5, stroke_dasharray="6 4")
        yield line, words("drawing.back")
    if maker.state is not None:
        for mark, stroke in ((Mark.OPEN, BLUE), (Mark.WAITING, BLUE), (Mark.DONE, GREEN)):
            if any(maker.standing_of(step)[0] is mark for step in steps):
                thick = 3.0 if mark is Mark.OPEN else 2.0
                yield _swatch(fill=PAPER, stroke=stroke, stroke_width=thick), words(f"drawing.{mark.value}")


def _swatch(**looks: object) -> str:
    return tag("rect", x=0.0, y=1.0, width=26.0, height=16.0, rx=3, **looks)
