"""The three definitions that ship: walked on every branch, and led through their gates one by one."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace

import pytest

from handlepligt.domain.deadlines import Basis
from handlepligt.domain.vocabulary import StepStatus
from protocols.checking import check
from protocols.definition import Definition
from protocols.engine import (
    case_deadlines,
    computed_facts,
    deadlines_of,
    ends,
    modality,
    openings,
    phase,
    receivers,
    refusals,
)
from protocols.explore import explore
from protocols.kinds.question import QuestionType
from protocols.kinds.rule import Act
from protocols.loader import library, load_all
from tests.protocols.walk import FRIDAY, HOUR, Walk, fresh

TRACKS = ("adviser_under_18", "adviser_over_18", "professional")


def track(key: str) -> Definition:
    return library().latest(key)


@pytest.mark.parametrize("key", TRACKS)
def test_every_branch_of_every_definition_is_walked_to_an_end(key: str) -> None:
    definition = track(key)

    seen = explore(definition)

    assert seen.complaints == ()
    assert seen.complete
    assert seen.opened == set(definition.steps)
    assert seen.ends == set(definition.ends)
    assert {
        ("still_concerned", "yes"),
        ("still_concerned", "no"),
        ("followup_outcome", "may_end"),
    } <= seen.branches


def test_the_shipped_files_have_no_problems_and_list_their_conflicts() -> None:
    report = check()

    assert report.problems == ()
    said = "\n".join(report.conflicts)
    for conflict in (
        "viso_numbers",
        "shared_number",
        "letters",
        "no_out_of_hours_contact",
        "when_duty_moves",
    ):
        assert f": {conflict}: " in said
    assert any("er ikke bekræftet" in note for note in report.notes)
    assert any("ikke besluttet" in note for note in report.notes)


def test_loading_all_definitions_is_quick() -> None:
    load_all(thorough=False)

    started = time.perf_counter()
    load_all(thorough=False)

    assert time.perf_counter() - started < 0.5


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


def test_acute_during_the_way_out_takes_the_case_back() -> None:
    walk = Walk(track("adviser_over_18"), fresh(age=25))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="no")

    walk.press_acute()

    assert "conclude" not in walk.open_steps
    assert {one.rule for one in refusals(walk.definition, walk.state, Act.CLOSE)} >= {"acute_before_close"}


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


def test_the_two_inferred_mappings_are_marked_and_nothing_claims_to_be_checked() -> None:
    references = track("adviser_under_18").legal_references

    inferred = {key for key, one in references.items() if one.mapping_inferred}
    assert inferred == {"child_conversation", "interim_measures"}
    assert all(one.checked_by == one.checked_at == "" for one in references.values())


@pytest.mark.parametrize("key", TRACKS)
def test_general_advice_is_never_at_case_level(key: str) -> None:
    definition = track(key)

    assert definition.questions["general_advice_note"].not_at_case_level
    assert {
        contact.sharing for name in ("ethnic_youth", "viso") for contact in [definition.contacts[name]]
    } == {"general"}


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


def test_the_sparring_goes_to_the_people_the_source_names() -> None:
    named = {key: track(key).questions["sparring_with"].contacts for key in TRACKS}

    assert named["adviser_under_18"] == ("safety_consultant_nana", "safety_consultant_fiolla")
    assert named["adviser_over_18"] == ("safety_consultant_nana", "safety_consultant_fiolla")
    assert named["professional"] == ("safety_consultant_nana", "safety_consultant_anne")


@pytest.mark.parametrize("key", TRACKS)
def test_a_closed_case_opens_nothing(key: str) -> None:
    assert openings(track(key), replace(fresh(), closed=True)) == ()


@pytest.mark.parametrize("key", TRACKS)
def test_openings_are_found_within_a_millisecond(key: str) -> None:
    walk = Walk(track(key))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="yes")

    started = time.perf_counter()
    for _ in range(100):
        openings(walk.definition, walk.state)

    # Ten times the goal, so that a busy machine does not fail the suite.
    assert (time.perf_counter() - started) / 100 < 0.01


@pytest.mark.parametrize("key", TRACKS)
def test_every_choice_and_text_is_danish_and_filled_in(key: str) -> None:
    definition = track(key)
    for step in definition.steps.values():
        assert step.title
        assert step.what
        assert modality(definition, step.key, fresh()) in ("must", "should", "may")
        for question in step.questions.values():
            assert question.ask
            assert all(question.choices.values()), question.key
            assert (question.type in (QuestionType.CHOICE, QuestionType.CHOICES)) <= bool(question.choices)


def test_the_source_and_the_organisation_stand_in_every_head() -> None:
    for key in TRACKS:
        head = track(key).head

        assert (head.organisation.name, head.organisation.registration) == ("Aalborg Kommune", "CVR 29189420")


def test_tracks_are_suggested_by_age_and_role() -> None:
    suggest = library().suggest

    assert suggest(17, "adviser") == suggest(None, "adviser") == ("adviser_under_18",)
    assert suggest(18, "adviser") == ("adviser_over_18",)
    assert suggest(None, "professional") == suggest(50, "professional") == ("professional",)
    assert suggest(17, "auditor") == ()


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
