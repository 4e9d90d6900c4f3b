"""The kind *question*: what somebody is asked, and what the answer may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.engine import questions_for
from tests.protocols.small import refused_with, small
from tests.protocols.walk import fresh

NOTE = "      visit_note:\n        ask: Hvad så du?\n        type: text\n"


def note(line: str) -> tuple[str, str]:
    return NOTE, f"      visit_note: {line}\n"


def test_a_question_must_be_answered_and_sets_nothing(tmp_path: Path) -> None:
    question = small(tmp_path).questions["visit_note"]

    assert (question.key, question.ask, question.help) == ("visit_note", "Hvad så du?", "")
    assert question.required
    assert (question.asked_when, question.required_when, question.must_be) == (None, None, "")
    assert (question.sets.acute, question.sets.acute_over, question.sets.next_followup) == ("", "", False)
    assert not question.not_at_case_level
    assert not question.looks_ahead


@pytest.mark.parametrize("kind", ["date", "datetime"])
def test_a_time_may_lie_ahead_only_where_the_definition_says_so(kind: str, tmp_path: Path) -> None:
    questions = small(tmp_path, note(f"{{ask: Hvornår, type: {kind}, may_be_ahead: true}}")).questions

    assert [key for key, one in questions.items() if one.looks_ahead] == ["visit_note"]


def test_the_next_followup_lies_ahead_without_saying_so(tmp_path: Path) -> None:
    question = small(tmp_path, note("{ask: Hvornår, type: date, sets: {next_followup: true}}")).questions[
        "visit_note"
    ]

    assert question.looks_ahead
    assert not question.may_be_ahead


def test_yes_and_no_bring_their_own_danish_answers(tmp_path: Path) -> None:
    questions = small(tmp_path, note("{ask: Set, type: yes_no_unknown}")).questions

    assert questions["worried"].choices == {"yes": "Ja", "no": "Nej"}
    assert questions["visit_note"].choices == {"yes": "Ja", "no": "Nej", "unknown": "Ved ikke"}


@pytest.mark.parametrize(("worried", "asked"), [("yes", True), ("no", False)])
def test_a_question_can_be_asked_after_certain_answers_only(
    worried: str, asked: bool, tmp_path: Path
) -> None:
    found = questions_for(small(tmp_path), "talk", fresh(), {"worried": worried})

    assert ("why" in [one.key for one in found]) is asked


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("{ask: Hvad, type: essay}", "'essay' is not allowed for 'type'; write 'yes_no', "),
        ("{ask: Hvad, type: choice}", "a question of type choice needs choices"),
        ("{ask: Hvad, type: text, choices: {a: A}}", "a question of type text has no choices; remove them"),
        ("{ask: Hvad, type: yes_no, choices: {a: A}}", "the answers to yes_no are yes, no"),
        ("{ask: Hvem, type: person}", "a question of type person needs roles to choose from"),
        ("{ask: Hvem, type: text, roles: [boss]}", "only a question of type person has roles; remove them"),
        ('{ask: Set, type: yes_no, must_be: "yes"}', "must_be_message is missing; say in words of the"),
        (
            "{ask: Hvad, type: text, may_be_ahead: true}",
            "only a question of type date or datetime may be ahead",
        ),
        ("{ask: Hvad, type: text, sets: {next_followup: true}}", "only a question of type date can set the"),
        (
            "{ask: Hvad, type: text, asked_when: given.calm == 'yes'}",
            "'given.calm': nobody is asked 'calm' here",
        ),
    ],
)
def test_a_question_without_usable_answers_is_refused(line: str, sentence: str, tmp_path: Path) -> None:
    [(file, written, said)] = refused_with(tmp_path, note(line))

    assert (file, written) == ("small.yaml", f"visit_note: {line}")
    assert said.startswith(sentence)
