"""The ways through the three definitions that ship: which step opens after which answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlepligt.domain.vocabulary import StepStatus
from protocols.engine import computed_facts, deadlines_of, ends, openings, receivers, refusals
from protocols.kinds.rule import Act
from tests.protocols.walk import TRACKS, Walk, fresh, track


@pytest.mark.parametrize("key", TRACKS)
def test_the_first_step_is_the_discussion_and_acute_can_be_pressed_from_the_first_second(key: str) -> None:
    walk = Walk(track(key), fresh(age=20, underretning_received="no"))

    assert walk.open_steps == ["discuss"]
    walk.press_acute()

    assert walk.open_steps == ["discuss", "acute"]


@pytest.mark.parametrize("key", TRACKS)
def test_acute_can_come_again_and_leaves_the_other_steps_open(key: str) -> None:
    walk = Walk(track(key), fresh(underretning_received="no"))
    walk.press_acute()
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    assert "acute" not in walk.open_steps

    walk.press_acute()

    assert [step.round for step in walk.state.rounds("acute")] == [1, 2]
    assert {"discuss", "acute", "safety_acceptance"} <= set(walk.open_steps)


@pytest.mark.parametrize("key", TRACKS)
def test_no_longer_concerned_leaves_only_the_way_out(key: str) -> None:
    walk = Walk(track(key), fresh(underretning_received="no"))
    walk.complete("discuss")
    walk.complete("siblings", other_children="no")

    walk.complete("assess", still_concerned="no")

    assert walk.open_steps == ["conclude"]
    assert "not_concerned" in [end.key for end in ends(walk.definition, walk.state)]
    assert refusals(walk.definition, walk.state, Act.CLOSE) == ()


@pytest.mark.parametrize("key", TRACKS)
def test_a_second_look_that_ends_the_concern_drops_what_was_open(key: str) -> None:
    walk = Walk(track(key), fresh(underretning_received="no"))
    walk.complete("discuss")
    walk.complete("siblings", other_children="no")
    walk.complete("assess", still_concerned="yes", safety_plan_needed="yes")
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    walk.complete("safety_acceptance")
    walk.complete("safety_assessment", acute_is_over="yes")
    assert "assess" in walk.open_steps

    walk.complete("assess", still_concerned="no")

    assert {"conclude"} <= set(walk.open_steps) <= {"conclude", "action_plan"}
    assert "safety_plan" not in walk.open_steps


def test_acute_during_the_way_out_takes_the_case_back() -> None:
    walk = Walk(track("adviser_over_18"), fresh(age=25))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="no")

    walk.press_acute()

    assert "conclude" not in walk.open_steps
    assert {one.rule for one in refusals(walk.definition, walk.state, Act.CLOSE)} >= {"acute_before_close"}


def test_after_an_underretning_the_professional_keeps_the_duty_until_it_is_taken_over() -> None:
    walk = Walk(track("professional"), fresh(age=16))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="yes")
    walk.complete("underretning_decision", underretning_needed="yes")
    walk.complete("underretning", underretning_made_at="2026-12-01T09:00:00+01:00")
    assert {"hand_over", "danger_assessment", "acknowledge_underretning"} <= set(walk.open_steps)
    assert walk.refused("danger_assessment") == ["hand_over_first"]
    [danger] = deadlines_of(walk.definition, "danger_assessment", walk.state)
    assert danger.base.isoformat() == "2026-12-01T08:00:00+00:00"

    walk.state = replace(walk.state, handed_over_at=walk.now)
    walk.settle()

    assert "hand_over" not in walk.open_steps
    assert walk.refused("danger_assessment") == []


@pytest.mark.parametrize(
    ("age", "expected"), [(17, "receiver_child"), (None, "receiver_child"), (18, "receiver_adult")]
)
def test_the_duty_goes_to_the_pool_of_the_citizens_age(age: int | None, expected: str) -> None:
    definition = track("professional")

    assert receivers(definition, fresh(age=age)) == (expected,)


@pytest.mark.parametrize(("age", "opens"), [(17, True), (None, True), (18, False)])
def test_only_for_minors_an_underretning_is_considered(age: int | None, opens: bool) -> None:
    walk = Walk(track("professional"), fresh(age=age))
    walk.complete("discuss")

    walk.complete("assess", still_concerned="yes")

    assert ("underretning_decision" in walk.open_steps) is opens
    assert computed_facts(walk.definition, walk.state)["minor"] == ("yes" if opens else "no")


@pytest.mark.parametrize("key", TRACKS)
def test_a_closed_case_opens_nothing(key: str) -> None:
    assert openings(track(key), replace(fresh(), closed=True)) == ()


def test_a_lapsed_step_says_why() -> None:
    walk = Walk(track("adviser_under_18"), fresh(underretning_received="no"))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="yes")
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    walk.complete("safety_acceptance")
    walk.complete("safety_assessment", acute_is_over="yes")
    walk.complete("assess", still_concerned="no")

    assert walk.state.rounds("child_conversation")[0].status is StepStatus.NOT_APPLICABLE
    assert walk.definition.steps["child_conversation"].lapse_reason == "I er ikke længere bekymrede."
