"""The kind *decision*: who gives some of a step's answers together, and who may not give them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.protocols.small import refused_with, small

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
