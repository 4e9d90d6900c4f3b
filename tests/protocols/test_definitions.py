"""The three definitions that ship: whole, walked on every branch, and saying what they must."""

from __future__ import annotations

import time

import pytest

from protocols.checking import check
from protocols.engine import modality, openings
from protocols.explore import explore
from protocols.kinds.question import QuestionType
from protocols.loader import library, load_all
from tests.protocols.walk import TRACKS, Walk, fresh, track


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

    started = time.process_time()
    load_all(thorough=False)

    assert time.process_time() - started < 0.5


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


def test_the_sparring_goes_to_the_people_the_source_names() -> None:
    named = {key: track(key).questions["sparring_with"].contacts for key in TRACKS}

    assert named["adviser_under_18"] == ("safety_consultant_nana", "safety_consultant_fiolla")
    assert named["adviser_over_18"] == ("safety_consultant_nana", "safety_consultant_fiolla")
    assert named["professional"] == ("safety_consultant_nana", "safety_consultant_anne")


@pytest.mark.parametrize("key", TRACKS)
def test_openings_are_found_within_a_millisecond(key: str) -> None:
    walk = Walk(track(key))
    walk.complete("discuss")
    walk.complete("assess", still_concerned="yes")

    started = time.process_time()
    for _ in range(100):
        openings(walk.definition, walk.state)

    # Ten times the goal, so that a busy machine does not fail the suite.
    assert (time.process_time() - started) / 100 < 0.01


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
