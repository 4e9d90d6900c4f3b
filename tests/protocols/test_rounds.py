"""Which rounds open and fall away: one line for each linked person, and none before what it waits for."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from protocols.definition import Definition
from protocols.engine import lapses, left_undone, modality, openings
from protocols.kinds.step import Modality
from protocols.rounds import UNLINKED_REASON, is_beyond
from protocols.state import CaseState, PersonState, StepState, StepStatus
from tests.protocols.family import (
    NONE_OPEN,
    PER_SIBLING,
    RELATIONS,
    WAITS_FOR_BOTH,
    WITH_CALL,
    WITH_JOIN,
    comes_back,
    visit_opens,
)
from tests.protocols.small import small
from tests.protocols.walk import FRIDAY, HOUR, fresh

ADA, BO, CAI = (
    PersonState("ada", "sibling", {"at_home": "no"}),
    PersonState("bo", "sibling"),
    PersonState("cai", "partner"),
)
TALKED = StepState("talk", 1, StepStatus.DONE, FRIDAY, FRIDAY + HOUR, {"worried": "yes"})


def opened(state: CaseState, definition: Definition) -> list[str]:
    return [one.step.key for one in openings(definition, state)]


def visits(state: CaseState, definition: Definition) -> list[tuple[int, str]]:
    """The round and the person of each visit that opens."""
    due = openings(definition, state)
    return [(one.round, one.person) for one in due if one.step.key == "visit"]


def test_a_step_opens_for_each_person_of_whom_its_condition_holds(tmp_path: Path) -> None:
    definition = small(tmp_path, RELATIONS, PER_SIBLING, NONE_OPEN)
    dan = PersonState("dan", "sibling", {"at_home": "yes"})
    state = replace(fresh(), people=(ADA, BO, CAI, dan), steps=(TALKED,))

    assert visits(state, definition) == [(1, "bo"), (1, "dan")]


def test_a_step_about_anyone_opens_for_every_relation(tmp_path: Path) -> None:
    anyone = (PER_SIBLING[0], 'opens_when: done("talk")\n    modality: should\n    per_person: anyone\n')
    state = replace(fresh(), people=(ADA, CAI), steps=(TALKED,))

    assert visits(state, small(tmp_path, RELATIONS, anyone, NONE_OPEN)) == [(1, "ada"), (1, "cai")]


def test_rounds_are_counted_for_each_person_by_themselves(tmp_path: Path) -> None:
    again = (PER_SIBLING[0], PER_SIBLING[1].replace('"yes"\n', '"yes" && rounds("visit") < 2\n'))
    repeats = ("per_person: sibling\n", "per_person: sibling\n    repeats: {at_most: 9}\n")
    definition = small(tmp_path, RELATIONS, again, repeats, NONE_OPEN)
    visited = StepState("visit", 1, StepStatus.DONE, FRIDAY, FRIDAY + 2 * HOUR, person="bo")
    dan = PersonState("dan", "sibling")
    state = replace(fresh(), people=(BO, dan), steps=(TALKED, visited))

    assert visits(state, definition) == [(2, "bo"), (1, "dan")]


def visited(*rounds: int, person: str = "") -> tuple[StepState, ...]:
    at = FRIDAY + 2 * HOUR
    return tuple(StepState("visit", one, StepStatus.DONE, at, at + HOUR, person=person) for one in rounds)


def test_a_round_that_is_needed_opens_beyond_the_bound_and_says_so(tmp_path: Path) -> None:
    definition = small(tmp_path, *comes_back(at_most=2))

    due = [
        openings(definition, replace(fresh(), steps=(TALKED, *visited(*range(1, number)))))
        for number in (1, 2, 3, 9)
    ]

    assert [(one.round, one.is_beyond) for (one,) in due] == [(1, False), (2, False), (3, True), (9, True)]


def test_a_line_that_went_beyond_already_is_left_out_and_only_that_line(tmp_path: Path) -> None:
    lines = ("per_person: sibling", "repeats: {at_most: 2}")
    again = visit_opens('done("talk") && person.at_home == "yes" && answer.visit_note != "enough"', *lines)
    definition = small(tmp_path, RELATIONS, again, NONE_OPEN)
    dan = PersonState("dan", "sibling", {"at_home": "yes"})
    steps = (TALKED, *visited(1, 2, person="bo"), *visited(1, 2, person="dan"))
    state = replace(fresh(), people=(BO, dan), steps=steps)

    assert visits(state, definition) == [(3, "bo"), (3, "dan")]
    left = openings(definition, state, without={("visit", "bo")})
    assert [(one.round, one.person) for one in left if one.step.key == "visit"] == [(3, "dan")]


def test_a_round_within_the_bound_opens_whatever_is_left_out(tmp_path: Path) -> None:
    definition = small(tmp_path, *comes_back(at_most=2))
    state = replace(fresh(), steps=(TALKED, *visited(1)))

    [due] = openings(definition, state, without={("visit", "")})

    assert (due.round, due.is_beyond) == (2, False)


def test_a_step_that_may_not_come_back_never_goes_beyond(tmp_path: Path) -> None:
    definition = small(tmp_path, NONE_OPEN)

    assert visits(replace(fresh(), steps=(TALKED, *visited(1))), definition) == []
    assert not is_beyond(definition.steps["visit"], 2)


def test_a_round_falls_away_for_its_own_person_only(tmp_path: Path) -> None:
    moved = ("per_person: sibling\n", 'per_person: sibling\n    lapses_when: person.at_home == "no"\n')
    definition = small(tmp_path, RELATIONS, PER_SIBLING, NONE_OPEN, moved)
    rounds = tuple(StepState("visit", 1, StepStatus.OPEN, FRIDAY, person=one.id) for one in (ADA, BO))

    fallen = lapses(definition, replace(fresh(), people=(ADA, BO), steps=rounds))

    assert [round_.person for round_, _ in fallen] == ["ada"]


def test_a_round_about_somebody_no_longer_linked_falls_away(tmp_path: Path) -> None:
    definition = small(tmp_path, RELATIONS, PER_SIBLING, NONE_OPEN)
    rounds = tuple(StepState("visit", 1, StepStatus.OPEN, FRIDAY, person=one.id) for one in (ADA, BO))

    fallen = lapses(definition, replace(fresh(), people=(BO,), steps=rounds))

    assert [(round_.person, reason) for round_, reason in fallen] == [("ada", UNLINKED_REASON)]


def test_what_binds_for_one_person_keeps_the_case_open(tmp_path: Path) -> None:
    binds = 'modality: [{when: person.at_home == "yes", then: must}, {then: may}]\n    per_person'
    definition = small(
        tmp_path, RELATIONS, PER_SIBLING, NONE_OPEN, ("modality: should\n    per_person", binds)
    )
    rounds = tuple(StepState("visit", 1, StepStatus.OPEN, FRIDAY, person=one.id) for one in (ADA, BO))
    state = replace(fresh(), people=(ADA, BO), steps=rounds)

    assert modality(definition, "visit", state, person="ada") is Modality.MAY
    assert modality(definition, "visit", state, person="bo") is Modality.MUST
    assert [step.key for step in left_undone(definition, state, definition.ends["over"])] == ["visit"]
    only_ada = replace(state, steps=rounds[:1])
    assert left_undone(definition, only_ada, definition.ends["over"]) == ()


def test_what_comes_after_a_join_does_not_open_together_with_its_branches(tmp_path: Path) -> None:
    definition = small(tmp_path, WITH_CALL, WITH_JOIN, WAITS_FOR_BOTH)
    state = replace(fresh(), steps=(TALKED,))

    branches = opened(state, definition)
    done = tuple(StepState(key, 1, StepStatus.DONE, FRIDAY, FRIDAY + 2 * HOUR) for key in branches)

    assert branches == ["visit", "call"]
    assert opened(replace(state, steps=(TALKED, *done)), definition) == ["finish"]


def test_what_comes_after_a_join_opens_at_once_when_no_branch_does(tmp_path: Path) -> None:
    definition = small(tmp_path, WITH_CALL, WITH_JOIN, WAITS_FOR_BOTH)
    calm = replace(TALKED, answers={"worried": "no"})

    assert opened(replace(fresh(), steps=(calm,)), definition) == ["finish"]
