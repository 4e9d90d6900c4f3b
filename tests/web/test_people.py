"""Linked people on the page of a case: linked, corrected, unlinked, and nothing typed is lost."""

import pytest
from sqlmodel import col, select

from handlepligt.cases.link_person import link_person
from models import CaseStep, LinkedPerson
from tests.cases.acting import Stage
from tests.web.conftest import Case, OpenBrowser

SAMIR = {"link.relation": "sibling", "link.name": "Samir Opdigtet", "link.fact.in_danger": "no"}


def people(stage: Stage) -> list[LinkedPerson]:
    return stage.rows(select(LinkedPerson).order_by(col(LinkedPerson.number)))


@pytest.fixture
def samir(stage: Stage, family_case: Case) -> LinkedPerson:
    given = {"relation": "sibling", "name": "Samir Opdigtet", "facts": {"in_danger": "no"}}
    linked: LinkedPerson = stage.do(link_person, by=stage.house.mia, case_id=family_case.id, **given)
    return linked


def test_a_person_is_linked_with_what_is_known_of_them(
    open_browser: OpenBrowser, family_case: Case, stage: Stage
) -> None:
    browser = open_browser("mia")

    answer = browser.post(
        f"/sager/{family_case.reference}/personer", **SAMIR, **{"link.fact.school": "Nordskolen"}
    )

    [samir] = people(stage)
    assert "Personen er tilknyttet sagen." in answer.text
    assert "Samir Opdigtet" in answer.text
    assert "hverken telefonnummer eller adresse" in answer.text
    assert samir.facts == {"in_danger": "no", "school": "Nordskolen"}


def test_the_first_question_about_a_person_is_what_they_are_to_the_citizen(
    open_browser: OpenBrowser, family_case: Case
) -> None:
    browser = open_browser("mia")
    path = f"/sager/{family_case.reference}/personer/felter"

    sibling = browser.post(path, **{"link.relation": "sibling"}).text
    partner = browser.post(path, **{"link.relation": "partner"}).text

    assert 'id="g-f-link-fact-in_danger">' in sibling
    assert 'id="g-f-link-fact-in_danger" data-unasked' in partner
    assert 'id="g-f-link-fact-school">' in partner


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"link.name": ""}, "link.name"),
        ({"link.relation": ""}, "link.relation"),
        ({"link.relation": "cousin"}, "link.relation"),
        ({"link.fact.in_danger": "maybe"}, "link.fact.in_danger"),
        ({"link.relation": "partner"}, "link.fact.in_danger"),
        ({"link.fact.school": "x" * 501}, "link.fact.school"),
    ],
)
def test_a_person_who_cannot_be_linked_keeps_the_form(
    open_browser: OpenBrowser, family_case: Case, stage: Stage, changed: dict[str, str], where: str
) -> None:
    browser = open_browser("mia")

    answer = browser.post(
        f"/sager/{family_case.reference}/personer", **{**SAMIR, "link.fact.school": "Nord 😟", **changed}
    )

    assert answer.status_code == 422
    assert f'id="f-{where.replace(".", "-")}-error"' in answer.text
    assert changed.get("link.fact.school", "Nord 😟") in answer.text
    assert people(stage) == []


def test_what_is_known_of_a_person_is_corrected_with_a_reason(
    open_browser: OpenBrowser, family_case: Case, stage: Stage, samir: LinkedPerson
) -> None:
    browser = open_browser("mia")
    path = f"/sager/{family_case.reference}/personer/{samir.id}/ret"

    refused = browser.post(path, **{"person.fact.in_danger": "yes", "person.fact.school": "Nord"})
    answer = browser.post(path, **{"person.fact.in_danger": "yes", "person.reason": "Skolen ringede."})

    assert refused.status_code == 422
    assert f'id="f-{samir.id}-person-reason-error"' in refused.text
    assert 'value="Nord"' in refused.text
    assert "Oplysningerne om personen er rettet." in answer.text
    assert "Skolen ringede." in answer.text
    assert people(stage)[0].facts == {"in_danger": "yes"}
    assert stage.rows(select(CaseStep.key).where(CaseStep.person == samir.id)) == ["look_after"]


def test_an_emptied_field_takes_the_answer_back(
    open_browser: OpenBrowser, family_case: Case, stage: Stage, samir: LinkedPerson
) -> None:
    open_browser("mia").post(
        f"/sager/{family_case.reference}/personer/{samir.id}/ret",
        **{"person.fact.in_danger": "unknown", "person.reason": "Vi ved det ikke alligevel."},
    )

    assert people(stage)[0].facts == {}


def test_a_person_is_unlinked_with_a_reason(
    open_browser: OpenBrowser, family_case: Case, stage: Stage, samir: LinkedPerson
) -> None:
    browser = open_browser("mia")
    path = f"/sager/{family_case.reference}/personer/{samir.id}/fjern"

    refused = browser.post(path)
    answer = browser.post(path, **{"unlink.reason": "Det var en anden."})

    assert refused.status_code == 422
    assert "Ingen personer er tilknyttet." in answer.text
    assert people(stage)[0].unlinked_at is not None


def test_a_person_of_another_case_is_not_found(
    open_browser: OpenBrowser, family_case: Case, stage: Stage, samir: LinkedPerson
) -> None:
    other = stage.raised(track="family")
    browser = open_browser("mia")

    for act in ("ret", "fjern"):
        answer = browser.post(
            f"/sager/{other.reference}/personer/{samir.id}/{act}",
            **{"unlink.reason": "Nej.", "person.reason": "Nej.", "person.fact.in_danger": "yes"},
        )
        assert answer.status_code == 404
    assert people(stage)[0].unlinked_at is None


def test_a_protocol_without_relations_says_nothing_of_people(open_browser: OpenBrowser, case: Case) -> None:
    assert "Tilknyttede personer" not in open_browser("mia").get(f"/sager/{case.reference}")
