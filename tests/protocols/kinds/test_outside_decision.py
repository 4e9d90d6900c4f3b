"""The kind *outside decision*: the case waits for somebody else's answer until it is final."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlepligt.domain.vocabulary import StepStatus
from protocols.engine import deadlines_of, modality
from protocols.kinds.step import Modality
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk

COURT = """\
outside_decisions:
  court:
    title: Rettens afgørelse
    body: Familieretten
    asked_when: done("talk") && answer.worried == "yes"
    answers: {granted: Givet, refused: Afslået, more: Vil vide mere}
    final: [granted, refused]
    deadlines:
      court_answered: {base: opened("court"), within: 4 weeks, basis: local, decided: false, ladder: local}

rules:
"""


def with_court(*changes: tuple[str, str]) -> tuple[str, str]:
    written = COURT
    for old, new in changes:
        assert old in written
        written = written.replace(old, new, 1)
    return "rules:\n", written


def test_the_decision_is_a_step_that_waits_for_the_body(tmp_path: Path) -> None:
    definition = small(tmp_path, with_court())
    walk = Walk(definition)

    walk.complete("talk", worried="yes")

    step = definition.steps["court"]
    assert (step.title, step.waits_for, step.made_from) == (
        "Rettens afgørelse",
        "Familieretten",
        "outside_decisions.court",
    )
    assert [one.status for one in walk.state.rounds("court")] == [StepStatus.WAITING]
    assert list(step.questions) == ["court", "court_on", "court_note"]
    assert modality(definition, "court", walk.state) is Modality.MUST
    assert [one.key for one in deadlines_of(definition, "court", walk.state)] == ["court_answered"]


def test_it_stands_behind_the_written_steps(tmp_path: Path) -> None:
    assert list(small(tmp_path, with_court()).steps) == ["talk", "alarm", "visit", "finish", "court"]


def test_it_comes_back_until_the_answer_is_final(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path, with_court()))
    walk.complete("talk", worried="yes")

    walk.complete("court", court="more")
    again = "court" in walk.open_steps
    walk.complete("court", court="granted")

    assert again
    assert "court" not in walk.open_steps
    assert [one.round for one in walk.state.rounds("court")] == [1, 2]


def test_it_approves_each_round_of_an_act_once_that_is_done(tmp_path: Path) -> None:
    approves = ('asked_when: done("talk") && answer.worried == "yes"', "approves: alarm")
    walk = Walk(small(tmp_path, with_court(approves)))
    walk.complete("talk", worried="yes")

    asked: list[bool] = []
    for _ in range(2):
        walk.press_acute()
        asked.append("court" in walk.open_steps)
        walk.complete("alarm", calm="yes")
        asked.append("court" in walk.open_steps)
        walk.complete("court", court="granted")

    assert asked == [False, True, False, True]


def test_an_answer_that_is_always_final_needs_no_second_round(tmp_path: Path) -> None:
    final = ("final: [granted, refused]", "final: [granted, refused, more]")

    step = small(tmp_path, with_court(final)).steps["court"]

    assert step.repeats is None
    assert str(step.opens_when) == 'done("talk") && answer.worried == "yes"'


TITLE = "title: Rettens afgørelse"
ASKED = 'asked_when: done("talk") && answer.worried == "yes"'


@pytest.mark.parametrize(
    ("change", "line", "sentence"),
    [
        ((f"    {ASKED}\n", ""), TITLE, "say asked_when: when the decision is asked for, or which step"),
        ((ASKED, "approves: visitt"), "approves: visitt", "unknown step 'visitt'; did you mean 'visit'?"),
        (
            ("final: [granted, refused]", "final: []"),
            "final: []",
            "the decision can never end; name at least one answer that is final",
        ),
        (
            ("final: [granted, refused]", "final: [granted, lost]"),
            "final: [granted, lost]",
            "'lost' is not among the answers: granted, refused, more",
        ),
        (
            (ASKED, 'asked_when: done("talkk")'),
            'asked_when: done("talkk")',
            "unknown step 'talkk'; did you mean 'talk'?",
        ),
        (
            (ASKED, 'asked_when: answer.worried == "yes" && answer.worried == "no"'),
            'asked_when: answer.worried == "yes" && answer.worried == "no"',
            "the step can never open; no answers make this true",
        ),
        (("    body:", "    at_most: 1\n    body:"), "at_most: 1", "a loop needs a bound: say at_most"),
        (
            ("body: Familieretten", "bodi: Familieretten"),
            "bodi: Familieretten",
            "unknown key 'bodi'; did you",
        ),
    ],
)
def test_a_decision_that_could_not_be_taken_is_refused_at_its_line(
    change: tuple[str, str], line: str, sentence: str, tmp_path: Path
) -> None:
    found = refused_with(tmp_path, with_court(change))

    assert ("small.yaml", line) in [(file, written) for file, written, _ in found]
    assert any(said.startswith(sentence) for _, _, said in found), found


def test_the_only_answer_is_no_decision(tmp_path: Path) -> None:
    answers = (
        "answers: {granted: Givet, refused: Afslået, more: Vil vide mere}",
        "answers: {granted: Givet}",
    )

    found = refused_with(tmp_path, with_court(answers, ("final: [granted, refused]", "final: [granted]")))

    assert [said for _, _, said in found] == ["a decision needs at least two answers to choose from"]


def test_without_a_deadline_the_way_into_the_dateless_step_is_shown(tmp_path: Path) -> None:
    start = COURT.index("    deadlines:")
    deadline = COURT[start : COURT.index("\nrules:")]

    [(_, line, said)] = refused_with(tmp_path, with_court((deadline, "")))

    assert line == TITLE
    assert "'court' can be open without any date" in said


def test_a_step_of_the_same_name_is_refused(tmp_path: Path) -> None:
    found = refused_with(tmp_path, with_court(("  court:\n", "  visit:\n")))

    clash = "this makes a step 'visit', but steps.visit makes one of that name already; rename one"
    assert ("small.yaml", "visit:", clash) in found
