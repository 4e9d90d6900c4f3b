"""Which steps come again after an acute action, and which have taken it into account already."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from protocols.state import StepStatus
from tests.protocols.walk import TRACKS, Walk, fresh, track

# Each of these answers for what the one before it found.
CHAIN = ("acute", "safety_acceptance", "safety_assessment", "assess")
RENEWED_BY_ASSESS = [
    *((key, "safety_plan", {"safety_plan_needed": "yes"}) for key in TRACKS),
    ("adviser_over_18", "ordinary_letter", {"invite_by_letter": "yes"}),
]
SAFE_PLACE = [("adviser_under_18", "interim_measures"), ("adviser_over_18", "safe_stay")]


def discussed(key: str) -> Walk:
    """A case in which the assessment is open and nothing else of the chain has happened."""
    walk = Walk(track(key), fresh(underretning_received="no"))
    walk.complete("discuss")
    walk.complete("siblings", other_children="no")
    return walk


def calmed(walk: Walk, **found: str) -> None:
    """Acute pressed, and led through to the end of the danger."""
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    walk.complete("safety_acceptance")
    walk.complete("safety_assessment", acute_is_over="yes", **found)


def answered(walk: Walk, step: str, *, over: str = "yes") -> None:
    """One step of the chain completed, with the danger over or not."""
    answers = {
        "acute": {"responsible_reached": "yes"},
        "safety_assessment": {"acute_is_over": over},
        "assess": {"still_concerned": "yes"},
    }
    walk.complete(step, **answers.get(step, {}))


def rounds(walk: Walk, key: str) -> int:
    return len(walk.state.rounds(key))


@pytest.mark.parametrize("key", TRACKS)
def test_an_assessment_completed_after_the_safety_assessment_is_not_asked_for_again(key: str) -> None:
    walk = discussed(key)
    calmed(walk)

    walk.complete("assess", still_concerned="yes")

    assert rounds(walk, "assess") == 1


@pytest.mark.parametrize("key", TRACKS)
def test_an_assessment_completed_while_it_was_acute_is_made_again_when_it_is_over(key: str) -> None:
    walk = discussed(key)
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    walk.complete("assess", still_concerned="yes")
    assert rounds(walk, "assess") == 1

    walk.complete("safety_acceptance")
    walk.complete("safety_assessment", acute_is_over="yes")

    assert rounds(walk, "assess") == 2
    assert "assess" in walk.open_steps


@pytest.mark.parametrize("key", TRACKS)
def test_the_assessment_waits_until_a_safety_assessment_says_that_it_is_over(key: str) -> None:
    walk = discussed(key)
    walk.complete("assess", still_concerned="yes")
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    walk.complete("safety_acceptance")

    walk.complete("safety_assessment", acute_is_over="no")
    assert rounds(walk, "assess") == 1
    walk.complete("safety_assessment", acute_is_over="yes")

    assert rounds(walk, "assess") == 2


@pytest.mark.parametrize("key", TRACKS)
def test_an_assessment_opened_during_a_second_acute_action_is_made_again_after_it(key: str) -> None:
    walk = discussed(key)
    walk.complete("assess", still_concerned="yes")
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    walk.complete("safety_acceptance")
    walk.press_acute()
    walk.complete("safety_assessment", acute_is_over="yes")
    walk.complete("assess", still_concerned="yes")
    assert rounds(walk, "assess") == 2

    walk.complete("acute", responsible_reached="yes")
    walk.complete("safety_acceptance")
    walk.complete("safety_assessment", acute_is_over="yes")

    assert rounds(walk, "assess") == 3


@pytest.mark.parametrize("key", TRACKS)
def test_an_acceptance_given_after_two_acute_actions_is_for_both(key: str) -> None:
    walk = discussed(key)
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")

    walk.complete("safety_acceptance")

    assert (rounds(walk, "acute"), rounds(walk, "safety_acceptance")) == (2, 1)
    assert "safety_assessment" in walk.open_steps


@pytest.mark.parametrize("key", TRACKS)
@pytest.mark.parametrize(("before_the_second_acceptance", "expected"), [(True, 2), (False, 1)])
def test_a_safety_assessment_is_made_again_unless_it_came_after_the_second_acceptance(
    key: str, before_the_second_acceptance: bool, expected: int
) -> None:
    walk = discussed(key)
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    walk.complete("safety_acceptance")
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    order = ["safety_assessment", "safety_acceptance"]

    for step in order if before_the_second_acceptance else reversed(order):
        answered(walk, step)

    assert rounds(walk, "safety_assessment") == expected


@pytest.mark.parametrize("key", TRACKS)
def test_a_follow_up_that_ends_after_the_second_assessment_leads_to_the_way_out(key: str) -> None:
    walk = discussed(key)
    walk.complete("assess", still_concerned="yes")
    calmed(walk)
    walk.complete("assess", still_concerned="yes")

    walk.complete("follow_up", followup_outcome="may_end")

    assert rounds(walk, "follow_up") == 1
    assert "conclude" in walk.open_steps


@pytest.mark.parametrize("key", TRACKS)
def test_a_follow_up_that_ended_before_the_second_assessment_comes_again(key: str) -> None:
    walk = discussed(key)
    walk.complete("assess", still_concerned="yes")
    walk.complete("follow_up", followup_outcome="may_end")
    calmed(walk)

    walk.complete("assess", still_concerned="yes")

    assert "follow_up" in walk.open_steps
    assert "conclude" not in walk.open_steps


@pytest.mark.parametrize(("key", "step", "wanted"), RENEWED_BY_ASSESS)
@pytest.mark.parametrize(("before_the_second_assessment", "expected"), [(True, 2), (False, 1)])
def test_what_an_assessment_asks_for_is_done_once_for_each_assessment_it_did_not_know(
    key: str, step: str, wanted: dict[str, str], before_the_second_assessment: bool, expected: int
) -> None:
    walk = discussed(key)
    walk.complete("assess", still_concerned="yes", **wanted)
    calmed(walk)

    if before_the_second_assessment:
        walk.complete(step)
    walk.complete("assess", still_concerned="yes", **wanted)
    if not before_the_second_assessment:
        walk.complete(step)

    assert rounds(walk, step) == expected


@pytest.mark.parametrize(("key", "step"), SAFE_PLACE)
def test_a_safe_place_is_sought_again_when_the_next_safety_assessment_still_needs_one(
    key: str, step: str
) -> None:
    walk = discussed(key)
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes")
    walk.complete("safety_acceptance")
    walk.complete("safety_assessment", acute_is_over="no", safe_stay_needed="yes")
    walk.complete(step)
    assert rounds(walk, step) == 1

    walk.complete("safety_assessment", acute_is_over="yes", safe_stay_needed="yes")

    assert rounds(walk, step) == 2


@pytest.mark.parametrize(("key", "step"), SAFE_PLACE)
def test_a_safe_place_sought_after_the_second_safety_assessment_is_not_sought_again(
    key: str, step: str
) -> None:
    walk = discussed(key)
    calmed(walk, safe_stay_needed="yes")
    calmed(walk, safe_stay_needed="yes")

    walk.complete(step)

    assert rounds(walk, step) == 1


@pytest.mark.parametrize("key", TRACKS)
@settings(max_examples=40, deadline=None)
@given(acts=st.lists(st.integers(0, 11), max_size=14))
def test_in_whatever_order_each_acute_action_is_answered_for_all_the_way(key: str, acts: list[int]) -> None:
    walk = discussed(key)

    for act in acts:
        able = [step for step in CHAIN if step in walk.open_steps]
        if act % 3 == 0 or not able:
            walk.press_acute()
        else:
            answered(walk, able[act % len(able)], over="no" if act % 4 == 1 else "yes")
    while able := [step for step in CHAIN if step in walk.open_steps]:
        answered(walk, able[0])

    last = [found[-1] for step in CHAIN if (found := walk.state.rounds(step))]
    assert {one.status for one in last} == {StepStatus.DONE}
    settled = [one.settled_at for one in last if one.settled_at is not None]
    assert settled == sorted(settled)
    assert walk.state.acute_on is False
