"""The pages of a handover: offered, seen by nobody it was not offered to, answered in two presses."""

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlepligt import clock
from handlepligt.cases.view_board import desk_of
from handlepligt.domain.vocabulary import OfferStatus
from models import Case, HandoverOffer, Staff
from models.session import reading, writing
from tests.house import House
from tests.make import make_staff
from tests.web.conftest import HASHED, Browser, OpenBrowser


@pytest.fixture
def birgit(engine: Engine, house: House) -> Staff:
    """Another adviser for the young, who can take over."""
    with writing(engine) as session:
        return make_staff(session, name="Birgit Lund", team=house.nord, pool="under_18", password_hash=HASHED)


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
