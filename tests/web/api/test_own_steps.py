"""Over HTTP too, whoever owns a step sees that step and nothing else of the case."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cases.family import family_in_force
from tests.web.api.calling import Api

CANARIES = ("Kanarie Borgersen", "Kanariens bekymring", "Kanarie Søskende", "Kanariens svar")
RISK = {"answers": {"risk": "high", "risk_note": "Kanariens svar"}}


@pytest.fixture
def reference(api: Api) -> Iterator[str]:
    with family_in_force():
        citizen = {"name": CANARIES[0], "birth_date": "2009-05-01"}
        made = api.raised(track="family", citizen=citizen, summary=CANARIES[1])
        api.complete(api.house.mia, made, "talk", worried="no")
        person = {"relation": "sibling", "name": CANARIES[2], "facts": {"school": CANARIES[3]}}
        api.did(api.house.mia, f"/cases/{made}/people", person)
        yield made


def says_nothing(answer: Any) -> bool:
    said = json.dumps(answer, ensure_ascii=False)
    return not [word for word in (*CANARIES, "pack", "look_after", "hide") if word in said]


def test_an_owner_finds_their_task_and_sees_their_step_only(api: Api, reference: str) -> None:
    selma = api.house.selma

    me = api.saw(selma, "/me")
    case = api.saw(selma, f"/cases/{reference}")
    steps = api.saw(selma, f"/cases/{reference}/steps")

    assert [(one["reference"], one["step"]) for one in me["tasks"]] == [(reference, "examine")]
    assert case["view"] == "own_part"
    assert [one["key"] for one in case["open_steps"]] == ["examine"]
    assert case["ask"]["username"] == "mia"
    assert case["open_steps"] == steps["open"]
    assert case["open_steps"][0]["may_act"]
    assert steps["items"] == []
    assert all(says_nothing(one) for one in (me, case, steps))


@pytest.mark.parametrize("path", ["/people", "/bypasses", "/sub-cases", "/events", "/duty"])
def test_an_owner_looks_at_nothing_else(api: Api, reference: str, path: str) -> None:
    answer = api.get(api.house.selma, f"/cases/{reference}{path}")

    assert answer.status_code == 403
    assert says_nothing(answer.json())


def test_the_answer_to_an_owner_says_nothing_of_where_the_case_stands(api: Api, reference: str) -> None:
    selma = api.house.selma

    wrong = api.post(selma, f"/cases/{reference}/steps/examine/complete", {"answers": {}})
    foreign = api.post(selma, f"/cases/{reference}/steps/pack/complete", {"answers": {}})
    done = api.did(selma, f"/cases/{reference}/steps/examine/complete", RISK)

    assert list(wrong.json()["errors"]) == ["answers.risk"]
    assert foreign.status_code == 403
    assert done["case"] is None
    assert says_nothing(done)
    assert api.get(selma, f"/cases/{reference}").status_code == 404
    assert api.saw(selma, "/me")["tasks"] == []


def test_the_second_assessor_sees_the_first_answers_afterwards(api: Api, reference: str) -> None:
    lars, path = api.house.lars, f"/cases/{reference}/steps"
    api.did(api.house.selma, f"{path}/examine/complete", RISK)

    def first(who: Any) -> dict[str, Any]:
        return next(one for one in api.saw(who, path)["items"] if one["key"] == "examine")

    before, keeper = first(lars), first(api.house.mia)
    refused = api.post(api.house.mia, f"{path}/examine_second/complete", {"answers": {"risk_second": "low"}})
    api.did(lars, f"{path}/examine_second/complete", {"answers": {"risk_second": "low"}})

    assert (before["answers"], before["is_hidden"]) == ({}, True)
    assert keeper["answers"] == RISK["answers"]
    assert refused.status_code == 409
    assert first(lars)["answers"] == RISK["answers"]
