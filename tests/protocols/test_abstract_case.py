"""The cases of the walk keep the order of steps as real cases do."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.abstract_case import AbstractCase
from protocols.conditions import read_condition
from protocols.definition import Definition
from protocols.state import PersonState, StepState, StepStatus
from protocols.state_space import StateSpace
from protocols.world import World
from tests.protocols.family import EXPIRING, RELATIONS, WITH_CALL, WITH_JOIN, visit_opens
from tests.protocols.small import problems_of, small
from tests.protocols.test_refusals import FINISH_OPENS
from tests.protocols.walk import FRIDAY, HOUR, fresh

KEYS = ("alarm", "talk")
PAIRS = {KEYS, KEYS[::-1]}


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return small(Path(tmp_path_factory.mktemp("small")))


@given(turns=st.lists(st.sampled_from(KEYS), max_size=12))
def test_the_walk_and_the_kernel_agree_on_what_was_opened_and_settled_later(
    turns: list[str], definition: Definition
) -> None:
    case, steps = AbstractCase(), list[StepState]()

    # Each turn settles the step when it is open, and opens its next round when it is not.
    for hours, key in enumerate(turns):
        now, rounds = FRIDAY + hours * HOUR, [one for one in steps if one.key == key]
        if rounds and rounds[-1].status is StepStatus.OPEN:
            done = replace(rounds[-1], status=StepStatus.DONE, settled_at=now)
            steps[steps.index(rounds[-1])] = done
            case = case.with_ended(key, PAIRS, done=True)
        else:
            steps.append(StepState(key, len(rounds) + 1, StepStatus.OPEN, now))
            case = case.with_opened(key, PAIRS)

    world = World(definition, replace(fresh(), steps=tuple(steps)))
    assert case.settled_later == {pair for pair in PAIRS if world.settled_later(*pair)}
    assert case.later == {pair for pair in PAIRS if world.later(*pair)}


def test_a_step_that_waits_for_another_to_be_settled_later_is_found_to_open(tmp_path: Path) -> None:
    waits = FINISH_OPENS.replace('settled("visit")', 'settled_later("visit", "talk")')

    assert problems_of(tmp_path, (FINISH_OPENS, waits)) == []


ASKED = (
    'joined("both")',
    'expired("visit.visited")',
    'people("sibling") == 2',
    'people_with("at_home", "yes") == 1',
    'settled("visit")',
    'done("call") && !is_open("visit")',
)


@pytest.fixture(scope="module")
def branching(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    """The end looks at a join, at a deadline that can pass and at linked people."""
    counts = visit_opens('done("talk") && rounds("visit") == 0', "repeats: {at_most: 9}")
    waits = '(joined("both") || expired("visit.visited") || people_with("at_home", "yes") > 2)'
    ends = ('(answer.worried == "no" || settled("visit"))', waits)
    folder = Path(tmp_path_factory.mktemp("small"))
    return small(folder, RELATIONS, WITH_CALL, WITH_JOIN, EXPIRING, counts, ends)


@given(turns=st.lists(st.sampled_from(["talk", "visit", "call", "late", "sibling"]), max_size=14))
def test_the_walk_and_the_kernel_agree_on_joins_people_and_passed_deadlines(
    turns: list[str], branching: Definition
) -> None:
    space, case, state = StateSpace(branching), AbstractCase(), fresh()

    for hours, turn in enumerate(turns):
        now, rounds = FRIDAY + hours * HOUR, state.rounds(turn)
        if turn == "sibling":
            people = (*state.people, PersonState(str(hours), "sibling", {"at_home": "yes"}))
            state = replace(state, people=people)
            case = case.with_people("sibling", (("at_home", "yes"), ("number", len(people))))
        elif turn == "late":
            if latest := state.rounds("visit"):
                passed = ("visit", latest[-1].round, "", "visited")
                state = replace(state, expired=state.expired | {passed})
                case = case.with_expired("visit", "visited")
        elif rounds and rounds[-1].status is StepStatus.OPEN:
            done = replace(rounds[-1], status=StepStatus.DONE, settled_at=now)
            state = replace(state, steps=tuple(done if one == rounds[-1] else one for one in state.steps))
            case = case.with_ended(turn, (), done=True)
        else:
            opened = StepState(turn, len(rounds) + 1, StepStatus.OPEN, now)
            state = replace(state, steps=(*state.steps, opened))
            case = case.with_opened(turn, ())

    world = World(branching, state)
    for condition in map(read_condition, ASKED):
        assert space.world.results(condition, case) == {world.value(condition)}, str(condition)
