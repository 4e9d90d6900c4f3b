"""The deadlines of the three definitions that ship: which run when, from what, on whose word."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlepligt.domain.deadlines import Basis
from protocols.engine import case_deadlines, deadlines_of, phase
from tests.protocols.walk import FRIDAY, HOUR, TRACKS, Walk, fresh, track


@pytest.mark.parametrize("key", TRACKS)
def test_follow_up_comes_back_on_the_agreed_date_until_it_may_end(key: str) -> None:
    walk = Walk(track(key), fresh(underretning_received="no"))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="yes")
    walk.complete("follow_up", followup_outcome="continue", next_followup_on="2026-12-18")

    [agreed] = deadlines_of(walk.definition, "follow_up", walk.state)
    assert agreed.key == "agreed_followup"
    assert agreed.base.date().isoformat() in ("2026-12-17", "2026-12-18")
    walk.complete("follow_up", followup_outcome="may_end")

    assert "conclude" in walk.open_steps
    assert phase(walk.definition, walk.state) == "follow_up"


@pytest.mark.parametrize(("answer", "age"), [("yes", 12), ("yes", None), (None, 17), ("unknown", None)])
def test_an_underretning_about_a_minor_is_assessed_within_24_hours_of_receipt(
    answer: str | None, age: int | None
) -> None:
    facts = {} if answer is None else {"underretning_received": answer}
    walk = Walk(track("adviser_under_18"), fresh(age=age, **facts))

    [danger] = deadlines_of(walk.definition, "danger_assessment", walk.state)

    assert (danger.base, str(danger.offset), danger.basis) == (FRIDAY, "24 hours", Basis.LAW)
    assert danger.reference is not None
    assert danger.reference.danish == "barnets lov § 136 (før SEL § 155)"
    assert danger.ladder is not None
    assert danger.ladder.key == "danger_24h"


def test_the_acknowledgement_prints_no_paragraph() -> None:
    walk = Walk(track("adviser_under_18"))

    [due] = deadlines_of(walk.definition, "acknowledge_underretning", walk.state)

    assert (str(due.offset), due.basis) == ("6 working days", Basis.LAW)
    assert due.reference is not None
    assert due.reference.danish is None


def test_the_child_assessment_has_four_months_from_awareness() -> None:
    walk = Walk(track("adviser_under_18"), replace(fresh(), aware_at=FRIDAY - 24 * HOUR))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="yes")
    walk.complete("child_assessment_decision", child_assessment_needed="yes")

    [due] = deadlines_of(walk.definition, "child_assessment", walk.state)

    assert (due.base, str(due.offset), due.basis) == (FRIDAY - 24 * HOUR, "4 months", Basis.LAW)


def test_an_interim_measure_brings_the_plan_and_its_follow_up_within_three_months() -> None:
    walk = Walk(track("adviser_under_18"), fresh(underretning_received="no"))
    walk.press_acute()
    walk.complete("acute", responsible_reached="yes", responsible_reached_at="2026-11-27T17:02:00+01:00")
    walk.complete("safety_acceptance", safety_accepted_at="2026-11-27T17:10:00+01:00")
    [clock] = deadlines_of(walk.definition, "safety_assessment", walk.state)
    walk.complete("safety_assessment", safe_stay_needed="yes", acute_is_over="yes")
    walk.complete(
        "interim_measures",
        measure_decided="yes",
        measure_decided_on="2026-11-28",
        measure_started_on="2026-11-30",
        placed_without_consent="yes",
    )

    plan = {one.key: one for one in deadlines_of(walk.definition, "action_plan", walk.state)}
    [followup] = deadlines_of(walk.definition, "measure_followup", walk.state)

    assert clock.base.isoformat() == "2026-11-27T16:10:00+00:00"
    assert plan["plan_3_months"].base.isoformat() == "2026-11-27T23:00:00+00:00"
    assert plan["plan_at_once"].at_once
    assert (followup.base.isoformat(), str(followup.offset)) == ("2026-11-29T23:00:00+00:00", "3 months")


@pytest.mark.parametrize("key", TRACKS)
def test_every_step_that_opens_has_a_running_deadline(key: str) -> None:
    walk = Walk(track(key))
    walk.press_acute()
    for _ in range(40):
        waiting = [one for one in walk.open_steps if not walk.definition.steps[one].standing]
        for step in walk.open_steps:
            assert deadlines_of(walk.definition, step, walk.state), step
        if not waiting:
            break
        answers: dict[str, object] = {}
        for question in walk.definition.steps[waiting[0]].questions.values():
            if question.key in ("still_concerned", "sparring_needed", "safety_plan_needed", "acute_is_over"):
                answers[question.key] = "yes"
            if question.key == "followup_outcome":
                answers[question.key] = "may_end"
        if waiting[0] in ("acute",):
            answers["responsible_reached"] = "yes"
        walk.complete(waiting[0], **answers)
    assert "conclude" in walk.open_steps
    assert case_deadlines(walk.definition, walk.state) == ()


@pytest.mark.parametrize("key", TRACKS)
def test_every_local_deadline_is_marked_as_not_decided_and_every_law_has_its_reference(key: str) -> None:
    for step in track(key).steps.values():
        for deadline in step.deadlines.values():
            assert deadline.decided is not (deadline.basis is Basis.LOCAL), deadline.key
            assert deadline.basis is not Basis.LAW or deadline.reference
