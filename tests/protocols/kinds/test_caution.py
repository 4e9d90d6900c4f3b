"""The kind *caution*: a text, and perhaps another it contradicts."""

from __future__ import annotations

from pathlib import Path

from tests.protocols.small import refused_with, small

CAREFUL = "careful: {text: Pas på.}"


def test_a_caution_is_a_text_that_contradicts_nothing(tmp_path: Path) -> None:
    caution = small(tmp_path).cautions["careful"]

    assert (caution.key, caution.text, caution.conflicts_with) == ("careful", "Pas på.", "")


def test_a_caution_can_name_the_one_it_contradicts(tmp_path: Path) -> None:
    both = "careful: {text: Pas på., conflicts_with: bold}\n  bold: {text: Gå til den.}"

    assert small(tmp_path, (CAREFUL, both)).cautions["careful"].conflicts_with == "bold"


def test_a_contradiction_of_a_caution_that_is_not_there_is_refused(tmp_path: Path) -> None:
    line = "careful: {text: Pas på., conflicts_with: bold}"

    assert refused_with(tmp_path, (CAREFUL, line)) == [
        ("small.yaml", line, "unknown caution 'bold'; declare it under cautions")
    ]


def test_a_caution_without_text_is_refused(tmp_path: Path) -> None:
    assert refused_with(tmp_path, (CAREFUL, "careful: {}")) == [
        ("small.yaml", "careful: {}", "'text' is missing; add it")
    ]
