"""Agreed actions are read line by line, or refused with each field named, and found again in a state."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from protocols.action_answers import MOST_ACTIONS, AgreedAction, agreed_actions
from protocols.answers import read_answers
from protocols.definition import Definition
from protocols.engine import questions_for
from protocols.problems import AnswersError
from protocols.world import World
from tests.protocols.kinds.test_form import NOTE
from tests.protocols.small import small
from tests.protocols.walk import HOUR, Walk, fresh

ACTIONS = "      visit_note: {ask: Hvad blev aftalt?, type: actions}\n"
CALL = {"what": "Ring til skolen", "who": "keeper", "by": "2026-12-01"}
VISIT = {"what": "Tag på besøg", "who": "Naboen", "by": "2026-12-04"}


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    changes = [(NOTE, ACTIONS), ("modality: should", "modality: should\n    repeats: {at_most: 3}")]
    opens = ('answer.worried == "yes"\n', 'answer.worried == "yes" && rounds("visit") < 2\n')
    return small(Path(tmp_path_factory.mktemp("actions")), *changes, opens)


def read(definition: Definition, **raw: object) -> object:
    return read_answers(definition, "visit", fresh(), raw)["visit_note"]


def refused(definition: Definition, raw: dict[str, object]) -> dict[str, str]:
    with pytest.raises(AnswersError) as error:
        read_answers(definition, "visit", fresh(), raw)
    return error.value.problems


def test_actions_come_as_a_list_or_field_by_field_and_empty_lines_are_left_out(
    definition: Definition,
) -> None:
    fields = {f"visit_note.4.{part}": f" {value} " for part, value in VISIT.items()}
    empty = {f"visit_note.2.{part}": " " for part in VISIT}

    assert read(definition, visit_note=[CALL, VISIT]) == [CALL, VISIT]
    assert read(definition, visit_note=[CALL], **fields, **empty) == [CALL, VISIT]


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({}, "visit_note"),
        ({"visit_note": [{}]}, "visit_note"),
        ({"visit_note": "Ring"}, "visit_note"),
        ({"visit_note": ["Ring"]}, "visit_note.0"),
        ({"visit_note": [{**CALL, "what": ""}]}, "visit_note.0.what"),
        ({"visit_note": [{**CALL, "what": 3}]}, "visit_note.0.what"),
        ({"visit_note": [{**CALL, "what": "x" * 501}]}, "visit_note.0.what"),
        ({"visit_note": [{**CALL, "what": "to\nlinjer"}]}, "visit_note.0.what"),
        ({"visit_note": [CALL, {**CALL, "who": " "}]}, "visit_note.1.who"),
        ({"visit_note": [{**CALL, "who": "vendt \u202e"}]}, "visit_note.0.who"),
        ({"visit_note": [{**CALL, "by": "snart"}]}, "visit_note.0.by"),
        ({"visit_note": [{**CALL, "by": "20261201"}]}, "visit_note.0.by"),
        ({"visit_note": [{**CALL, "by": "2026-02-30"}]}, "visit_note.0.by"),
        ({"visit_note": [{**CALL, "by": "9999-12-31"}]}, "visit_note.0.by"),
        ({"visit_note": [{**CALL, "by": "0001-01-01"}]}, "visit_note.0.by"),
        ({"visit_note": [{**CALL, "where": "her"}]}, "visit_note.0.where"),
        ({"visit_note": [CALL], "visit_note.x.what": "Ring"}, "visit_note.x.what"),
        ({"visit_note": [CALL] * (MOST_ACTIONS + 1)}, "visit_note"),
    ],
)
def test_an_action_that_cannot_be_used_is_named_by_its_field(
    definition: Definition, raw: dict[str, object], field: str
) -> None:
    problems = refused(definition, raw)

    assert list(problems) == [field]
    assert problems[field].endswith(".")


def test_conditions_see_how_many_actions_were_agreed(definition: Definition) -> None:
    walk = Walk(definition)
    assert World(definition, walk.state).answer("visit_note") == 0

    walk.complete("talk", worried="yes")
    walk.complete("visit", visit_note=[CALL, VISIT])

    assert World(definition, walk.state).answer("visit_note") == 2


def test_a_round_keeps_the_actions_that_were_agreed_when_it_opened(definition: Definition) -> None:
    walk = Walk(definition)
    walk.complete("talk", worried="yes")
    walk.complete("visit", visit_note=[CALL])
    opened_at = walk.now
    walk.complete("visit", visit_note=[VISIT])

    then = agreed_actions(definition, walk.state, "visit_note", opened_at=opened_at)
    now = agreed_actions(definition, walk.state, "visit_note", opened_at=opened_at + HOUR)

    assert then == (AgreedAction("1", "Ring til skolen", "keeper", date(2026, 12, 1)),)
    assert now == agreed_actions(definition, walk.state, "visit_note")
    assert [one.what for one in now] == ["Tag på besøg"]
    assert agreed_actions(definition, walk.state, "visit_note", opened_at=opened_at - HOUR) == ()


def test_while_actions_are_typed_their_question_is_asked(definition: Definition) -> None:
    assert [one.key for one in questions_for(definition, "visit", fresh(), {"visit_note": "x"})] == [
        "visit_note"
    ]
