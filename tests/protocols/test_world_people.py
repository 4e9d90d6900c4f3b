"""What conditions may ask about linked people, calls, roles, joins, passed deadlines and windows of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from protocols.conditions import read_condition
from protocols.definition import Definition
from protocols.state import AnswerValue, CallState, CaseState, PersonState, StepState, StepStatus
from protocols.world import World
from tests.protocols.family import (
    EXPIRING,
    NONE_OPEN,
    PER_SIBLING,
    RELATIONS,
    WAITS_FOR_BOTH,
    WITH_CALL,
    WITH_JOIN,
    visit_opens,
)
from tests.protocols.small import small
from tests.protocols.walk import FRIDAY, HOUR, fresh

DAY = timedelta(days=1)
ADA, BO, CAI = (
    PersonState("ada", "sibling", {"at_home": "no"}),
    PersonState("bo", "sibling"),
    PersonState("cai", "partner"),
)


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    asks = visit_opens('done("talk") && !expired("visit.visited")', "repeats: {at_most: 9}")
    changes = (RELATIONS, WITH_CALL, WITH_JOIN, WAITS_FOR_BOTH, EXPIRING, asks)
    return small(Path(tmp_path_factory.mktemp("small")), *changes)


def says(definition: Definition, source: str, state: CaseState, person: str = "") -> object:
    return World(definition, state, person=person).value(read_condition(source))


def a_round(
    key: str,
    settled: int | None = None,
    number: int = 1,
    person: str = "",
    answers: dict[str, AnswerValue] | None = None,
) -> StepState:
    """A round, still open or done so many hours after Friday."""
    if settled is None:
        return StepState(key, number, StepStatus.OPEN, FRIDAY, person=person)
    done = FRIDAY + settled * HOUR
    return StepState(key, number, StepStatus.DONE, FRIDAY, done, answers or {}, person)


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ('people("sibling")', 2),
        ('people("partner")', 1),
        ('people("anyone")', 3),
        ('people_with("at_home", "no")', 1),
        ('people_with("at_home", "yes")', 1),
    ],
)
def test_people_are_counted_by_relation_and_by_what_is_known_of_them(
    source: str, count: int, definition: Definition
) -> None:
    state = replace(fresh(), people=(ADA, BO, CAI))

    assert says(definition, source, state) == count


def test_a_join_waits_for_the_branches_that_have_opened(definition: Definition) -> None:
    talked = a_round("talk", 1)
    stages = [
        ((), False),
        ((a_round("talk"),), False),
        ((talked,), True),
        ((talked, a_round("visit")), False),
        ((talked, a_round("visit", 2), a_round("call")), False),
        ((talked, a_round("visit", 2), a_round("call", 3)), True),
        ((talked, a_round("visit", 2)), True),
    ]

    for steps, met in stages:
        assert says(definition, 'joined("both")', replace(fresh(), steps=steps)) is met, steps


def test_a_branch_that_fell_away_counts_as_settled(definition: Definition) -> None:
    fallen = replace(a_round("visit", 2), status=StepStatus.NOT_APPLICABLE)
    state = replace(fresh(), steps=(a_round("talk", 1), fallen, a_round("call", 2)))

    assert says(definition, 'joined("both")', state) is True


def test_a_deadline_that_passed_is_known_of_the_latest_round_only(definition: Definition) -> None:
    passed = frozenset({("visit", 1, "", "visited")})
    first = replace(fresh(), steps=(a_round("visit"),), expired=passed)
    second = replace(first, steps=(a_round("visit", 1), a_round("visit", None, 2)))

    assert says(definition, 'expired("visit.visited")', first) is True
    assert says(definition, 'expired("visit.visited")', second) is False


def test_rounds_are_counted_in_a_window_that_moves_with_the_time(definition: Definition) -> None:
    steps = (a_round("visit", 1), replace(a_round("visit", 1, 2), opened_at=FRIDAY + 5 * DAY))
    state = replace(fresh(), steps=steps)

    counts = [
        says(definition, 'count_within("visit", "7 days")', replace(state, now=FRIDAY + days * DAY))
        for days in (6, 7, 12)
    ]

    assert counts == [2, 1, 0]


def test_a_role_is_passed_over_when_that_is_on_record(definition: Definition) -> None:
    assert says(definition, 'bypassed("boss")', fresh()) is False
    assert says(definition, 'bypassed("boss")', replace(fresh(), bypassed=frozenset({"boss"}))) is True


def test_calls_count_until_somebody_answers(definition: Definition) -> None:
    outcomes = ["no_answer", "busy", "answered", "message_left"]
    calls = tuple(CallState("hotline", one, FRIDAY + at * HOUR) for at, one in enumerate(outcomes))
    other = CallState("other", "no_answer", FRIDAY)

    seen = [
        (says(definition, 'reached("hotline")', state), says(definition, 'unanswered("hotline")', state))
        for state in (replace(fresh(), calls=(other, *calls[:made])) for made in range(5))
    ]

    assert seen == [(False, 0), (False, 1), (False, 2), (True, 0), (True, 1)]


def test_a_person_is_spoken_of_in_the_safe_reading(definition: Definition) -> None:
    state = replace(fresh(), people=(ADA, BO))

    assert says(definition, 'person.at_home == "no"', state, "ada") is True
    assert says(definition, 'person.at_home == "yes"', state, "bo") is True


def test_a_step_of_each_person_speaks_of_that_person_and_elsewhere_of_all(tmp_path: Path) -> None:
    definition = small(tmp_path, RELATIONS, PER_SIBLING, NONE_OPEN)
    visited = a_round("visit", 1, person="ada", answers={"visit_note": "Fint."})
    state = replace(fresh(), people=(ADA, BO, CAI), steps=(visited, a_round("visit", person="bo")))
    asked = ['done("visit")', 'settled("visit")', 'is_open("visit")', 'answer.visit_note == "Fint."']

    seen = {
        person: [says(definition, one, state, person) for one in [*asked, 'rounds("visit")']]
        for person in ("ada", "bo", "cai", "")
    }

    assert seen["ada"] == [True, True, False, True, 1]
    assert seen["bo"] == [False, False, True, False, 1]
    # The step has no line for a partner, to whom it is everybody's.
    assert seen["cai"] == seen[""] == [True, False, True, True, 2]


FORM = """\
forms:
  danger:
    title: Fare
    items:
      threats: {ask: Trusler?, choices: {no: {label: Nej, score: 0}, yes: {label: Ja, score: 2}}}
    bands: {low: {title: Lav, from: 0}, high: {title: Høj, from: 2}}

steps:
"""


def test_the_score_of_a_form_is_unknown_until_it_is_filled_in(tmp_path: Path) -> None:
    asked = (
        "      talked_on:\n",
        "      how: {ask: Hvor farligt?, type: form, form: danger}\n      talked_on:\n",
    )
    definition = small(tmp_path, ("steps:\n", FORM), asked)
    filled = a_round(
        "talk", 1, answers={"how": {"items": {"threats": {"": "yes"}}, "score": 2, "band": "high"}}
    )

    assert says(definition, 'score("how") == null', fresh()) is True
    assert says(definition, 'score("how") >= 2', replace(fresh(), steps=(filled,))) is True


@pytest.mark.parametrize(("second", "differs"), [("yes", False), ("no", True)])
def test_two_assessors_differ_when_an_answer_does(second: str, differs: bool, tmp_path: Path) -> None:
    assessor = (
        "    decisions:\n",
        "    second_assessor: {role: boss, questions: [worried], within: 2 days}\n    decisions:\n",
    )
    definition = small(tmp_path, assessor)
    first = a_round("talk", 1, answers={"worried": "yes"})
    again = a_round("talk_second", 2, answers={"worried_second": second})

    assert says(definition, 'differs("talk")', replace(fresh(), steps=(first,))) is False
    assert says(definition, 'differs("talk")', replace(fresh(), steps=(first, again))) is differs
