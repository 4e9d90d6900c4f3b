"""A form is read field by field or as it is stored, or refused in Danish with each field named."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.answers import read_answers
from protocols.definition import Definition
from protocols.engine import questions_for
from protocols.problems import AnswersError
from protocols.world import World, seen
from tests.protocols.kinds.test_form import DANGER, MAP, with_form
from tests.protocols.small import small
from tests.protocols.walk import Walk, fresh

NOTE = "visit_note"
WHOLE = {"visit_note.threats": "no", "visit_note.control": "some"}
BOTH = {f"visit_note.school.{time}": "good" for time in ("before", "now")} | {"visit_note.overall": "fine"}


@pytest.fixture(scope="module")
def danger(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return small(Path(tmp_path_factory.mktemp("scored")), *with_form(DANGER))


@pytest.fixture(scope="module")
def everyday(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return small(Path(tmp_path_factory.mktemp("unscored")), *with_form(MAP))


def read(definition: Definition, **raw: object) -> object:
    return read_answers(definition, "visit", fresh(), raw)[NOTE]


def refused(definition: Definition, raw: dict[str, object]) -> dict[str, str]:
    with pytest.raises(AnswersError) as error:
        read_answers(definition, "visit", fresh(), raw)
    return error.value.problems


def test_the_fields_of_a_scored_form_become_one_answer_with_its_score_and_band(danger: Definition) -> None:
    assert read(danger, **WHOLE) == {
        "items": {"threats": {"": "no"}, "control": {"": "some"}},
        "notes": {},
        "score": 1,
        "band": "middle",
        "override": "",
        "reason": "",
    }


def test_a_program_sends_the_answer_as_it_is_stored(danger: Definition, everyday: Definition) -> None:
    structure = {"items": {"threats": "yes", "control": {"": "none"}}}
    stored = read(danger, visit_note=structure)

    assert isinstance(stored, dict)
    assert (stored["score"], stored["band"]) == (6, "high")
    assert read(danger, visit_note=stored) == stored
    judged = read(everyday, **BOTH)
    assert read(everyday, visit_note=judged) == judged


def test_an_unscored_form_keeps_a_judgement_and_a_text_for_each_time(everyday: Definition) -> None:
    stored = read(everyday, **{**BOTH, "visit_note.school.now.note": " Går nu hver dag. \r\nGlad. "})

    assert stored == {
        "items": {"school": {"before": "good", "now": "good"}},
        "notes": {"school": {"now": "Går nu hver dag. \nGlad."}},
        "score": None,
        "band": "fine",
        "override": "",
        "reason": "",
    }


def test_the_outcome_is_lifted_with_a_reason(danger: Definition) -> None:
    stored = read(danger, **{**WHOLE, "visit_note.override": "high", "visit_note.reason": "Hun er bange."})

    assert isinstance(stored, dict)
    assert (stored["band"], stored["override"], stored["reason"]) == ("middle", "high", "Hun er bange.")
    assert seen(danger.questions[NOTE], stored) == "high"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"visit_note.threats": ""}, "visit_note.threats"),
        ({"visit_note.threats": "maybe"}, "visit_note.threats"),
        ({"visit_note.threats": ["yes"]}, "visit_note.threats"),
        ({"visit_note.money": "yes"}, "visit_note.money"),
        ({"visit_note.threats.now": "yes"}, "visit_note.threats.now"),
        ({"visit_note.threats.note": "Hver dag"}, "visit_note.threats.note"),
        ({"visit_note.override": "low", "visit_note.reason": "Fordi"}, "visit_note.override"),
        ({"visit_note.override": "middle", "visit_note.reason": "Fordi"}, "visit_note.override"),
        ({"visit_note.override": "grave", "visit_note.reason": "Fordi"}, "visit_note.override"),
        ({"visit_note.override": ["high"], "visit_note.reason": "Fordi"}, "visit_note.override"),
        ({"visit_note.override": "high"}, "visit_note.reason"),
        ({"visit_note.override": "high", "visit_note.reason": "x" * 20_001}, "visit_note.reason"),
        ({"visit_note.override": "high", "visit_note.reason": "før\x00efter"}, "visit_note.reason"),
        ({"visit_note.reason": "Fordi"}, "visit_note.override"),
        ({"visit_note.overall": "fine"}, "visit_note.overall"),
        ({"visit_note.score": 8}, "visit_note.score"),
        ({"visit_note.band": "high"}, "visit_note.band"),
        ({"visit_note": "high"}, "visit_note"),
        ({"visit_note": {"items": ["yes"]}}, "visit_note.items"),
        ({"talk.threats": "yes"}, "talk.threats"),
    ],
)
def test_what_cannot_be_used_in_a_scored_form_is_named_by_its_field(
    danger: Definition, changes: dict[str, object], field: str
) -> None:
    problems = refused(danger, {**WHOLE, **changes})

    assert list(problems) == [field]
    assert problems[field].endswith(".")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"visit_note.school.now": ""}, "visit_note.school.now"),
        ({"visit_note.school.then": "good"}, "visit_note.school.then"),
        ({"visit_note.school": "good"}, "visit_note.school"),
        ({"visit_note.school.now.note": "x" * 20_001}, "visit_note.school.now.note"),
        ({"visit_note.school.now.note": "vendt \u202e tekst"}, "visit_note.school.now.note"),
        ({"visit_note.school.now.note": 3}, "visit_note.school.now.note"),
        ({"visit_note.overall": ""}, "visit_note.overall"),
        ({"visit_note.overall": "high"}, "visit_note.overall"),
        ({"visit_note.overall": ["fine"]}, "visit_note.overall"),
        ({"visit_note.override": "grave"}, "visit_note.override"),
    ],
)
def test_what_cannot_be_used_in_an_unscored_form_is_named_by_its_field(
    everyday: Definition, changes: dict[str, object], field: str
) -> None:
    problems = refused(everyday, {**BOTH, **changes})

    assert list(problems) == [field]
    assert problems[field].endswith(".")


def test_of_a_form_nobody_touched_each_missing_field_is_named(
    danger: Definition, everyday: Definition
) -> None:
    assert list(refused(danger, {})) == ["visit_note.threats", "visit_note.control"]
    assert list(refused(everyday, {"visit_note": {}})) == [
        "visit_note.school.before",
        "visit_note.school.now",
        "visit_note.overall",
    ]


def test_conditions_see_what_the_form_came_to_and_its_score(danger: Definition) -> None:
    before = World(danger, fresh())
    walk = Walk(danger)
    walk.complete("talk", worried="yes")
    walk.complete("visit", visit_note=read(danger, **WHOLE))

    after = World(danger, walk.state)

    assert (before.answer(NOTE), before.score(NOTE)) == (None, None)
    assert (after.answer(NOTE), after.score(NOTE)) == ("middle", 1)


def test_while_a_form_is_being_filled_in_its_questions_are_asked(danger: Definition) -> None:
    half = {NOTE: {"threats": "yes"}}

    assert [one.key for one in questions_for(danger, "visit", fresh(), half)] == [NOTE]  # type: ignore[arg-type]
