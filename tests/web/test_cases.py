"""The page of a case: who sees it, what its forms do, and that nothing typed is lost."""

from datetime import date, timedelta
from html import escape

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from handlepligt import clock
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.cases.view_board import desk_of
from handlepligt.domain.vocabulary import OfferStatus, StepStatus
from handlepligt.web.rendering import day
from models import AccessLogEntry, Call, Case, CaseStep, CloseRequest, Deadline, HandoverOffer, Staff
from models.session import reading, writing
from tests.house import House
from tests.make import make_staff
from tests.web.conftest import HASHED, Browser, OpenBrowser

DISCUSS = {
    "q.sparring_needed": "no",
    "q.discussion_note": "Vi er enige <b>om</b> det.",
    "round": "1",
}


@pytest.fixture
def case(engine: Engine, house: House) -> Case:
    """Mia's case, raised two hours ago."""
    with writing(engine) as session:
        return raise_concern(
            session,
            by=house.mia,
            now=clock.now() - timedelta(hours=2),
            citizen_name="Amira Opdigtet",
            birth_date=date(2011, 3, 12),
            summary="Hun er holdt hjemme.",
            facts={"underretning_received": "yes"},
        )


@pytest.fixture
def birgit(engine: Engine, house: House) -> Staff:
    """Another adviser for the young, who can take over."""
    with writing(engine) as session:
        return make_staff(session, name="Birgit Lund", team=house.nord, pool="under_18", password_hash=HASHED)


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


NOTE = {"note.situation": "S1", "note.risk": "R1", "note.next_action": "N1", "note.avoid": "A1"}


def offer(browser: Browser, case: Case, to: str):
    return browser.post(f"/sager/{case.reference}/overdragelse", **{"handover.to": to, **NOTE})


def test_a_handover_is_offered_seen_and_accepted_in_two_presses(
    open_browser: OpenBrowser, case: Case, engine: Engine, birgit: Staff
) -> None:
    mia, taker = open_browser("mia"), open_browser("birgit")
    offer(mia, case, f"staff:{birgit.id}")
    with reading(engine) as session:
        offer_id = desk_of(session, birgit, clock.now()).offered[0].offer_id

    note = taker.get(f"/overdragelser/{offer_id}")
    answer = taker.post(f"/overdragelser/{offer_id}/accepter")

    assert "R1" in note
    assert "Du har nu handlepligten" in answer.text
    with reading(engine) as session:
        assert session.get_one(Case, case.id).keeper_id == birgit.id
    part = mia.get(f"/sager/{case.reference}")
    assert "Overtaget" in part
    assert "Amira" not in part


def test_a_rejection_needs_a_reason_and_keeps_the_duty_where_it_is(
    open_browser: OpenBrowser, case: Case, engine: Engine, birgit: Staff, house: House
) -> None:
    offer(open_browser("mia"), case, "pool:under_18")
    taker = open_browser("birgit")
    with reading(engine) as session:
        offer_id = session.exec(select(HandoverOffer.id)).one()

    empty = taker.post(f"/overdragelser/{offer_id}/afvis", reason="")
    taker.post(f"/overdragelser/{offer_id}/afvis", reason="Jeg er på ferie.")

    assert empty.status_code == 422
    with reading(engine) as session:
        assert session.get_one(HandoverOffer, offer_id).status == OfferStatus.REJECTED
        assert session.get_one(Case, case.id).keeper_id == house.mia.id


def test_an_offer_is_nothing_to_those_it_is_not_made_to(
    open_browser: OpenBrowser, case: Case, engine: Engine, birgit: Staff
) -> None:
    offer(open_browser("mia"), case, f"staff:{birgit.id}")
    with reading(engine) as session:
        offer_id = session.exec(select(HandoverOffer.id)).one()
    otto = open_browser("otto")

    hidden = otto.client.get(f"/overdragelser/{offer_id}")
    missing = otto.client.get("/overdragelser/findes-ikke")

    assert hidden.status_code == 404
    assert hidden.content == missing.content


def test_an_offer_to_the_wrong_pool_keeps_the_note(open_browser: OpenBrowser, case: Case) -> None:
    browser = open_browser("mia")

    answer = offer(browser, case, "pool:over_18")

    assert answer.status_code == 422
    assert "kan ikke overtage" in answer.text
    assert all(text in answer.text for text in NOTE.values())


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
