"""The page of a case: who sees it, what its forms do, and that nothing typed is lost."""

from datetime import timedelta
from html import escape

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from handlepligt import clock
from handlepligt.domain.vocabulary import StepStatus
from handlepligt.web.rendering import day
from models import AccessLogEntry, Call, Case, CaseStep, CloseRequest, Deadline
from models.session import reading, writing
from tests.house import House
from tests.web.conftest import Browser, OpenBrowser

DISCUSS = {
    "q.sparring_needed": "no",
    "q.discussion_note": "Vi er enige <b>om</b> det.",
    "round": "1",
}


def step_of(engine: Engine, key: str) -> CaseStep:
    with reading(engine) as session:
        return session.exec(select(CaseStep).where(CaseStep.key == key)).one()


def discuss(browser: Browser, case: Case, house: House, **changed: str):
    answers = {**DISCUSS, "q.discussed_with": f"leader:{house.lars.id}", **changed}
    return browser.post(f"/sager/{case.reference}/trin/discuss", **answers)


def test_the_keeper_and_the_leader_see_the_case(open_browser: OpenBrowser, case: Case) -> None:
    for who in ("mia", "lars", "karin"):
        page = open_browser(who).get(f"/sager/{case.reference}")

        assert "Amira Opdigtet" in page
        assert "Kontakt ikke hjemmet" in page
        assert "Mia Holm" in page


@pytest.mark.parametrize("who", ["kim", "sofie", "otto", "ada", "tine", "selma"])
def test_a_case_that_is_not_yours_is_the_same_page_to_the_byte_as_none(
    open_browser: OpenBrowser, case: Case, engine: Engine, who: str
) -> None:
    browser = open_browser(who)

    hidden = browser.client.get(f"/sager/{case.reference}")
    missing = browser.client.get("/sager/2026-999999")

    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert hidden.headers == missing.headers
    with reading(engine) as session:
        refused = session.exec(select(AccessLogEntry).where(~col(AccessLogEntry.was_allowed))).all()
    assert [entry.case_id for entry in refused] == [case.id, None]


@pytest.mark.parametrize("path", ["", "/akut", "/opkald", "/luk", "/trin/discuss", "/overdragelse"])
def test_no_form_works_on_a_case_that_is_not_yours(open_browser: OpenBrowser, case: Case, path: str) -> None:
    browser = open_browser("kim")

    hidden = browser.post(f"/sager/{case.reference}{path}")
    missing = browser.post(f"/sager/2026-999999{path}")

    assert hidden.status_code == missing.status_code
    assert hidden.status_code in (404, 405)
    assert hidden.content == missing.content


def test_a_head_knows_of_the_case_but_not_what_stands_in_it(open_browser: OpenBrowser, case: Case) -> None:
    browser = open_browser("hanne")

    answer = browser.client.get(f"/sager/{case.reference}")

    assert answer.status_code == 403
    assert "Amira" not in answer.text
    assert case.reference in browser.get("/")


def test_a_step_is_saved_and_the_next_ones_open(
    open_browser: OpenBrowser, case: Case, engine: Engine, house: House
) -> None:
    browser = open_browser("mia")

    answer = discuss(browser, case, house)

    assert answer.status_code == 200
    assert "Trinnet er gemt" in answer.text
    assert "Vi er enige &lt;b&gt;om&lt;/b&gt; det." in answer.text
    assert step_of(engine, "discuss").status == StepStatus.DONE


def test_a_wrong_answer_keeps_everything_that_was_typed(
    open_browser: OpenBrowser, case: Case, engine: Engine, house: House
) -> None:
    browser = open_browser("mia")

    answer = discuss(browser, case, house, **{"q.sparring_needed": "", "q.discussion_note": "å" * 600 + "😟"})

    assert answer.status_code == 422
    assert answer.text.count("Spørgsmålet skal besvares.") == 2
    assert "å" * 600 + "😟" in answer.text
    assert f'value="leader:{house.lars.id}" selected' in answer.text
    assert step_of(engine, "discuss").status == StepStatus.OPEN


@pytest.mark.parametrize("text", ["a\x00b", "a\u202eb", "x" * 20_001])
def test_hidden_signs_and_endless_texts_are_refused(
    open_browser: OpenBrowser, case: Case, engine: Engine, house: House, text: str
) -> None:
    browser = open_browser("mia")

    answer = discuss(browser, case, house, **{"q.discussion_note": text})

    assert answer.status_code == 422
    assert step_of(engine, "discuss").status == StepStatus.OPEN


def test_of_two_browsers_saving_one_step_the_second_is_told_and_keeps_its_text(
    open_browser: OpenBrowser, case: Case, engine: Engine, house: House
) -> None:
    first, second = open_browser("mia"), open_browser("mia")
    discuss(first, case, house)

    answer = discuss(second, case, house, **{"q.discussion_note": "Den andens lange note."})

    assert answer.status_code == 409
    assert "En anden har gemt trinnet" in answer.text
    assert "Den andens lange note." in answer.text
    assert step_of(engine, "discuss").answers["discussion_note"] == DISCUSS["q.discussion_note"]


def test_an_unknown_step_does_not_exist(open_browser: OpenBrowser, case: Case) -> None:
    browser = open_browser("mia")

    assert browser.post(f"/sager/{case.reference}/trin/findes_ikke", round="1").status_code == 404


def test_the_leader_sees_the_steps_but_does_not_do_them(
    open_browser: OpenBrowser, case: Case, engine: Engine, house: House
) -> None:
    browser = open_browser("lars")

    answer = discuss(browser, case, house)

    assert answer.status_code == 403
    assert "Gem trinnet" not in browser.get(f"/sager/{case.reference}")
    assert step_of(engine, "discuss").status == StepStatus.OPEN


def test_the_form_shows_what_is_asked_under_the_answers_so_far(
    open_browser: OpenBrowser, case: Case, house: House
) -> None:
    browser = open_browser("mia")
    path = f"/sager/{case.reference}/trin/discuss/felter"

    without = browser.post(path, **{"q.discussed_with": f"leader:{house.lars.id}"}).text
    with_reason = browser.post(path, **{"q.discussed_with": f"head:{house.hanne.id}"}).text

    assert 'id="g-f-q-bypass_reason" data-unasked' in without
    assert 'id="g-f-q-bypass_reason">' in with_reason


def test_acute_is_one_press_and_leads_to_who_can_be_called(
    open_browser: OpenBrowser, case: Case, engine: Engine
) -> None:
    browser = open_browser("mia")

    answer = browser.post(f"/sager/{case.reference}/akut")

    assert "Ring nu" in answer.text
    assert "99 31 27 22" in answer.text
    assert "Amira" not in answer.text
    with reading(engine) as session:
        assert session.get_one(Case, case.id).is_acute


def test_a_call_is_noted_with_one_press(open_browser: OpenBrowser, case: Case, engine: Engine) -> None:
    browser = open_browser("mia")
    pressed = {"call.contact": "safety_responsible", "outcome": "no_answer", "from": "akut"}

    answer = browser.post(f"/sager/{case.reference}/opkald", **pressed)

    assert "intet svar" in answer.text
    with reading(engine) as session:
        assert session.exec(select(Call.outcome)).all() == ["no_answer"]


def test_a_call_in_the_future_is_refused_and_its_note_kept(
    open_browser: OpenBrowser, case: Case, engine: Engine
) -> None:
    browser = open_browser("mia")
    tomorrow = day((clock.now() + timedelta(days=1)).date())
    typed = {"call.at.date": tomorrow, "call.at.time": "10.00", "call.note": "Lang note om opkaldet."}

    answer = browser.post(
        f"/sager/{case.reference}/opkald",
        **{"call.contact": "safety_responsible", "outcome": "answered", **typed},
    )

    assert answer.status_code == 422
    assert "Lang note om opkaldet." in answer.text
    assert tomorrow in answer.text
    with reading(engine) as session:
        assert session.exec(select(Call)).all() == []


@pytest.mark.parametrize("on", ["", "i morgen", "01-01-2020", "31-02-2027"])
def test_a_follow_up_needs_a_day_to_come(open_browser: OpenBrowser, case: Case, on: str) -> None:
    browser = open_browser("mia")

    answer = browser.post(f"/sager/{case.reference}/opfoelgning", **{"followup.on": on})

    assert answer.status_code == 422
    assert f'value="{escape(on)}"' in answer.text


def test_a_case_cannot_be_closed_too_early_and_the_reason_is_kept(
    open_browser: OpenBrowser, case: Case, engine: Engine
) -> None:
    browser = open_browser("mia")

    answer = browser.post(
        f"/sager/{case.reference}/luk",
        **{"close.end": "not_concerned", "close.reason": "Vi er trygge.", "close.has_siblings": "no"},
    )

    assert answer.status_code in (409, 422)
    with reading(engine) as session:
        assert session.exec(select(CloseRequest)).all() == []


def test_a_sibling_that_nobody_may_see_is_a_sentence_beside_the_field(
    open_browser: OpenBrowser, case: Case
) -> None:
    browser = open_browser("mia")

    answer = browser.post(f"/sager/{case.reference}/soeskende", **{"sibling.reference": "2026-424242"})

    assert answer.status_code == 422
    assert 'value="2026-424242"' in answer.text
    assert "Der er ingen sag med det nummer" in answer.text


def test_a_leader_says_that_an_overdue_deadline_has_been_seen(
    open_browser: OpenBrowser, case: Case, engine: Engine
) -> None:
    with writing(engine) as session:
        deadline = session.exec(select(Deadline).where(Deadline.case_id == case.id)).first()
        assert deadline is not None
        deadline.due_at = clock.now() - timedelta(hours=1)
    browser = open_browser("lars")

    answer = browser.post(f"/frister/{deadline.id}/set")

    assert "du har set overskridelsen" in answer.text
    with reading(engine) as session:
        assert session.get_one(Deadline, deadline.id).acknowledged_at is not None
    assert open_browser("kim").post(f"/frister/{deadline.id}/set").status_code == 404
