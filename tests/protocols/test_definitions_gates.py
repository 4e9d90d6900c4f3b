"""The gates of the three definitions that ship: what must have happened before what."""

from __future__ import annotations

import itertools

import pytest

from protocols.engine import refusals
from protocols.kinds.rule import Act
from tests.protocols.walk import TRACKS, Walk, fresh, track


@pytest.mark.parametrize("key", TRACKS)
def test_the_leader_is_discussed_with_before_any_later_step(key: str) -> None:
    definition = track(key)
    for step in definition.steps:
        told = [one.rule for one in refusals(definition, fresh(), Act.COMPLETE, step_key=step, given={})]

        spared = step in definition.rules["discuss_first"].except_steps
        assert ("discuss_first" in told) != spared, step


@pytest.mark.parametrize("key", TRACKS)
def test_parents_and_network_wait_for_the_approved_risk_assessment(key: str) -> None:
    walk = Walk(track(key), fresh(underretning_received="no"))
    walk.complete("discuss")
    for question, partner in itertools.product(
        ("partners_to_involve", "partners_to_inform"), ("parents", "network")
    ):
        assert walk.refused("assess", still_concerned="yes", **{question: [partner]}) == [
            "risk_before_parents"
        ]

    walk.complete("assess", still_concerned="yes", partners_to_involve=["police"])
    walk.complete("risk_assessment", may_involve_parents="yes")

    assert walk.refused("follow_up", followup_partners=["parents"]) == []


def test_a_risk_assessment_that_says_no_keeps_the_parents_out() -> None:
    walk = Walk(track("adviser_under_18"), fresh(underretning_received="no"))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="yes")
    walk.complete("risk_assessment", may_involve_parents="no")

    assert walk.refused("follow_up", followup_partners=["parents"]) == ["risk_before_parents"]


def test_the_child_is_spoken_with_alone() -> None:
    walk = Walk(track("adviser_under_18"), fresh(underretning_received="no"))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="yes")

    for answers in ({"conversation_participants": ["parents"]}, {"interpreter": "network"}):
        assert walk.refused("child_conversation", **answers) == ["alone_with_child"]
    assert walk.refused("child_conversation", conversation_participants=["support_person"]) == []


def test_a_conversation_at_home_needs_a_reason() -> None:
    walk = Walk(track("adviser_over_18"), fresh(age=19))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="yes")

    assert walk.refused("citizen_conversation", meeting_place="home") == ["meeting_place"]
    assert walk.refused("citizen_conversation", meeting_place="home", home_reason="Kun dér.") == []


def test_acute_is_not_done_before_somebody_was_reached() -> None:
    for key, none_reached in (("adviser_under_18", {"out_of_hours_contact": ["police"]}),):
        walk = Walk(track(key), fresh(underretning_received="no"))
        walk.press_acute()
        assert walk.refused("acute", responsible_reached="no", **none_reached) == []
    walk = Walk(track("adviser_over_18"), fresh(age=30))
    walk.press_acute()
    rule = refusals(
        walk.definition, walk.state, Act.COMPLETE, step_key="acute", given={"responsible_reached": "no"}
    )

    assert [one.rule for one in rule] == ["nobody_reached"]


def test_the_duty_service_is_for_children_only() -> None:
    adult, child = (Walk(track("professional"), fresh(age=age)) for age in (18, 17))
    for walk in (adult, child):
        walk.press_acute()
    answers = {"responsible_reached": "no", "out_of_hours_contact": ["social_duty_service", "police"]}

    assert adult.refused("acute", **answers) == ["duty_service_under_18_only"]
    assert child.refused("acute", **answers) == []


@pytest.mark.parametrize("key", TRACKS)
def test_closing_waits_for_the_answer_about_other_children(key: str) -> None:
    walk = Walk(track(key), fresh(underretning_received="no"))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="no")
    walk.complete("siblings", other_children="unknown")
    assert "siblings" in walk.open_steps
    assert "sibling_check" in [one.rule for one in refusals(walk.definition, walk.state, Act.CLOSE)]

    walk.complete("siblings", other_children="yes", other_children_concern="no")

    assert refusals(walk.definition, walk.state, Act.CLOSE) == ()


@pytest.mark.parametrize(
    ("key", "first", "others"),
    [
        ("adviser_under_18", "leader", ("deputy", "head")),
        ("professional", "leader", ("deputy", "head")),
        ("adviser_over_18", "coordinator", ("deputy", "head")),
    ],
)
def test_a_bypass_of_the_leader_needs_a_reason(key: str, first: str, others: tuple[str, ...]) -> None:
    walk = Walk(track(key), fresh(underretning_received="no"))

    assert "bypass_reason" not in walk.filled("discuss", {"discussed_with": {"role": first, "staff": 3}})
    for role in others:
        assert "bypass_reason" in walk.filled("discuss", {"discussed_with": {"role": role, "staff": 3}})
