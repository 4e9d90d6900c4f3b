"""The kind *decision*: who gives some of a step's answers together, and who may not give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.engine import deadlines_of
from protocols.problems import AnswersError
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk

TOGETHER = "together: {by: [keeper, boss], questions: [worried]}"
VISIT = "    deadlines:\n      visited:"


def in_the_visit(line: str) -> tuple[str, str]:
    return VISIT, f"    decisions:\n      {line}\n{VISIT}"


def test_a_decision_names_roles_and_questions_and_excludes_nobody(tmp_path: Path) -> None:
    decision = small(tmp_path).steps["talk"].decisions["together"]

    assert (decision.by, decision.questions) == (("keeper", "boss"), ("worried",))
    assert (decision.title, decision.disagreement, decision.not_same_person_as) == ("", "", "")


def test_whoever_completed_an_earlier_step_can_be_kept_from_deciding(tmp_path: Path) -> None:
    line = "second: {by: [boss], questions: [visit_note], not_same_person_as: talk}"

    decision = small(tmp_path, in_the_visit(line)).steps["visit"].decisions["second"]

    assert decision.not_same_person_as == "talk"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("together: {by: [chief], questions: [worried]}", "unknown role 'chief'; declare it under roles"),
        (
            "together: {by: [boss], questions: [calm]}",
            "'calm' is an answer nobody is asked for in this step",
        ),
        (
            "together: {by: [boss], questions: [worried], disagreement: quarrel}",
            "'quarrel' is an answer nobody is asked for in this step",
        ),
        (
            "together: {by: [boss], questions: [worried], not_same_person_as: visit}",
            "'visit' may not have run when 'talk' opens; add done(\"visit\") to opens_when",
        ),
    ],
)
def test_a_decision_that_nobody_could_take_is_refused(line: str, sentence: str, tmp_path: Path) -> None:
    assert refused_with(tmp_path, (TOGETHER, line)) == [("small.yaml", line, sentence)]


OWN_HAND = (
    "together: {title: Bekymring, by: [keeper, boss], questions: [worried], own_hand: [boss], within: 2 days}"
)


def confirmed(folder: Path) -> Walk:
    """A case in which the first step is done and its decision waits to be confirmed."""
    walk = Walk(small(folder, (TOGETHER, OWN_HAND)))
    walk.complete("talk", worried="yes")
    return walk


def test_a_role_confirms_with_its_own_log_in_in_a_step_of_its_own(tmp_path: Path) -> None:
    walk = confirmed(tmp_path)

    step = walk.definition.steps["together_confirmed_by_boss"]

    assert "together_confirmed_by_boss" in walk.open_steps
    assert (step.owner, step.not_same_person_as) == ("boss", "talk")
    assert step.made_from == "steps.talk.decisions.together"
    assert step.title == "Bekræft med eget login: Bekymring"
    assert [one.key for one in deadlines_of(walk.definition, step.key, walk.state)] == ["confirmed"]


def test_whoever_disagrees_says_why(tmp_path: Path) -> None:
    walk = confirmed(tmp_path)

    with pytest.raises(AnswersError) as refused:
        walk.complete("together_confirmed_by_boss", together_confirmed_by_boss="no")
    walk.complete(
        "together_confirmed_by_boss",
        together_confirmed_by_boss="no",
        together_confirmed_by_boss_reason="Det er for tidligt.",
    )

    assert list(refused.value.problems) == ["together_confirmed_by_boss_reason"]
    [round_] = walk.state.rounds("together_confirmed_by_boss")
    assert round_.answers["together_confirmed_by_boss_reason"] == "Det er for tidligt."


def test_each_round_of_the_step_is_confirmed_anew(tmp_path: Path) -> None:
    again = (
        'opens_when: "true"',
        'opens_when: rounds("talk") == 0 || size(answer.topics) > 0\n    repeats: {at_most: 3}',
    )
    walk = Walk(small(tmp_path, (TOGETHER, OWN_HAND), again))
    for _ in range(2):
        walk.complete("talk", worried="yes", topics=["home"])
        walk.complete("together_confirmed_by_boss", together_confirmed_by_boss="yes")

    assert [one.round for one in walk.state.rounds("together_confirmed_by_boss")] == [1, 2]


def test_what_was_not_asked_is_not_confirmed(tmp_path: Path) -> None:
    line = "together: {by: [keeper, boss], questions: [why], own_hand: [boss], within: 2 days}"
    walk = Walk(small(tmp_path, (TOGETHER, line)))

    walk.complete("talk", worried="no")

    assert "together_confirmed_by_boss" not in walk.open_steps


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "together: {by: [keeper, boss], questions: [worried], own_hand: [boss]}",
            "within is missing; say how long they have to confirm, such as 2 working days",
        ),
        (
            "together: {by: [keeper, boss], questions: [worried], within: 2 days}",
            "nobody confirms, so nothing is due; name the roles in own_hand or remove within",
        ),
        (
            "together: {by: [keeper, boss], questions: [worried], own_hand: [keeper], within: 2 days}",
            "'keeper' completes the step and decides there; name only who confirms it",
        ),
        (
            "together: {by: [keeper], questions: [worried], own_hand: [boss], within: 2 days}",
            "'boss' confirms but does not decide; name 'boss' under by too",
        ),
        (
            "together: {by: [keeper, boss], questions: [worried], own_hand: [bos], within: 2 days}",
            "unknown role 'bos'; did you mean 'boss'?",
        ),
        (
            "together: {by: [keeper, boss], questions: [worried], own_hand: [boss, boss], within: 2 days}",
            "'boss' stands twice; remove one",
        ),
    ],
)
def test_a_confirmation_nobody_could_give_is_refused(line: str, sentence: str, tmp_path: Path) -> None:
    found = refused_with(tmp_path, (TOGETHER, line))

    assert ("small.yaml", line, sentence) in found
