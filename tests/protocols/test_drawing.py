"""Drawings: what hangs together, where it stands, what is written, and that it is always the same."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from handlepligt.domain.vocabulary import StepStatus
from protocols.definition import Definition
from protocols.drawing import as_list, draw
from protocols.drawing_boxes import Boxes, Mark
from protocols.drawing_graph import Graph, NodeKind, graph_of
from protocols.drawing_layout import Layout, layout
from protocols.explaining import Speaker
from protocols.loader import examine, library
from protocols.state import CaseState, StepState
from protocols.wording import languages
from tests.protocols.small import small

INVENTED = Path(__file__).parent / "invented"
MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
SVG = "{http://www.w3.org/2000/svg}"


def every_definition() -> list[Definition]:
    invented = [examine(path, thorough=False)[0] for path in sorted(INVENTED.glob("*_*.yaml"))]
    return [*library().all(), *(one for one in invented if one is not None)]


EVERY = pytest.mark.parametrize("definition", every_definition(), ids=lambda one: one.key)


def graph(definition: Definition) -> Graph:
    return graph_of(definition, Speaker(definition, "da"))


def placed(definition: Definition) -> Layout:
    drawn = graph(definition)
    boxes = Boxes(definition, Speaker(definition, "da").naming, drawn, None)
    return layout(drawn, {node.id: boxes.box(node) for node in drawn.nodes})


@EVERY
def test_every_step_and_end_is_reached_from_a_beginning(definition: Definition) -> None:
    drawn = graph(definition)
    reached = {node.id for node in drawn.nodes if node.kind in (NodeKind.START, NodeKind.PRESS)}

    for _ in drawn.nodes:
        reached |= {edge.head for edge in drawn.edges if edge.tail in reached}

    assert {node.id for node in drawn.nodes} == reached
    assert {node.key for node in drawn.nodes if node.kind is NodeKind.STEP} == set(definition.steps)
    assert {node.key for node in drawn.nodes if node.kind is NodeKind.END} == set(definition.ends)


@EVERY
def test_no_two_boxes_overlap_and_arrows_lead_to_the_right(definition: Definition) -> None:
    found = placed(definition)

    for one, other in combinations(found.placed.values(), 2):
        apart = (
            one.x + one.box.width <= other.x
            or other.x + other.box.width <= one.x
            or one.y + one.box.height <= other.y
            or other.y + other.box.height <= one.y
        )
        assert apart, (one.box.node.id, other.box.node.id)
    for route in found.routes:
        if route.track is None:
            assert found.placed[route.edge.tail].right[0] < found.placed[route.edge.head].left[0]


@EVERY
def test_no_long_arrow_runs_through_a_box(definition: Definition) -> None:
    found = placed(definition)

    for route in found.routes:
        for bend in route.bends:
            for one in found.placed.values():
                passes = one.x < bend.right and one.x + one.box.width > bend.left
                assert not (passes and one.y < bend.y < one.y + one.box.height), one.box.node.id


@EVERY
@pytest.mark.parametrize("language", languages())
def test_a_drawing_is_svg_without_styles_scripts_or_ids(definition: Definition, language: str) -> None:
    root = ElementTree.fromstring(draw(definition, language=language))

    assert root.get("role") == "img"
    assert root.find(f"{SVG}title") is not None
    assert root.find(f"{SVG}desc") is not None
    for element in root.iter():
        assert not {"id", "style", "class"} & set(element.attrib)
        assert not [name for name in element.attrib if name.startswith("on")]
        assert element.tag.removeprefix(SVG) in {"svg", "g", "rect", "path", "text", "title", "desc"}


@EVERY
def test_a_drawing_is_always_the_same(definition: Definition) -> None:
    first = draw(definition)

    again = (
        examine(Path(definition.file), thorough=False)[0] if Path(definition.file).exists() else definition
    )

    assert draw(again or definition) == first


def test_titles_are_escaped(tmp_path: Path) -> None:
    drawn = draw(small(tmp_path, ("title: Tal sammen", "title: '<b onclick=x>&'")))

    assert "&lt;b" in drawn
    assert "<b" not in drawn


def contrast(ink: str, paper: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(ink), light(paper)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_text_stands_out_from_whatever_box_it_is_in() -> None:
    definition = library().latest("adviser_under_18")
    root = ElementTree.fromstring(draw(definition, state=running()))
    dark = {"#1a1a1a", "#004d99"}

    inks = {element.get("fill", "") for element in root.iter(f"{SVG}text")}
    papers = {element.get("fill", "") for element in root.iter(f"{SVG}rect")} - {"none"} - dark

    assert inks == {"#1a1a1a", "#454545", "#ffffff"}
    assert all(contrast(ink, paper) >= 4.5 for ink in inks - {"#ffffff"} for paper in papers)
    assert all(contrast("#ffffff", paper) >= 4.5 for paper in dark)


def running() -> CaseState:
    def step(key: str, status: StepStatus, round_: int = 1) -> StepState:
        settled = MONDAY + HOUR if status in (StepStatus.DONE, StepStatus.NOT_APPLICABLE) else None
        return StepState(key, round_, status, MONDAY, settled)

    return CaseState(
        MONDAY,
        MONDAY,
        steps=(
            step("discuss", StepStatus.DONE),
            step("sparring", StepStatus.NOT_APPLICABLE),
            step("siblings", StepStatus.DONE),
            step("siblings", StepStatus.OPEN, 2),
            step("safety_acceptance", StepStatus.WAITING),
        ),
    )


def test_a_running_case_is_marked_in_words_and_by_thickness() -> None:
    definition = library().latest("adviser_under_18")
    drawn = graph(definition)
    boxes = Boxes(definition, Speaker(definition, "da").naming, drawn, running())

    standing = {key: boxes.standing_of(step) for key, step in definition.steps.items()}

    assert standing["discuss"] == (Mark.DONE, "Udført")
    assert standing["sparring"] == (Mark.FELL_AWAY, "Bortfaldet")
    assert standing["siblings"] == (Mark.OPEN, "Åbent · 2. gang")
    assert standing["safety_acceptance"] == (Mark.WAITING, "Afventer")
    assert standing["assess"] == (None, "")
    svg = draw(definition, state=running())
    assert "Åbent · 2. gang" in svg
    assert 'stroke-width="3"' in svg
    assert "Åbent" not in draw(definition)


def test_the_list_says_what_the_drawing_says() -> None:
    listed = {one.key: one for one in as_list(library().latest("adviser_under_18"), state=running())}

    assert listed["siblings"].standing == "Åbent · 2. gang"
    danger = listed["danger_assessment"].lines
    assert danger[0] == "Skal · Modtaget · Den handlepligtige"
    assert "24 timer · lovfrist" in danger
    assert "Et svar kan udløse akut" in danger
    assert "Åbnes fra begyndelsen" in listed["discuss"].lines
    assert "Fører til “Få sparring” (Har I brug for sparring om vejen videre? Ja)" in listed["discuss"].lines
    assert "Fører til “Vurder sagen” (Er det akutte forbi? Ja)" in listed["safety_assessment"].lines


def test_a_translated_definition_is_drawn_in_either_language() -> None:
    definition, _ = examine(INVENTED / "lillby_concern.yaml", thorough=False)
    assert definition is not None

    assert "Tag imod" in draw(definition, language="da")
    assert "Ta emot" in draw(definition, language="sv")
    assert draw(definition.in_language("da"), language="sv") == draw(definition, language="sv")


@pytest.mark.parametrize("key", [one.key for one in library().all()])
def test_one_track_is_drawn_within_a_tenth_of_a_second(key: str) -> None:
    definition = library().latest(key)
    draw(definition)  # The library that lays it out is loaded at the first drawing.
    fresh = Definition(definition.elements, file=definition.file)

    began = time.perf_counter()
    draw(fresh, state=running())

    assert time.perf_counter() - began < 0.1


def test_numbers_are_written_plainly() -> None:
    svg = draw(library().latest("professional"))

    assert not re.search(r"\d\.\d{2,}|e-\d", svg)
