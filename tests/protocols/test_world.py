"""What conditions may ask about the rounds of steps: which was opened last, which was settled last."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from protocols.conditions import read_condition
from protocols.definition import Definition
from protocols.state import StepState, StepStatus
from protocols.world import World
from tests.protocols.small import small
from tests.protocols.walk import FRIDAY, HOUR, fresh

LATER = 'settled_later("alarm", "talk")'


@pytest.fixture(scope="module")
def definition(tmp_path_factory: pytest.TempPathFactory) -> Definition:
    return small(Path(tmp_path_factory.mktemp("small")))


def says(definition: Definition, source: str, *steps: StepState) -> bool:
    return World(definition, replace(fresh(), steps=steps)).value(read_condition(source)) is True


def a_round(key: str, settled: int | None, number: int = 1) -> StepState:
    """A round, still open or settled so many hours after Friday."""
    if settled is None:
        return StepState(key, number, StepStatus.OPEN, FRIDAY)
    return StepState(key, number, StepStatus.DONE, FRIDAY, FRIDAY + settled * HOUR)


@pytest.mark.parametrize(("alarm", "talk", "expected"), [(2, 1, True), (1, 2, False)])
def test_the_order_of_settling_counts_and_not_that_of_opening(
    alarm: int, talk: int, expected: bool, definition: Definition
) -> None:
    for steps in (
        (a_round("alarm", alarm), a_round("talk", talk)),
        (a_round("talk", talk), a_round("alarm", alarm)),
    ):
        assert says(definition, LATER, *steps) is expected


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (a_round("alarm", 1),),
        (a_round("talk", 1),),
        (a_round("talk", None), a_round("alarm", 1)),
        (a_round("talk", 1), a_round("alarm", None)),
        (a_round("talk", 1), a_round("alarm", 2), a_round("alarm", None, 2)),
    ],
)
def test_nothing_was_settled_later_while_one_of_the_two_is_not_settled(
    steps: tuple[StepState, ...], definition: Definition
) -> None:
    assert not says(definition, LATER, *steps)


def test_an_open_round_leaves_what_its_earlier_round_said(definition: Definition) -> None:
    steps = (a_round("talk", 1), a_round("talk", None, 2), a_round("alarm", 2))

    assert says(definition, LATER, *steps)


def test_a_round_that_fell_away_was_settled_too(definition: Definition) -> None:
    fallen = replace(a_round("alarm", 2), status=StepStatus.NOT_APPLICABLE)

    assert says(definition, LATER, a_round("talk", 1), fallen)


def test_of_two_settled_in_one_instant_the_one_opened_later_counts_as_later(definition: Definition) -> None:
    assert says(definition, LATER, a_round("talk", 1), a_round("alarm", 1))
    assert not says(definition, LATER, a_round("alarm", 1), a_round("talk", 1))


def test_the_order_of_opening_can_be_asked_for_as_well(definition: Definition) -> None:
    assert says(definition, 'later("alarm", "talk")', a_round("talk", 2), a_round("alarm", 1))
    assert not says(definition, 'later("talk", "alarm")', a_round("talk", 2), a_round("alarm", 1))
