"""The kind *end*: a way to close a case, when it is allowed, and what must be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.engine import ends, left_undone
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


MUST = ("modality: should", "modality: must")
AT_ONCE = (ALLOWED, 'allowed_when: done("talk")')


def undone(walk: Walk) -> list[str]:
    return [step.key for step in left_undone(walk.definition, walk.state, walk.definition.ends["over"])]


def test_an_open_step_that_must_be_done_is_left_undone(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, MUST, AT_ONCE))
    assert undone(walk) == ["talk"]

    walk.complete("talk", worried="yes")

    assert undone(walk) == ["visit"]


def test_what_should_be_done_and_what_stands_are_not_left_undone(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, AT_ONCE))
    walk.complete("talk", worried="yes")
    assert (walk.open_steps, undone(walk)) == (["visit"], [])

    walk = Walk(small(tmp_path, AT_ONCE))
    walk.complete("talk", worried="no")

    assert (walk.open_steps, undone(walk)) == (["finish"], [])


def test_an_end_can_leave_to_others_what_is_open(tmp_path: Path) -> None:
    left = (AT_ONCE[1], f"{AT_ONCE[1]}\n    leaves_open: true")
    walk = Walk(small(tmp_path, MUST, AT_ONCE, left))

    assert undone(walk) == []


def test_an_end_that_only_a_step_left_undone_allows_is_refused(tmp_path: Path) -> None:
    line = 'allowed_when: is_open("alarm")'
    sentence = (
        "no case can ever end with 'over'; its condition holds after talk(worried=yes, danger=yes), but "
        "something else stands in the way there; mend allowed_when or the rules on close"
    )

    refused = refused_with(tmp_path, (ALLOWED, line))
    left = refused_with(tmp_path, (ALLOWED, f"{line}\n    leaves_open: true"))

    assert sentence in [one[2] for one in refused]
    assert sentence not in [one[2] for one in left]


def test_an_end_with_an_authority_needs_one_that_can_take_over(tmp_path: Path) -> None:
    held = (ALLOWED, f"{ALLOWED}\n    with_authority: true")
    taker = ("  to: [boss]\n", '  to: [boss]\n  authority: {allowed_when: done("talk")}\n')
    never = ("  to: [boss]\n", "  to: [boss]\n  authority: {allowed_when: age != null && age > 200}\n")

    assert small(tmp_path, held, taker).ends["over"].with_authority
    assert (
        "small.yaml",
        "with_authority: true",
        "no authority can take the duty over; give the handover an authority",
    ) in refused_with(tmp_path, held)
    said = [one[2] for one in refused_with(tmp_path, held, never)]
    assert any(one.startswith("no case can ever end with 'over'; its condition holds after ") for one in said)
