"""The kind *end*: a way to close a case, when it is allowed, and what must be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.engine import ends
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk

ALLOWED = 'allowed_when: is_open("finish")'


def test_an_end_is_allowed_as_soon_as_its_condition_holds(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path))
    assert ends(walk.definition, walk.state) == ()

    walk.complete("talk", worried="no")

    [end] = ends(walk.definition, walk.state)
    assert (end.key, end.title, end.questions) == ("over", "Slut", {})


def test_what_must_be_written_at_the_end_are_questions(tmp_path: Path) -> None:
    asked = f"{ALLOWED}\n    questions:\n      why_over: {{ask: Hvorfor, type: long_text}}"

    question = small(tmp_path, (ALLOWED, asked)).ends["over"].questions["why_over"]

    assert (question.key, question.ask, question.required) == ("why_over", "Hvorfor", True)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('allowed_when: is_open("talk") && !is_open("talk")', "the case can never end this way"),
        ('allowed_when: is_open("finnish")', "unknown step 'finnish'; did you mean 'finish'?"),
    ],
)
def test_an_end_that_nobody_could_reach_is_refused(line: str, sentence: str, tmp_path: Path) -> None:
    assert ("small.yaml", line, sentence) in refused_with(tmp_path, (ALLOWED, line))


def test_a_question_of_an_end_is_held_to_the_rules_of_questions(tmp_path: Path) -> None:
    asked = f"{ALLOWED}\n    questions:\n      which: {{ask: Hvilken, type: choice}}"

    assert refused_with(tmp_path, (ALLOWED, asked)) == [
        ("small.yaml", "which: {ask: Hvilken, type: choice}", "a question of type choice needs choices")
    ]
