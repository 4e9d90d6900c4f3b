"""The kernel's questions about a state, on a small invented definition."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from handlepligt.domain.vocabulary import StepStatus
from protocols.definition import Definition
from protocols.engine import (
    authority_may_take_over,
    case_deadlines,
    computed_facts,
    deadlines_of,
    effects,
    initial_steps,
    lapses,
    met,
    modality,
    openings,
    phase,
    questions_for,
)
from protocols.loader import Library, library
from protocols.problems import UnknownDefinitionError, UnknownStepError
from protocols.state import StepState
from tests.protocols.small import small
from tests.protocols.walk import FRIDAY, HOUR, Walk, fresh


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return small(Path(tmp_path_factory.mktemp("small")))


def test_a_fresh_case_opens_its_first_steps_with_round_one(definition: Definition) -> None:
    assert [(one.step.key, one.round) for one in initial_steps(definition, fresh())] == [("talk", 1)]


def test_what_is_open_is_not_opened_again(definition: Definition) -> None:
    walk = Walk(definition)

    assert openings(definition, walk.state) == ()


def test_steps_open_side_by_side_in_the_order_of_the_file(definition: Definition) -> None:
    walk = Walk(definition)
    walk.press_acute()

    walk.complete("talk", worried="yes")

    assert walk.open_steps == ["alarm", "visit"]


def test_an_answer_presses_acute_and_another_ends_it(definition: Definition) -> None:
    pressed = effects(definition, "talk", {"danger": "yes", "worried": "no"})
    calm = effects(definition, "alarm", {"calm": "yes"})

    assert (pressed.acute, pressed.acute_over) == (True, False)
    assert (calm.acute, calm.acute_over) == (False, True)


def test_the_next_follow_up_is_read_from_its_answer() -> None:
    real = library().latest("adviser_under_18")

    done = effects(real, "follow_up", {"followup_outcome": "continue", "next_followup_on": "2026-12-18"})

    assert done.next_followup == date(2026, 12, 18)


def test_an_open_round_falls_away_with_its_reason(definition: Definition) -> None:
    walk = Walk(definition)
    walk.complete("talk", worried="no")
    state = replace(
        walk.state,
        steps=(*walk.state.steps, StepState("alarm", 1, StepStatus.OPEN, walk.now)),
        acute_presses=1,
    )

    [(fallen, reason)] = lapses(definition, state)

    assert (fallen.key, reason) == ("finish", "Der er slået alarm.")


def test_questions_follow_what_has_been_answered_so_far(definition: Definition) -> None:
    yes = [one.key for one in questions_for(definition, "talk", fresh(), {"worried": "yes"})]
    no = [one.key for one in questions_for(definition, "talk", fresh(), {"worried": "no"})]

    assert "why" in yes
    assert "why" not in no


def test_only_the_latest_round_speaks(definition: Definition) -> None:
    told = [
        StepState("talk", 1, StepStatus.DONE, FRIDAY, FRIDAY, {"worried": "yes"}),
        StepState("talk", 2, StepStatus.DONE, FRIDAY, FRIDAY, {"worried": "no"}),
        StepState("talk", 3, StepStatus.OPEN, FRIDAY),
    ]

    once = openings(definition, replace(fresh(), steps=tuple(told[:1])))
    assert [one.step.key for one in once] == ["visit"]
    assert [one.step.key for one in openings(definition, replace(fresh(), steps=tuple(told)))] == ["finish"]


@pytest.mark.parametrize(("age", "child"), [(17, "yes"), (18, "no"), (None, "yes")])
def test_an_unknown_age_is_read_the_safe_way(definition: Definition, age: int | None, child: str) -> None:
    assert computed_facts(definition, fresh(age=age))["child"] == child


def test_an_unanswered_or_unknown_fact_has_its_safe_reading(definition: Definition) -> None:
    assert computed_facts(definition, fresh())["urgent"] == "yes"
    assert computed_facts(definition, fresh(urgent="unknown"))["urgent"] == "yes"
    assert computed_facts(definition, fresh(urgent="no"))["urgent"] == "no"


def test_a_deadline_counts_from_another_steps_end(definition: Definition) -> None:
    walk = Walk(definition)
    walk.complete("talk", worried="yes")

    [visited] = deadlines_of(definition, "visit", walk.state)

    assert visited.base == FRIDAY + HOUR
    assert str(visited.offset) == "2 months"


def test_a_deadline_of_a_step_about_to_open_counts_from_that_instant(definition: Definition) -> None:
    later = FRIDAY + timedelta(days=1)

    [rung] = deadlines_of(definition, "alarm", fresh(), opened_at=later)

    assert (rung.base, rung.at_once, rung.ladder) == (later, True, None)


def test_a_deadline_is_met_when_its_step_is_settled(definition: Definition) -> None:
    walk = Walk(definition)
    assert not met(definition, walk.state, "talked", step_key="talk")

    walk.complete("talk")

    assert met(definition, walk.state, "talked", step_key="talk")


def test_deadlines_of_the_case_stand_beside_those_of_steps(tmp_path: Path) -> None:
    whole = small(
        tmp_path,
        (
            "rules:\n",
            "deadlines:\n"
            '  overall: {base: awareness, within: 6 months, basis: local, met_by: done("visit")}\n\nrules:\n',
        ),
    )

    [overall] = case_deadlines(whole, fresh())

    assert (overall.key, overall.step, overall.base) == ("overall", None, FRIDAY)
    assert not met(whole, fresh(), "overall", step_key=None)


def test_a_modality_can_depend_on_facts(tmp_path: Path) -> None:
    whole = small(
        tmp_path,
        (
            "    modality: should",
            "    modality:\n      - {when: 'fact.child == \"yes\"', then: must}\n      - {then: may}",
        ),
    )

    assert modality(whole, "visit", fresh(age=9)) == "must"
    assert modality(whole, "visit", fresh(age=30)) == "may"


def test_the_phase_is_the_furthest_of_the_open_steps(definition: Definition) -> None:
    walk = Walk(definition)
    assert phase(definition, fresh()) == phase(definition, walk.state) == "received"

    walk.complete("talk", worried="yes")
    assert phase(definition, walk.state) == "in_progress"
    walk.complete("visit")

    assert phase(definition, walk.state) == "follow_up"


def test_an_authority_takes_over_only_where_the_definition_lets_it(definition: Definition) -> None:
    real = library().latest("professional")

    assert not authority_may_take_over(definition, fresh())
    assert not authority_may_take_over(real, fresh())
    walk = Walk(real)
    walk.complete("discuss")
    assert authority_may_take_over(real, walk.state)


def test_unknown_steps_and_definitions_are_errors_of_their_own(definition: Definition) -> None:
    shelf = Library([definition])

    with pytest.raises(UnknownStepError):
        deadlines_of(definition, "stranger", fresh())
    with pytest.raises(UnknownDefinitionError):
        shelf.get("small", "1999-1")
    with pytest.raises(UnknownDefinitionError):
        shelf.latest("stranger")


def test_the_newest_version_is_the_highest_number_not_the_last_letter(tmp_path: Path) -> None:
    versions = []
    for version in ("2026-9", "2026-10"):
        folder = tmp_path / version
        folder.mkdir()
        versions.append(small(folder, ('version: "2026-1"', f'version: "{version}"')))

    assert Library(versions).latest("small").version == "2026-10"
