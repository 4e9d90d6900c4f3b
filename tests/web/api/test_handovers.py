"""Offering the duty and answering the offer over HTTP."""

from typing import Any

import pytest

from models import HandoverOffer, Staff
from models.session import writing
from tests.make import HOUR
from tests.web.api.calling import NOTE, Api


def test_until_somebody_accepts_nothing_moves(api_on_both: Api) -> None:
    api, mia, kim = api_on_both, api_on_both.house.mia, api_on_both.house.kim
    reference = api.raised(mia)

    receipt = api.did(mia, f"/cases/{reference}/handovers", {"to": "kim", "note": NOTE})

    assert receipt["status"] == "offered"
    assert receipt["holder"]["username"] == "mia"
    assert receipt["to"]["username"] == "kim"
    assert "veninde" not in str(receipt)
    accepted = api.did(kim, f"/handovers/{receipt['id']}/accept")
    assert accepted["holder"]["username"] == "kim"


def test_whoever_is_offered_the_duty_finds_the_offer_and_reads_its_note(api: Api) -> None:
    mia, kim, otto = api.house.mia, api.house.kim, api.house.otto
    reference = api.raised(mia)
    offer = api.offered(mia, reference, "kim")

    waiting = api.saw(kim, "/me")["offers"]

    assert [(one["id"], one["reference"]) for one in waiting] == [(offer, reference)]
    assert api.saw(kim, f"/handovers/{offer}")["note"] == NOTE
    assert api.get(kim, f"/cases/{reference}").status_code == 404
    other, unknown = api.get(otto, f"/handovers/{offer}"), api.get(otto, f"/handovers/{'0' * 32}")
    assert (other.status_code, other.content) == (404, unknown.content)
    assert (kim.id, True, "api") in api.looks()


def test_a_pool_is_offered_the_duty_and_one_of_it_takes_it(api: Api) -> None:
    mia, kim, reference = api.house.mia, api.house.kim, api.raised()

    receipt = api.did(mia, f"/cases/{reference}/handovers", {"pool": "under_18", "note": NOTE})

    assert (receipt["to"], receipt["pool"]) == (None, "under_18")
    assert api.did(kim, f"/handovers/{receipt['id']}/accept")["holder"]["username"] == "kim"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"to": "mia"}, "to"),
        ({"to": "nobody"}, "to"),
        ({"to": "otto"}, "to"),
        ({"to": "left"}, "to"),
        ({"to": 3}, "to"),
        ({"pool": "over_18"}, "pool"),
        ({"pool": "choir"}, "pool"),
        ({}, "to"),
        ({"to": "kim", "pool": "under_18"}, "to"),
        ({"to": "kim", "note": {}}, "note.situation"),
        ({"to": "kim", "note": NOTE | {"risk": " "}}, "note.risk"),
        ({"to": "kim", "note": NOTE | {"phone": "x"}}, "note.phone"),
        ({"to": "kim", "note": "x"}, "note"),
        ({"authority": {"name": "Politiet"}}, "authority.unit"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_by_field(api: Api, body: dict[str, Any], field: str) -> None:
    reference = api.raised()
    with writing(api.engine) as session:
        row = session.get_one(Staff, api.house.kim.id)
        session.add(
            Staff(
                username="left",
                name="Lea",
                role=row.role,
                pool=row.pool,
                team_id=row.team_id,
                is_active=False,
                created_at=row.created_at,
            )
        )

    answer = api.post(api.house.mia, f"/cases/{reference}/handovers", {"note": NOTE} | body)

    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]
    assert api.count(HandoverOffer) == 0


def test_an_authority_takes_over_only_where_the_protocol_lets_it(api: Api) -> None:
    fields = {"name": "Politiet", "unit": "Vagten", "journal_number": "1", "confirmed_by": "Bo"}
    reference = api.raised()

    answer = api.post(api.house.mia, f"/cases/{reference}/handovers", {"authority": fields, "note": NOTE})

    assert answer.status_code == 409
    assert answer.json()["rule"] == "handover.authority"


def test_only_one_offer_waits_at_a_time(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()
    api.offered(mia, reference, "kim")

    answer = api.post(mia, f"/cases/{reference}/handovers", {"to": "kim", "note": NOTE})

    assert answer.status_code == 409


def test_an_offer_is_rejected_with_a_reason_and_the_duty_stays(api: Api) -> None:
    mia, kim, reference = api.house.mia, api.house.kim, api.raised()
    offer = api.offered(mia, reference, "kim")

    without = api.post(kim, f"/handovers/{offer}/reject", {})
    receipt = api.did(kim, f"/handovers/{offer}/reject", {"reason": "Jeg er inhabil."})
    again = api.post(kim, f"/handovers/{offer}/accept")

    assert (without.status_code, again.status_code) == (422, 409)
    assert receipt["status"] == "rejected"
    assert api.saw(mia, f"/cases/{reference}")["holder"]["username"] == "mia"


def test_an_offer_is_taken_back_before_it_is_answered(api: Api) -> None:
    mia, kim, reference = api.house.mia, api.house.kim, api.raised()
    offer = api.offered(mia, reference, "kim")

    assert api.post(kim, f"/handovers/{offer}/revoke").status_code == 403
    assert api.did(mia, f"/handovers/{offer}/revoke")["status"] == "revoked"
    assert api.post(kim, f"/handovers/{offer}/accept").status_code == 409


def test_nobody_else_answers_an_offer(api: Api) -> None:
    reference = api.raised()
    offer = api.offered(api.house.mia, reference, "kim")

    keeper = api.post(api.house.mia, f"/handovers/{offer}/accept")
    stranger = api.post(api.house.otto, f"/handovers/{offer}/accept")
    unknown = [api.post(api.house.otto, f"/handovers/{row}/accept") for row in ("0" * 32, "x", "é", "%00")]

    assert (keeper.status_code, stranger.status_code) == (403, 404)
    assert {answer.content for answer in unknown} == {stranger.content}


def test_the_keeper_reads_their_own_offer_while_it_waits(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()
    offer = api.offered(mia, reference, "kim")
    api.clock.later(HOUR)

    assert api.saw(mia, f"/cases/{reference}")["offer"]["id"] == offer
    assert api.saw(mia, f"/cases/{reference}")["status"] == "handover_pending"
