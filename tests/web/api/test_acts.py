"""Acute, calls, follow-ups, siblings and escalations over HTTP."""

from typing import Any

import pytest

from models import Case
from tests.make import DAY
from tests.web.api.calling import Api


def test_acute_is_pressed_by_holder_leader_and_coordinator_alike(api: Api) -> None:
    for who in (api.house.mia, api.house.lars, api.house.karin):
        reference = api.raised()
        receipt = api.did(who, f"/cases/{reference}/acute", {"reason": "Hun er væk."})
        assert receipt["is_acute"]
        assert "acute" in receipt["open_steps"]


@pytest.mark.parametrize("body", [{"reason": "x" * 501}, {"reason": 1}, {"why": "x"}, {"reason": "\u202e"}])
def test_a_reason_that_cannot_be_kept_is_refused(api: Api, body: Any) -> None:
    reference = api.raised()

    assert api.post(api.house.mia, f"/cases/{reference}/acute", body).status_code == 422
    assert not api.saw(api.house.mia, f"/cases/{reference}")["is_acute"]


def test_a_call_is_logged_with_its_note(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()
    api.clock.later(DAY)

    receipt = api.did(
        mia,
        f"/cases/{reference}/calls",
        {
            "contact": "police",
            "outcome": "no_answer",
            "called_at": "2026-11-23T17:02:00+01:00",
            "note": "Ringer igen.",
        },
    )

    assert receipt["called_at"] == "2026-11-23T16:02:00Z"
    assert "Ringer igen" not in str(receipt)
    assert api.saw(mia, f"/cases/{reference}")["calls"] == [
        {
            "id": receipt["id"],
            "contact": "police",
            "outcome": "no_answer",
            "called_at": "2026-11-23T16:02:00Z",
            "by": {"username": "mia", "name": "Mia Holm"},
            "note": "Ringer igen.",
        }
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"contact": "grandmother"}, "contact"),
        ({"contact": "+45 12 34 56 78"}, "contact"),
        ({"outcome": "shouted"}, "outcome"),
        ({"called_at": "2027-01-01T00:00:00Z"}, "called_at"),
        ({"called_at": "2020-01-01T00:00:00Z"}, "called_at"),
        ({"note": "x" * 20_001}, "note"),
        ({"number": "12345678"}, "number"),
    ],
)
def test_a_call_that_cannot_be_is_refused_by_field(api: Api, fields: dict[str, str], field: str) -> None:
    reference = api.raised()

    answer = api.post(
        api.house.mia, f"/cases/{reference}/calls", {"contact": "police", "outcome": "busy"} | fields
    )

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


@pytest.mark.parametrize(
    "on", ["2026-11-22", "2028-01-01", "1 December", "2026-02-30", "2026-12-01T00:00:00Z"]
)
def test_a_follow_up_lies_within_a_year_from_today(api: Api, on: str) -> None:
    mia, reference = api.house.mia, api.raised()

    refused = api.post(mia, f"/cases/{reference}/followups", {"on": on})
    receipt = api.did(mia, f"/cases/{reference}/followups", {"on": "2026-12-01", "note": "Skolen."})

    assert refused.status_code == 422
    assert list(refused.json()["errors"]) == ["on"]
    assert receipt["next_followup_on"] == "2026-12-01"


def test_a_sibling_gets_a_linked_case_of_its_own(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()
    citizen = {"name": "Bilal Opdigtet", "birth_date": "2012-02-02"}

    receipt = api.did(mia, f"/cases/{reference}/siblings", {"citizen": citizen})

    assert api.count(Case) == 2
    assert receipt["reference"] == reference
    siblings = api.saw(mia, f"/cases/{reference}")["siblings"]
    assert [one["reference"] for one in siblings] == [receipt["sibling"]]
    assert api.saw(mia, f"/cases/{receipt['sibling']}")["citizen"]["name"] == "Bilal Opdigtet"


def test_an_existing_case_is_linked_once_and_only_by_whoever_sees_both(api: Api) -> None:
    mia, kim = api.house.mia, api.house.kim
    one, two, hidden = api.raised(mia), api.raised(mia), api.raised(kim)

    api.did(mia, f"/cases/{one}/siblings", {"reference": two})
    again = api.post(mia, f"/cases/{two}/siblings", {"reference": one})
    itself = api.post(mia, f"/cases/{one}/siblings", {"reference": one})
    forbidden = api.post(mia, f"/cases/{one}/siblings", {"reference": hidden})
    unknown = api.post(mia, f"/cases/{one}/siblings", {"reference": "2026-999999"})

    assert (again.status_code, itself.status_code) == (409, 422)
    assert (forbidden.status_code, forbidden.content) == (404, unknown.content)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reference"),
        ({"reference": "2026-000001", "citizen": {"name": "B"}}, "reference"),
        ({"citizen": {"name": " "}}, "citizen.name"),
        ({"citizen": {"name": "B", "cpr": "1"}}, "citizen.cpr"),
    ],
)
def test_a_sibling_is_either_a_case_or_a_child(api: Api, body: Any, field: str) -> None:
    reference = api.raised()

    answer = api.post(api.house.mia, f"/cases/{reference}/siblings", body)

    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert api.count(Case) == 1


def test_the_leader_acknowledges_what_has_passed_and_nobody_below_does(api: Api) -> None:
    mia, lars, kim, reference = api.house.mia, api.house.lars, api.house.kim, api.raised()
    deadlines = api.saw(lars, f"/cases/{reference}")["deadlines"]
    deadline = next(one["id"] for one in deadlines if one["key"] == "danger_24h")
    path = f"/deadlines/{deadline}/acknowledge"

    early = api.post(lars, path)
    api.clock.later(2 * DAY)
    holder, stranger = api.post(mia, path), api.post(kim, path)
    unknown = [api.post(kim, f"/deadlines/{row}/acknowledge") for row in ("0" * 32, "x", "%00")]
    acknowledged = api.did(lars, path)

    assert (early.status_code, holder.status_code) == (409, 403)
    assert {answer.content for answer in unknown} == {stranger.content}
    assert acknowledged["acknowledged_by"]["username"] == "lars"
    assert api.did(lars, path)["acknowledged_at"] == acknowledged["acknowledged_at"]
