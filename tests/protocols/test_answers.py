"""What a form sends is read, or refused in Danish with every question named."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.answers import read_answers
from protocols.definition import Definition
from protocols.problems import AnswersError
from tests.protocols.small import small
from tests.protocols.walk import fresh

WHOLE: dict[str, object] = {
    "worried": "yes",
    "why": "Fordi.",
    "talked_with": {"role": "boss", "staff": 3},
    "topics": ["home", "school"],
    "talked_on": "2026-11-27",
    "danger": "no",
}


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return small(Path(tmp_path_factory.mktemp("small")))


def refused(definition: Definition, **changes: object) -> dict[str, str]:
    with pytest.raises(AnswersError) as error:
        read_answers(definition, "talk", fresh(), {**WHOLE, **changes})
    return error.value.problems


def test_whole_answers_are_read_in_their_stored_form(definition: Definition) -> None:
    read = read_answers(definition, "talk", fresh(), WHOLE)

    assert read == {**WHOLE, "topics": ["school", "home"]}
    assert list(read) == list(definition.steps["talk"].questions)


@pytest.mark.parametrize(
    ("changes", "question"),
    [
        ({"worried": "maybe"}, "worried"),
        ({"worried": True}, "worried"),
        ({"worried": ["yes"]}, "worried"),
        ({"worried": None}, "worried"),
        ({"why": "   "}, "why"),
        ({"why": 3}, "why"),
        ({"why": "x" * 20_001}, "why"),
        ({"why": "x" * 10_000_000}, "why"),
        ({"why": "før\x00efter"}, "why"),
        ({"why": "vendt \u202e tekst"}, "why"),
        ({"why": "mærke \u200f her"}, "why"),
        ({"why": "halv \ud800 sjæl"}, "why"),
        ({"talked_with": {"role": "stranger", "staff": 3}}, "talked_with"),
        ({"talked_with": {"role": "boss"}}, "talked_with"),
        ({"talked_with": {"role": "boss", "staff": "3"}}, "talked_with"),
        ({"talked_with": {"role": "boss", "staff": True}}, "talked_with"),
        ({"talked_with": "boss"}, "talked_with"),
        ({"topics": ["work"]}, "topics"),
        ({"topics": {"school": 1}}, "topics"),
        ({"topics": [["school"]]}, "topics"),
        ({"talked_on": "27-11-2026"}, "talked_on"),
        ({"talked_on": "2026-02-30"}, "talked_on"),
        ({"talked_on": 20261127}, "talked_on"),
        ({"stranger": "yes"}, "stranger"),
    ],
)
def test_an_answer_that_cannot_be_used_is_named(
    definition: Definition, changes: dict[str, object], question: str
) -> None:
    problems = refused(definition, **changes)

    assert list(problems) == [question]
    assert problems[question].endswith(".")


def test_all_wrong_answers_are_named_at_once(definition: Definition) -> None:
    problems = refused(definition, worried="maybe", talked_on="i går", topics=["work"])

    assert set(problems) >= {"worried", "talked_on", "topics"}


def test_an_answer_to_a_question_that_is_not_asked_is_refused_and_a_blank_one_forgotten(
    definition: Definition,
) -> None:
    assert set(refused(definition, worried="no")) == {"why"}

    read = read_answers(definition, "talk", fresh(), {**WHOLE, "worried": "no", "why": ""})

    assert "why" not in read


def test_emoji_danish_letters_and_line_breaks_are_kept(definition: Definition) -> None:
    read = read_answers(definition, "talk", fresh(), {**WHOLE, "why": "Ærø 👩‍👧\r\nnæste linje"})

    assert read["why"] == "Ærø 👩‍👧\nnæste linje"


def test_one_chosen_box_arrives_as_a_text(definition: Definition) -> None:
    assert read_answers(definition, "talk", fresh(), {**WHOLE, "topics": "home"})["topics"] == ["home"]


def test_what_must_be_so_is_refused_with_the_definitions_own_words(definition: Definition) -> None:
    with pytest.raises(AnswersError) as error:
        read_answers(definition, "alarm", fresh(), {"calm": "no"})

    assert error.value.problems == {"calm": "Bliv ved, til det er ovre."}


def test_a_short_text_has_a_short_limit_and_no_line_breaks(definition: Definition) -> None:
    for note in ("x" * 501, "to\nlinjer"):
        with pytest.raises(AnswersError):
            read_answers(definition, "visit", fresh(), {"visit_note": note})


def test_a_line_break_from_a_browser_counts_as_one_character(definition: Definition) -> None:
    longest = "\n" * 10_000 + "x" * 10_000

    read = read_answers(
        definition, "talk", fresh(), {**WHOLE, "why": "x" + longest[1:].replace("\n", "\r\n")}
    )

    assert len(str(read["why"])) == 20_000
