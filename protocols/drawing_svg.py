"""Writes a drawing that has been laid out as SVG: only attributes, no styles, scripts or ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from protocols.drawing_boxes import SMALL, Box, Line, Mark, Tone, badge_width
from protocols.drawing_graph import Edge, NodeKind
from protocols.drawing_layout import GAP_X, Layout, Placed, Point, Route
from protocols.drawing_text import width_of
from protocols.kinds.step import Phase

INK, SOFT, RULE, PAPER = "#1a1a1a", "#454545", "#8e8e8e", "#ffffff"
BLUE, GREEN, PALE_GREEN, PALE = "#004d99", "#2b6600", "#ddf7ce", "#f5f5f5"
PHASES = {Phase.RECEIVED: PAPER, Phase.IN_PROGRESS: "#f0f0f0", Phase.FOLLOW_UP: "#dfe3e6"}
FONT = "'IBM Plex Sans', Arial, 'Liberation Sans', sans-serif"
_ARROW = 8.0
_ROUND = 8.0
# An arrow that would bend by less than this goes straight, and meets its box beside the middle.
_NEARLY = 9.0


def number(value: float) -> str:
    """A coordinate, always written the same."""
    return f"{value:.1f}".removesuffix(".0")


def tag(name: str, content: str = "", /, **attributes: object) -> str:
    """One element; underscores in the names of attributes are hyphens."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(number(v) if isinstance(v, float) else str(v))}"'
        for key, v in attributes.items()
        if v not in (None, "")
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(said: str, x: float, y: float, size: float = SMALL, /, **attributes: object) -> str:
    """A line of text with its baseline at y."""
    return tag("text", escape(said), x=x, y=y, font_size=size, **{"fill": INK, **attributes})


def box(placed: Placed) -> str:
    """One thing in the drawing with what is written in it."""
    inside = placed.box
    drawn = "".join(_frame(placed)) + "".join(_lines(inside.lines, placed.x, placed.y, inside))
    if inside.comes_back:
        head = inside.lines[0]
        drawn += comes_back(placed.x + 10 + width_of(head.text, head.size) + 6, placed.y + head.top + 1)
    if inside.badge:
        drawn += badge(inside, placed.x + inside.width + 6, placed.y - 10)
    return tag("g", drawn)


def comes_back(x: float, y: float) -> str:
    """The sign of a step that may come back: an arrow in a ring, 12 wide."""
    ring = f"M{number(x + 9.5)} {number(y + 2.5)}A5 5 0 1 0 {number(x + 11)} {number(y + 6.5)}"
    tip = f"M{number(x + 11.5)} {number(y - 0.5)}V{number(y + 4.5)}H{number(x + 6.5)}Z"
    return tag("path", d=ring, fill="none", stroke=SOFT, stroke_width=1.5) + tag("path", d=tip, fill=SOFT)


def _frame(placed: Placed) -> Iterator[str]:
    inside = placed.box
    place: dict[str, object] = {
        "x": placed.x, "y": placed.y, "width": inside.width, "height": inside.height,
    }  # fmt: skip
    match inside.node.kind:
        case NodeKind.STEP:
            assert inside.step is not None
            stroke: dict[str, object] = {"stroke": SOFT, "stroke_width": 1.0}
            if inside.mark is Mark.OPEN:
                stroke = {"stroke": BLUE, "stroke_width": 3.0}
            elif inside.mark is Mark.WAITING:
                stroke = {"stroke": BLUE, "stroke_width": 2.0}
            elif inside.mark is Mark.DONE:
                stroke = {"stroke": GREEN, "stroke_width": 2.0}
            if inside.step.standing:
                stroke["stroke_dasharray"] = "7 4"
            yield tag("rect", **place, rx=4, fill=PHASES[inside.step.phase], **stroke)
            if inside.step.made_from.startswith("sub_protocols."):
                inner = {
                    "x": placed.x + 3.5, "y": placed.y + 3.5, "width": inside.width - 7,
                    "height": inside.height - 7,
                }  # fmt: skip
                yield tag("rect", **inner, rx=2, fill="none", stroke=SOFT)
        case NodeKind.LABEL:
            yield tag("rect", **place, rx=10, fill=PAPER, stroke=RULE)
        case NodeKind.JOIN:
            yield tag("rect", **place, rx=2, fill=INK)
        case NodeKind.PRESS:
            yield tag("rect", **place, rx=19, fill=PAPER, stroke=INK, stroke_width=2.0)
        case _:
            yield tag("rect", **place, rx=19, fill=PALE, stroke=INK, stroke_width=1.5)


def _lines(lines: Iterable[Line], x: float, y: float, inside: Box) -> Iterator[str]:
    centred = inside.node.kind is not NodeKind.STEP
    middle = x + inside.width / 2
    for line in lines:
        top = y + line.top
        if line.tone in (Tone.LAW, Tone.CHIP):
            yield _chip(line, x + 10, top)
            continue
        looks: dict[str, object] = {}
        if line.tone in (Tone.TITLE, Tone.ANSWER, Tone.HEAD):
            looks["font_weight"] = 600
        if line.tone in (Tone.PLAIN, Tone.HEAD):
            looks["fill"] = SOFT
        if inside.mark is Mark.FELL_AWAY and line.tone is Tone.TITLE:
            looks["text_decoration"] = "line-through"
        if centred:
            looks["text_anchor"] = "middle"
        yield text(line.text, middle if centred else x + 10, top + line.size, line.size, **looks)


def _chip(line: Line, x: float, y: float) -> str:
    rows = line.text.split("\n")
    width = max(width_of(row, line.size) for row in rows) + 12
    is_law = line.tone is Tone.LAW
    frame = tag(
        "rect", x=x, y=y, width=width, height=line.height - 3, rx=3,
        fill=INK if is_law else PAPER, stroke=INK if is_law else RULE,
    )  # fmt: skip
    looks = {"fill": PAPER, "font_weight": 600} if is_law else {"fill": INK}
    return frame + "".join(
        text(row, x + 6, y + 12.5 + 15 * index, line.size, **looks) for index, row in enumerate(rows)
    )


def badge(inside: Box, right: float, y: float) -> str:
    """Where a running case stands with a step: a sign and words, so that colour is not needed."""
    width = badge_width(inside.badge)
    x = right - width
    fill, stroke, ink = {
        Mark.DONE: (PALE_GREEN, GREEN, INK),
        Mark.OPEN: (BLUE, BLUE, PAPER),
        Mark.WAITING: (PAPER, BLUE, INK),
        Mark.FELL_AWAY: (PAPER, RULE, SOFT),
    }[inside.mark or Mark.DONE]
    sign = {
        Mark.DONE: "M{a} {b}l3 3l6 -7",
        Mark.OPEN: "M{a} {c}h8m-3.5 -3.5l3.5 3.5l-3.5 3.5",
        Mark.WAITING: "M{d} {e}v8m4 -8v8",
        Mark.FELL_AWAY: "M{a} {c}h8",
    }[inside.mark or Mark.DONE]
    at = {"a": x + 8, "b": y + 11, "c": y + 10, "d": x + 10, "e": y + 6}
    path = sign.format(**{key: number(value) for key, value in at.items()})
    return (
        tag("rect", x=x, y=y, width=width, height=20.0, rx=10, fill=fill, stroke=stroke, stroke_width=1.5)
        + tag("path", d=path, fill="none", stroke=ink, stroke_width=2)
        + text(inside.badge, x + 22, y + 14, fill=ink, font_weight=600)
    )


def arrow(route: Route, layout: Layout, index: int) -> str:
    """One arrow, with a head unless it goes on through an answer."""
    tail, head = layout.placed[route.edge.tail], layout.placed[route.edge.head]
    if route.track is not None:
        return _over_track(route.edge, tail, head, route.track, layout, index)
    x, y = tail.right
    parts = [f"M{number(x)} {number(y)}"]
    at = (layout.columns[tail.column][1], y)
    parts.append(f"H{number(at[0])}")
    for bend in route.bends:
        parts.append(_curve(at, (bend.left, bend.y)))
        at = (bend.right, bend.y)
        parts.append(f"H{number(at[0])}")
    end = head.left
    if abs(end[1] - at[1]) <= _NEARLY:
        end = (end[0], at[1])
    points = head.box.node.kind is not NodeKind.LABEL
    parts.append(_curve(at, (layout.columns[head.column][0] - (_ARROW if points else 0), end[1])))
    parts.append(f"H{number(end[0] - (_ARROW if points else 0))}")
    line = tag("path", d="".join(parts), fill="none", stroke=SOFT, stroke_width=1.5)
    return line + (_tip(end) if points else "")


def _curve(start: Point, end: Point) -> str:
    (x0, y0), (x1, y1) = start, end
    if abs(y1 - y0) < 0.5:
        return f"L{number(x1)} {number(y1)}"
    middle = number((x0 + x1) / 2)
    return f"C{middle} {number(y0)} {middle} {number(y1)} {number(x1)} {number(y1)}"


def _tip(end: Point) -> str:
    x, y = end
    back, up, down = number(x - _ARROW - 1), number(y - 4.5), number(y + 4.5)
    return tag("path", d=f"M{number(x)} {number(y)}L{back} {up}V{down}Z", fill=SOFT)


def _over_track(edge: Edge, tail: Placed, head: Placed, track: float, layout: Layout, index: int) -> str:
    """An arrow that leads back, or from one band to another: dashed, on a line that is its own."""
    aside = 10 + 5 * (index % 4)
    out = layout.columns[tail.column][1] + aside
    into = layout.columns[head.column][0] - GAP_X + aside
    end = (head.x, head.y + head.box.height / 2 + min(12, head.box.height / 4))
    up = [(out, tail.right[1]), (out, track), (into, track), (into, end[1])]
    points = [tail.right, *up, (end[0] - _ARROW, end[1])]
    dash = "6 4" if edge.is_back else ""
    line = tag("path", d=_rounded(points), fill="none", stroke=SOFT, stroke_width=1.5, stroke_dasharray=dash)
    return line + _tip(end) + _track_label(edge, (out + into) / 2, track)


def _track_label(edge: Edge, x: float, y: float) -> str:
    said = " · ".join(f"{label.text} {' / '.join(label.values)}".strip() for label in edge.labels)
    if not said:
        return ""
    width = width_of(said, SMALL) + 16
    frame = tag("rect", x=x - width / 2, y=y - 10, width=width, height=20.0, rx=10, fill=PAPER, stroke=RULE)
    return frame + text(said, x, y + 4, text_anchor="middle", font_weight=600)


def _rounded(points: list[Point]) -> str:
    """A line of straight pieces with round corners."""
    first = points[0]
    parts = [f"M{number(first[0])} {number(first[1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(corner, before), _towards(corner, after)
        parts.append(f"L{number(near[0])} {number(near[1])}")
        parts.append(f"Q{number(corner[0])} {number(corner[1])} {number(far[0])} {number(far[1])}")
    last = points[-1]
    return "".join(parts) + f"L{number(last[0])} {number(last[1])}"


def _towards(corner: Point, other: Point) -> Point:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = abs(dx) + abs(dy)
    share = min(_ROUND, length / 2) / length if length else 0.0
    return corner[0] + dx * share, corner[1] + dy * share
