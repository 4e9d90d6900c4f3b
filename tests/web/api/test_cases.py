"""Raising, listing and looking at cases over HTTP."""

import json
from typing import Any

import pytest
from sqlalchemy import event

from models import AccessLogEntry, Case, Citizen
from models.session import writing
from tests.make import DAY, MONDAY, make_case, make_deadline
from tests.web.api.calling import CONCERN, Api


def test_a_raised_concern_is_held_by_whoever_raised_it(api_on_both: Api) -> None:
    api = api_on_both

    answer = api.post(api.house.mia, "/cases", CONCERN)

    receipt = answer.json()
    assert answer.status_code == 201
    assert receipt["holder"] == {"username": "mia", "name": "Mia Holm"}
    assert receipt["track"] == "adviser_under_18"
    assert "discuss" in receipt["open_steps"]
    assert receipt["next_due_at"].endswith("Z")


def test_the_answer_to_a_write_says_nothing_about_the_citizen(api: Api) -> None:
    answer = api.post(api.house.mia, "/cases", CONCERN)

    assert "Amira" not in answer.text
    assert "bange" not in answer.text


def test_every_field_of_a_concern_can_be_given(api: Api) -> None:
    reference = api.raised(
        citizen={"name": "Amira Opdigtet", "cpr": "010509-4000", "birth_date": "2009-05-01"},
        track="adviser_under_18",
        received_at="2026-11-22T22:30:00+01:00",
        team="nord",
        facts={"underretning_received": "no"},
    )

    case = api.saw(api.house.mia, f"/cases/{reference}")
    assert case["citizen"] == {
        "name": "Amira Opdigtet",
        "cpr": "0105094000",
        "birth_date": "2009-05-01",
        "age": 17,
    }
    assert case["received_at"] == "2026-11-22T21:30:00Z"
    assert case["facts"] == {"underretning_received": "no"}
    assert case["team"] == {"key": "nord", "name": "Team Nord"}
    assert case["view"] == "whole"


LATER = (MONDAY + DAY).isoformat()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"track": "unknown"}, "track"),
        ({"track": "professional"}, "track"),
        ({"team": "syd"}, "team"),
        ({"team": "nowhere"}, "team"),
        ({"received_at": LATER}, "received_at"),
        ({"received_at": "1999-12-31T23:59:59Z"}, "received_at"),
        ({"received_at": "2026-11-20T12:00:00"}, "received_at"),
        ({"received_at": "0001-01-01T00:00:00+14:00"}, "received_at"),
        ({"received_at": 1763974800}, "received_at"),
        ({"received_at": "i går"}, "received_at"),
        ({"citizen": {"name": "A", "cpr": "310299-1234"}}, "citizen.cpr"),
        ({"citizen": {"name": "A", "cpr": "kendes ikke"}}, "citizen.cpr"),
        ({"citizen": {"name": "A", "birth_date": "2009-13-01"}}, "citizen.birth_date"),
        ({"citizen": {"name": "A", "birth_date": "2027-01-01"}}, "citizen.birth_date"),
        ({"citizen": {"name": "A", "birth_date": 20090501}}, "citizen.birth_date"),
        ({"citizen": {"name": "A", "address": "Gaden 1"}}, "citizen.address"),
        ({"citizen": {"name": "A", "phone": "12345678"}}, "citizen.phone"),
        ({"citizen": {"name": " "}}, "citizen.name"),
        ({"citizen": {"name": "A" * 201}}, "citizen.name"),
        ({"citizen": {"name": "A\nB"}}, "citizen.name"),
        ({"citizen": {"name": 7}}, "citizen.name"),
        ({"citizen": {}}, "citizen.name"),
        ({"citizen": "Amira"}, "citizen"),
        ({"summary": ""}, "summary"),
        ({"summary": "x" * 20_001}, "summary"),
        ({"summary": "a\u202eb"}, "summary"),
        ({"summary": None}, "summary"),
        ({"facts": {"weather": "yes"}}, "facts.weather"),
        ({"facts": {"underretning_received": "maybe"}}, "facts.underretning_received"),
        ({"facts": []}, "facts"),
        ({"sumary": "misspelt"}, "sumary"),
    ],
)
def test_each_wrong_field_is_named_and_nothing_is_kept(api: Api, fields: dict[str, Any], field: str) -> None:
    answer = api.post(api.house.mia, "/cases", CONCERN | fields)

    problem = answer.json()
    assert answer.status_code == 422, problem
    assert answer.headers["content-type"] == "application/problem+json"
    assert field in problem["errors"]
    assert problem["detail"]
    assert (api.count(Case), api.count(Citizen)) == (0, 0)


def test_emoji_and_danish_letters_are_kept_as_they_are(api: Api) -> None:
    reference = api.raised(summary="Hun er ræd 😟 – »æøå«\nNy linje")

    assert api.saw(api.house.mia, f"/cases/{reference}")["summary"] == "Hun er ræd 😟 – »æøå«\nNy linje"


@pytest.mark.parametrize("name", ["hanne", "selma", "erik", "tine", "ada"])
def test_whoever_raises_no_concerns_is_told_so(api: Api, name: str) -> None:
    answer = api.post(getattr(api.house, name), "/cases", CONCERN)

    assert answer.status_code == 403
    assert api.count(Case) == 0


def test_a_case_that_is_not_theirs_looks_exactly_like_one_that_does_not_exist(api_on_both: Api) -> None:
    api, kim = api_on_both, api_on_both.house.kim
    reference = api.raised()
    api.token(kim)

    for path in ("", "/steps", "/events", "/duty"):
        forbidden = api.get(kim, f"/cases/{reference}{path}")
        for other in ("2026-999999", "x", "2026-000001%00", "æ", "9" * 300, "2026-000001'--"):
            unknown = api.get(kim, f"/cases/{other}{path}")
            assert (forbidden.status_code, forbidden.content) == (unknown.status_code, unknown.content)
        assert forbidden.status_code == 404
        assert forbidden.headers == unknown.headers


def test_writing_to_a_case_that_is_not_theirs_looks_like_that_too(api: Api) -> None:
    kim, reference = api.house.kim, api.raised()
    note = dict.fromkeys(("situation", "risk", "next_action", "avoid"), "x")
    bodies: dict[str, Any] = {
        "acute": {},
        "calls": {"contact": "police", "outcome": "busy"},
        "followups": {"on": "2026-12-01"},
        "handovers": {"to": "otto", "note": note},
        "close-requests": {"end": "not_concerned", "reason": "x", "has_siblings": "no"},
        "reopen": {"reason": "x"},
        "siblings": {"reference": "2026-000001"},
        "steps/discuss/complete": {"answers": {}},
        "steps/nonsense/complete": {"answers": {}},
        "steps/discuss/skip": {"reason": "x"},
    }

    for path, body in bodies.items():
        forbidden = api.post(kim, f"/cases/{reference}/{path}", body)
        unknown = api.post(kim, f"/cases/2026-999999/{path}", body)
        assert forbidden.status_code == 404, path
        assert forbidden.content == unknown.content, path


def test_every_look_and_every_refused_look_is_on_record(api: Api) -> None:
    mia, kim, hanne = api.house.mia, api.house.kim, api.house.hanne
    reference = api.raised()

    api.get(mia, f"/cases/{reference}")
    api.get(mia, f"/cases/{reference}/steps")
    api.get(kim, f"/cases/{reference}")
    api.get(hanne, f"/cases/{reference}")
    api.get(kim, "/cases/nonsense")
    api.post(kim, f"/cases/{reference}/acute")

    assert api.looks() == [
        (mia.id, True, "api"),
        (mia.id, True, "api"),
        (kim.id, False, "api"),
        (hanne.id, False, "api"),
        (kim.id, False, "api"),
        (kim.id, False, ""),
    ]


def test_when_the_record_cannot_be_written_nothing_is_shown(api: Api) -> None:
    reference = api.raised()

    def refuses(*_given: object) -> None:
        raise RuntimeError("the log is full")

    event.listen(AccessLogEntry, "before_insert", refuses)
    try:
        answer = api.get(api.house.mia, f"/cases/{reference}")
    finally:
        event.remove(AccessLogEntry, "before_insert", refuses)

    assert answer.status_code == 500
    assert "Amira" not in answer.text


def test_the_head_sees_the_case_in_lists_and_none_of_its_content(api: Api) -> None:
    hanne, reference = api.house.hanne, api.raised()

    listed = api.saw(hanne, "/cases")["items"]
    answers = [api.get(hanne, f"/cases/{reference}{path}") for path in ("", "/steps", "/events")]

    assert [one["reference"] for one in listed] == [reference]
    assert {answer.status_code for answer in answers} == {403}
    assert all("Amira" not in answer.text for answer in answers)


def test_whoever_handed_the_case_over_sees_only_what_they_wrote(api: Api) -> None:
    mia, kim = api.house.mia, api.house.kim
    reference = api.raised(facts={"underretning_received": "no"})
    api.complete(mia, reference, "discuss", discussion_note="Mia skrev dette.")
    api.did(kim, f"/handovers/{api.offered(mia, reference, 'kim')}/accept")
    api.complete(kim, reference, "siblings", other_children="no")

    part = api.saw(mia, f"/cases/{reference}")

    assert part["view"] == "own_part"
    assert part["taken_over_at"] is not None
    assert [step["key"] for step in part["steps"]] == ["discuss"]
    assert part["steps"][0]["answers"]["discussion_note"] == "Mia skrev dette."
    assert "Amira" not in json.dumps(part)
    steps = api.saw(mia, f"/cases/{reference}/steps")
    assert [step["key"] for step in steps["items"]] == ["discuss"]
    assert api.get(mia, f"/cases/{reference}/events").status_code == 403
    assert api.get(mia, f"/cases/{reference}/duty").status_code == 403
    assert api.saw(mia, "/cases")["items"] == []


def test_a_case_shows_its_deadlines_with_their_arithmetic(api: Api) -> None:
    mia, lars = api.house.mia, api.house.lars
    reference = api.raised(mia)

    deadlines = {one["key"]: one for one in api.saw(mia, f"/cases/{reference}")["deadlines"]}

    assert deadlines["danger_24h"]["basis"] == "law"
    assert "24 timer" in deadlines["danger_24h"]["explanation"]
    assert not deadlines["discussed"]["is_decided"]
    assert api.saw(lars, f"/cases/{reference}")["may"] == sorted(api.saw(lars, f"/cases/{reference}")["may"])


def test_a_case_that_was_written_by_hand_is_shown_too(api: Api) -> None:
    with writing(api.engine) as session:
        case = make_case(session, holder=api.house.mia)
        make_deadline(session, case=case)

    assert api.saw(api.house.mia, f"/cases/{case.reference}")["summary"] == "En opdigtet bekymring."
