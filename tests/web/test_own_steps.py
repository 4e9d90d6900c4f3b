"""Whoever owns a step and not the case sees that step and nothing else, on every face."""

import pytest
from sqlmodel import select

from handlepligt.cases.link_person import link_person
from models import AccessLogEntry, Notification, Staff
from models.session import writing
from tests.cases.acting import Stage
from tests.web.conftest import Case, OpenBrowser

# What stands in the case and no owner of a step may read, nor part of it.
CANARIES = {
    "name": "Kanarie Borgersen",
    "summary": "Kanariens bekymring",
    "notes": "Kanariens note",
    "person": "Kanarie Søskende",
    "answer": "Kanariens svar",
}


@pytest.fixture
def case(stage: Stage, family_case: Case) -> Case:
    """A case full of canaries, in which Selma has a step to do."""
    names = {"citizen_name": CANARIES["name"], "summary": CANARIES["summary"]}
    made = stage.raised(track="family", citizen_notes=CANARIES["notes"], **names)
    stage.complete(made, "talk", by=stage.house.mia, worried="no")
    linked = {"relation": "sibling", "name": CANARIES["person"], "facts": {"school": CANARIES["answer"]}}
    stage.do(link_person, by=stage.house.mia, case_id=made.id, **linked)
    return made


def examine(**changed: str) -> dict[str, str]:
    return {"q.risk": "high", "q.risk_note": "Han har en kniv.", "round": "1"} | changed


def test_an_owner_is_led_from_the_front_page_and_the_inbox_to_their_step(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    browser = open_browser("selma")

    front = browser.get("/")
    page = browser.get(f"/sager/{case.reference}")

    assert "Opgaver til dig" in front
    assert f'href="/sager/{case.reference}#trin-examine"' in front
    assert 'id="trin-examine"' in page
    assert "Vurder risikoen" in page
    assert "Skriv ikke til hjemmet." in page
    assert "Mia Holm" in page
    told = select(Notification.message).where(Notification.staff_id == stage.house.selma.id)
    assert set(stage.rows(told)) == {"step_opened"}
    assert f"/sager/{case.reference}" in browser.get("/indbakke")


def test_an_owner_sees_nothing_else_of_the_case(open_browser: OpenBrowser, case: Case, stage: Stage) -> None:
    browser = open_browser("selma")
    path = f"/sager/{case.reference}"

    pages = [
        browser.get("/"),
        browser.get(path),
        browser.get("/indbakke"),
        browser.post(f"{path}/trin/examine", round="1").text,
        browser.post(f"{path}/trin/examine/felter", round="1").text,
    ]

    for page in pages:
        assert not [word for word in CANARIES.values() if word in page]
        assert "Pak det vigtigste" not in page
        assert "Luk sagen" not in page
    looks = select(AccessLogEntry).where(AccessLogEntry.staff_id == stage.house.selma.id)
    assert {one.was_allowed for one in stage.rows(looks)} == {True}


@pytest.mark.parametrize(
    "path",
    ["/trin/pack", "/trin/pack/hak", "/trin/pack/felter", "/trin/examine/ikke-relevant", "/opkald", "/akut"],
)
def test_an_owner_does_nothing_else_in_the_case(
    open_browser: OpenBrowser, case: Case, stage: Stage, path: str
) -> None:
    answer = open_browser("selma").post(
        f"/sager/{case.reference}{path}",
        **{"round": "1", "tick": "papers:on", "q.packed": "yes", "skip.reason": "Nej."},
    )

    assert answer.status_code in (403, 409)
    assert not [word for word in CANARIES.values() if word in answer.text]
    assert stage.step(case, "pack").status == "open"


def test_an_owner_completes_their_step_and_is_led_back_to_the_front_page(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    browser = open_browser("selma")

    wrong = browser.post(f"/sager/{case.reference}/trin/examine", **examine(**{"q.risk": ""}))
    answer = browser.post(f"/sager/{case.reference}/trin/examine", **examine())

    assert wrong.status_code == 422
    assert "Han har en kniv." in wrong.text
    assert str(answer.url).endswith("/?gemt=trin")
    assert "Trinnet er gemt." in answer.text
    assert stage.step(case, "examine").settled_by_id == stage.house.selma.id
    assert browser.client.get(f"/sager/{case.reference}").status_code == 404


def test_for_an_owner_who_comes_after_the_holder_the_case_is_not_there_any_more(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    browser = open_browser("selma")
    stage.complete(case, "examine", by=stage.house.mia, risk="low")

    answer = browser.post(f"/sager/{case.reference}/trin/examine", **examine())

    assert answer.status_code == 404
    assert "kniv" not in str(stage.step(case, "examine").answers)


def test_the_second_assessor_does_their_step_with_the_case_open_and_the_first_answers_hidden(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    stage.complete(case, "examine", by=stage.house.selma, risk="high", risk_note=CANARIES["answer"] + "!")
    browser, path = open_browser("lars"), f"/sager/{case.reference}"

    front, before = browser.get("/"), browser.get(path)
    done = browser.post(f"{path}/trin/examine_second", **{"q.risk_second": "low", "round": "1"})

    assert f'href="{path}#trin-examine_second"' in front
    assert CANARIES["answer"] + "!" not in before
    assert "Svarene vises, når du selv har vurderet." in before
    assert "Trinnet er gemt." in done.text
    assert CANARIES["answer"] + "!" in done.text


def test_the_holder_is_told_whose_hand_a_step_needs(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    stage.complete(case, "examine", by=stage.house.selma, risk="high")

    page = open_browser("mia").get(f"/sager/{case.reference}")

    assert "Trinnet udføres af Nærmeste leder med eget login." in page
    assert f'action="/sager/{case.reference}/trin/examine_second"' not in page


def test_whoever_had_the_case_and_owns_a_step_sees_both_parts_of_theirs(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    nora = stage.colleague()
    stage.hand_over(case, by=stage.house.mia, to=nora)

    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.mia.id).role = "safety_consultant"

    page = open_browser("mia").get(f"/sager/{case.reference}")

    assert 'id="trin-examine"' in page
    assert "Du kan se det, du selv har skrevet." in page
    assert CANARIES["person"] not in page
