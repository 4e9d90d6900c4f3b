"""People linked to a case: what is known of them opens steps about them, and nothing can reach them."""

import json
from typing import Any

import pytest
from sqlmodel import select

from handlepligt.cases.correct_person import correct_person
from handlepligt.cases.link_person import MOST_PEOPLE, link_person
from handlepligt.cases.linked_people import PersonUnlinkedError
from handlepligt.cases.unlink_person import unlink_person
from handlepligt.domain.vocabulary import DeadlineStatus, EventKind, StepStatus
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError
from models import Case, Deadline, LinkedPerson
from models.session import reading
from tests.cases.acting import Stage
from tests.cases.any_case import check_case

SAMIR = {"relation": "sibling", "name": "Samir Opdigtet"}


def linked(stage: Stage, case: Case, **given: Any) -> LinkedPerson:
    person: LinkedPerson = stage.do(link_person, by=stage.house.mia, case_id=case.id, **(SAMIR | given))
    return person


def about(stage: Stage, person: LinkedPerson) -> list[tuple[str, int, str]]:
    rows = stage.rows(select(Case).where(Case.id == person.case_id))
    return [(one.key, one.round, one.status) for one in stage.steps(rows[0]) if one.person == person.id]


def test_what_is_unknown_of_a_person_has_its_safe_reading_and_opens_their_step(
    stage: Stage, talked_case: Case
) -> None:
    person = linked(stage, talked_case)

    assert about(stage, person) == [("look_after", 1, "open")]
    assert stage.step(talked_case, "look_after", person=person.id).due_at is not None


def test_each_person_has_a_line_of_rounds_of_their_own(stage: Stage, talked_case: Case) -> None:
    samir, sara = linked(stage, talked_case), linked(stage, talked_case, name="Sara Opdigtet")

    stage.complete(
        talked_case, "look_after", by=stage.house.mia, person=samir.id, child_safe="yes", child_note="Rask."
    )

    assert about(stage, samir) == [("look_after", 1, "done")]
    assert about(stage, sara) == [("look_after", 1, "open")]
    assert stage.step(talked_case, "look_after", person=samir.id).answers["child_note"] == "Rask."
    deadlines = stage.rows(select(Deadline).where(Deadline.step_key == "look_after"))
    assert {one.person: one.status for one in deadlines} == {
        samir.id: DeadlineStatus.MET,
        sara.id: DeadlineStatus.RUNNING,
    }
    with reading(stage.engine) as session:
        check_case(session, session.get_one(Case, talked_case.id), stage.now)


def test_whoever_is_not_in_danger_has_no_step_and_a_partner_none_either(
    stage: Stage, talked_case: Case
) -> None:
    safe = linked(stage, talked_case, facts={"in_danger": "no"})
    partner = linked(stage, talked_case, relation="partner", name="Bo", facts={"school": "Havnen"})

    assert about(stage, safe) == about(stage, partner) == []
    assert partner.facts == {"school": "Havnen"}


def test_correcting_a_fact_opens_what_follows_and_lets_fall_away_what_does_not(
    stage: Stage, talked_case: Case
) -> None:
    person = linked(stage, talked_case, facts={"in_danger": "no", "school": "Byskolen"})

    stage.do(
        correct_person, by=stage.house.mia, person_id=person.id, facts={"in_danger": "yes"},
        reason="Skolen har ringet.",
    )  # fmt: skip
    opened = about(stage, person)
    stage.do(
        correct_person, by=stage.house.lars, person_id=person.id, facts={"in_danger": "no"}, reason="Fejl."
    )

    assert opened == [("look_after", 1, "open")]
    assert about(stage, person) == [("look_after", 1, "not_applicable")]
    assert stage.step(talked_case, "look_after", person=person.id).reason == "Barnet er ikke i fare."
    kept = stage.rows(select(LinkedPerson))[0]
    assert kept.facts == {"in_danger": "no", "school": "Byskolen"}
    event = next(one for one in stage.events(talked_case) if one.kind == EventKind.PERSON_CORRECTED)
    assert event.detail == "Er barnet i fare? Før: Nej. Nu: Ja.\nSkolen har ringet."


def test_an_unlinked_persons_open_rounds_fall_away_and_the_settled_ones_stay(
    stage: Stage, talked_case: Case
) -> None:
    samir, sara = linked(stage, talked_case), linked(stage, talked_case, name="Sara Opdigtet")
    stage.complete(talked_case, "look_after", by=stage.house.mia, person=samir.id)

    for one in (samir, sara):
        stage.do(unlink_person, by=stage.house.mia, person_id=one.id, reason="Bor i et andet land.")

    assert about(stage, samir) == [("look_after", 1, StepStatus.DONE)]
    assert about(stage, sara) == [("look_after", 1, StepStatus.NOT_APPLICABLE)]
    running = select(Deadline).where(Deadline.step_key == "look_after", Deadline.status == "running")
    assert stage.rows(running) == []
    stage.refused(PersonUnlinkedError, unlink_person, by=stage.house.mia, person_id=samir.id, reason="Igen.")
    assert linked(stage, talked_case, name="Sami").number == 3


def test_no_name_stands_in_an_event_and_there_is_no_column_for_an_address(
    stage: Stage, talked_case: Case
) -> None:
    person = linked(stage, talked_case)
    stage.do(unlink_person, by=stage.house.mia, person_id=person.id, reason="Fejl.")

    events = [json.loads(one.about) for one in stage.events(talked_case)]
    assert "Samir" not in str(events)
    assert {"person": person.id, "relation": "sibling"} in events
    assert set(LinkedPerson.model_fields) == {
        "id", "case_id", "number", "relation", "name_sealed", "facts_sealed", "linked_at", "linked_by_id",
        "unlinked_at", "unlinked_by_id",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"relation": "cousin"}, "relation"),
        ({"relation": ""}, "relation"),
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "to\nlinjer"}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"facts": {"in_danger": "maybe"}}, "in_danger"),
        ({"facts": {"in_danger": ["yes"]}}, "in_danger"),
        ({"facts": {"at_home": "yes"}}, "at_home"),
        ({"relation": "partner", "facts": {"in_danger": "yes"}}, "in_danger"),
        ({"facts": {"school": "x" * 501}}, "school"),
        ({"facts": {"school": 17}}, "school"),
    ],
)
def test_what_is_said_of_a_person_is_checked_field_by_field(
    stage: Stage, talked_case: Case, given: dict[str, Any], field: str
) -> None:
    error = stage.refused(
        InvalidInputError, link_person, by=stage.house.mia, case_id=talked_case.id, **(SAMIR | given)
    )

    assert list(error.problems) == [field]
    assert error.problems[field][0].isupper()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"facts": {}}, "facts"),
        ({"facts": {"in_danger": "yes"}}, "facts"),
        ({"facts": {"in_danger": "no"}, "reason": " "}, "reason"),
        ({"facts": {"shoe_size": "44"}}, "shoe_size"),
    ],
)
def test_a_correction_corrects_something_and_has_a_reason(
    stage: Stage, talked_case: Case, given: dict[str, Any], field: str
) -> None:
    person = linked(stage, talked_case, facts={"in_danger": "yes"})

    error = stage.refused(
        InvalidInputError, correct_person, by=stage.house.mia, person_id=person.id,
        **({"reason": "Fejl."} | given),
    )  # fmt: skip

    assert list(error.problems) == [field]


def test_a_protocol_without_relations_links_nobody(stage: Stage) -> None:
    case = stage.raised()

    error = stage.refused(InvalidInputError, link_person, by=stage.house.mia, case_id=case.id, **SAMIR)

    assert error.problems == {"relation": "Der kan ikke tilknyttes personer her."}


def test_a_case_has_no_more_people_than_a_household_could_have(stage: Stage, talked_case: Case) -> None:
    for _ in range(MOST_PEOPLE):
        linked(stage, talked_case, relation="partner")

    stage.refused(InvalidInputError, link_person, by=stage.house.mia, case_id=talked_case.id, **SAMIR)


def test_only_those_who_may_link_correct_and_unlink(stage: Stage, talked_case: Case) -> None:
    person = linked(stage, talked_case)
    house = stage.house

    for kind, by_whom in ((NotFoundError, house.kim), (NotAllowedError, house.hanne)):
        stage.refused(kind, link_person, by=by_whom, case_id=talked_case.id, **SAMIR)
        stage.refused(kind, unlink_person, by=by_whom, person_id=person.id, reason="Nej.")
        stage.refused(
            kind, correct_person, by=by_whom, person_id=person.id, facts={"in_danger": "no"}, reason="Nej."
        )
    stage.refused(NotFoundError, unlink_person, by=house.mia, person_id="0" * 32, reason="Nej.")
    stage.refused(NotFoundError, unlink_person, by=house.mia, person_id="\x00", reason="Nej.")
