"""What is asked in the steps of a case, and settling them, over HTTP."""

from typing import Any

import pytest

from tests.cases.small_case import small_in_force
from tests.protocols.family import comes_back
from tests.web.api.calling import Api


def _step(api: Api, reference: str, key: str) -> dict[str, Any]:
    steps = api.saw(api.house.mia, f"/cases/{reference}/steps")["items"]
    found: dict[str, Any] = next(one for one in steps if one["key"] == key)
    return found


def test_an_open_step_says_all_that_a_form_needs(api: Api) -> None:
    reference = api.raised()

    step = _step(api, reference, "discuss")

    questions = {one["key"]: one for one in step["questions"]}
    assert step["modality"] == "must"
    assert step["status"] == "open"
    assert step["cautions"]
    assert questions["sparring_needed"]["choices"] == {"yes": "Ja", "no": "Nej"}
    assert questions["discussed_with"]["people"][0] == {"role": "leader", "staff": "lars", "name": "Lars Bak"}
    assert not questions["bypass_reason"]["is_asked"]


def test_people_are_named_by_username_in_and_out(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()
    answers = {"discussed_with": {"role": "leader", "staff": "lars"}, "sparring_needed": "no"}

    api.did(mia, f"/cases/{reference}/steps/discuss/complete", {"answers": answers})

    assert _step(api, reference, "discuss")["answers"] == answers
    assert _step(api, reference, "discuss")["settled_by"]["username"] == "mia"


GOOD = {"discussed_with": {"role": "leader", "staff": "lars"}, "sparring_needed": "no"}


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({}, "answers.sparring_needed"),
        ({"sparring_needed": "maybe"}, "answers.sparring_needed"),
        ({"sparring_needed": True}, "answers.sparring_needed"),
        ({"sparring_needed": ["yes"]}, "answers.sparring_needed"),
        ({"discussed_with": "lars"}, "answers.discussed_with"),
        ({"discussed_with": {"role": "leader", "staff": "nobody"}}, "answers.discussed_with"),
        ({"discussed_with": {"role": "leader", "staff": 1}}, "answers.discussed_with"),
        ({"discussed_with": {"role": "leader", "staff": None}}, "answers.discussed_with"),
        ({"discussed_with": {"role": "leader", "staff": "kim"}}, "answers.discussed_with"),
        ({"discussed_with": {"role": "king", "staff": "lars"}}, "answers.discussed_with"),
        ({"discussed_with": {"staff": "lars"}}, "answers.discussed_with"),
        ({"unknown_question": "yes"}, "answers.unknown_question"),
        ({"bypass_reason": "absent"}, "answers.bypass_reason"),
        ({"discussion_note": "x" * 20_001}, "answers.discussion_note"),
        ({"discussion_note": "a\u202eb"}, "answers.discussion_note"),
        ({"general_advice_from": ["viso"], "general_advice_note": "Om Amira"}, "answers.general_advice_note"),
        ({"general_advice_from": ["nobody"]}, "answers.general_advice_from"),
        ({"general_advice_from": {"a": {"b": []}}}, "answers.general_advice_from"),
    ],
)
def test_each_wrong_answer_is_named_and_the_step_stays_open(
    api: Api, answers: dict[str, Any], field: str
) -> None:
    mia, reference = api.house.mia, api.raised()
    given = GOOD | answers if answers else {"discussed_with": GOOD["discussed_with"]}

    answer = api.post(mia, f"/cases/{reference}/steps/discuss/complete", {"answers": given})

    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]
    assert _step(api, reference, "discuss")["status"] == "open"


@pytest.mark.parametrize(
    "body", [{"answers": []}, {"answers": None}, {"answer": {}}, {"answers": {}, "by": "lars"}]
)
def test_a_body_of_another_shape_is_refused(api: Api, body: Any) -> None:
    reference = api.raised()

    assert api.post(api.house.mia, f"/cases/{reference}/steps/discuss/complete", body).status_code == 422


def test_a_step_is_completed_once(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()
    api.did(mia, f"/cases/{reference}/steps/discuss/complete", {"answers": GOOD})

    answer = api.post(mia, f"/cases/{reference}/steps/discuss/complete", {"answers": GOOD})

    assert answer.status_code == 409


def test_a_step_out_of_order_or_unknown_is_refused(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()

    early = api.post(mia, f"/cases/{reference}/steps/assess/complete", {"answers": {}})
    unknown = api.post(mia, f"/cases/{reference}/steps/dance/complete", {"answers": {}})

    assert (early.status_code, unknown.status_code) == (409, 404)
    assert unknown.json()["detail"] == "Trinnet findes ikke i denne arbejdsgang."


def test_without_the_duty_one_sees_the_step_but_does_not_complete_it(api: Api) -> None:
    reference = api.raised()

    answer = api.post(api.house.lars, f"/cases/{reference}/steps/discuss/complete", {"answers": GOOD})

    assert answer.status_code == 403


def test_a_gate_of_the_protocol_is_a_conflict_that_names_its_rule(api: Api) -> None:
    mia, reference = api.house.mia, api.raised(facts={"underretning_received": "no"})
    api.complete(mia, reference, "discuss", sparring_needed="no")
    answers = {
        "still_concerned": "yes",
        "assessment_reason": "x",
        "assessed_acute": "no",
        "safety_plan_needed": "no",
        "partners_to_inform": ["parents"],
    }

    answer = api.post(mia, f"/cases/{reference}/steps/assess/complete", {"answers": answers})

    problem = answer.json()
    assert answer.status_code == 409
    assert problem["rule"] == "risk_before_parents"
    assert problem["reference"]
    assert problem["detail"].startswith("Forældre og netværk")


def test_a_step_that_may_be_left_out_is_left_out_with_a_reason(api: Api) -> None:
    mia, reference = api.house.mia, api.raised(facts={"underretning_received": "no"})
    api.complete(mia, reference, "discuss", sparring_needed="yes")

    without = api.post(mia, f"/cases/{reference}/steps/sparring/skip", {})
    must = api.post(mia, f"/cases/{reference}/steps/siblings/skip", {"reason": "x"})
    skipped = api.did(mia, f"/cases/{reference}/steps/sparring/skip", {"reason": "Ikke nødvendigt."})

    assert (without.status_code, must.status_code) == (422, 409)
    assert skipped["status"] == "not_applicable"
    assert "assess" in skipped["case"]["open_steps"]
    assert _step(api, reference, "sparring")["reason"] == "Ikke nødvendigt."


def test_a_round_that_nobody_reckoned_with_says_so(api: Api) -> None:
    mia = api.house.mia
    with small_in_force(*comes_back(at_most=2)):
        reference = api.raised(track="small", facts={"urgent": "no"})
        api.complete(mia, reference, "talk", worried="yes", danger="no")
        for _ in range(2):
            api.complete(mia, reference, "visit", visit_note="more")

        items = api.saw(mia, f"/cases/{reference}/steps")["items"]

    rounds = [(one["round"], one["is_beyond"]) for one in items if one["key"] == "visit"]
    assert rounds == [(1, False), (2, False), (3, True)]
