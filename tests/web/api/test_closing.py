"""Closing and reopening over HTTP: one asks, another approves."""

from typing import Any

import pytest

from models import CloseRequest
from tests.make import DAY
from tests.web.api.calling import Api

BODY: dict[str, Any] = {
    "end": "not_concerned",
    "reason": "Ingen fare længere.",
    "has_siblings": "no",
    "answers": {"closing_reason": "Ingen fare."},
}


def test_another_than_the_one_who_asks_approves(api_on_both: Api) -> None:
    api, mia, lars = api_on_both, api_on_both.house.mia, api_on_both.house.lars
    reference = api.ready_to_close()

    request = api.did(mia, f"/cases/{reference}/close-requests", BODY)

    assert request["status"] == "waiting"
    assert "Ingen fare" not in str(request)
    assert api.post(mia, f"/close-requests/{request['id']}/approve").status_code == 403
    waiting = api.saw(lars, f"/cases/{reference}")["close_request"]
    assert (waiting["id"], waiting["reason"]) == (request["id"], "Ingen fare længere.")
    assert waiting["answers"] == {"closing_reason": "Ingen fare."}
    assert api.did(lars, f"/close-requests/{request['id']}/approve")["status"] == "closed"
    assert api.saw(lars, f"/cases/{reference}")["end"] == "not_concerned"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"end": "whatever"}, "end"),
        ({"reason": " "}, "reason"),
        ({"has_siblings": "unknown"}, "has_siblings"),
        ({"has_siblings": "yes"}, "has_siblings"),
        ({"has_siblings": False}, "has_siblings"),
        ({"answers": {}}, "answers.closing_reason"),
        ({"answers": {"closing_reason": "x", "more": "y"}}, "answers.more"),
        ({"approved_by": "lars"}, "approved_by"),
    ],
)
def test_what_is_missing_for_closing_is_named(api: Api, fields: dict[str, Any], field: str) -> None:
    reference = api.ready_to_close()

    answer = api.post(api.house.mia, f"/cases/{reference}/close-requests", BODY | fields)

    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]
    assert api.count(CloseRequest) == 0


def test_a_case_in_the_middle_of_its_protocol_does_not_close(api: Api) -> None:
    reference = api.raised()

    answer = api.post(api.house.mia, f"/cases/{reference}/close-requests", BODY)

    assert answer.status_code == 409
    assert answer.json()["rule"]


def test_a_request_is_withdrawn_and_another_made(api: Api) -> None:
    mia, reference = api.house.mia, api.ready_to_close()
    request = api.asked_to_close(mia, reference)

    twice = api.post(mia, f"/cases/{reference}/close-requests", BODY)
    withdrawn = api.did(mia, f"/close-requests/{request}/withdraw")
    late = api.post(api.house.lars, f"/close-requests/{request}/approve")

    assert (twice.status_code, late.status_code) == (409, 409)
    assert withdrawn["status"] == "withdrawn"
    assert api.asked_to_close(mia, reference) != request


def test_a_request_that_is_not_theirs_looks_like_none(api: Api) -> None:
    kim, reference = api.house.sofie, api.ready_to_close()
    request = api.asked_to_close(api.house.mia, reference)

    for act in ("approve", "withdraw"):
        answers = [api.post(kim, f"/close-requests/{row}/{act}") for row in (request, "0" * 32, "x")]
        assert {answer.status_code for answer in answers} == {404}
        assert len({answer.content for answer in answers}) == 1


def test_a_closed_case_is_reopened_with_a_holder_from_the_same_instant(api: Api) -> None:
    mia, lars, reference = api.house.mia, api.house.lars, api.ready_to_close()
    open_already = api.post(lars, f"/cases/{reference}/reopen", {"reason": "x"})
    api.did(lars, f"/close-requests/{api.asked_to_close(mia, reference)}/approve")
    changed = api.post(mia, f"/cases/{reference}/followups", {"on": "2026-12-01"})
    api.clock.later(DAY)

    without = api.post(lars, f"/cases/{reference}/reopen", {})
    reopened = api.did(lars, f"/cases/{reference}/reopen", {"reason": "Hun har ringet igen."})

    assert (open_already.status_code, changed.status_code, without.status_code) == (409, 409, 422)
    assert reopened["status"] == "reopened"
    assert reopened["holder"]["username"] == "mia"
    ledger = api.saw(lars, f"/cases/{reference}/duty")["ledger"]
    assert [one["opening"] for one in ledger] == [1, 2]
