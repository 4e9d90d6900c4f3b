"""Forms and agreed actions over HTTP: sent and given back as structures; forms lifted; raised cases told."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.make import WEEK
from tests.web.api.calling import Api
from tests.web.invented import FACTS, GRAVE, MILD, invented_in_force

DANGER = {
    "items": {"threats": {"": "no"}, "control": {"": "some"}},
    "notes": {},
    "score": 1,
    "band": "low",
    "override": "",
    "reason": "",
}


@pytest.fixture
def reference(api: Api) -> Iterator[str]:
    with invented_in_force():
        citizen = {"name": "Amira Opdigtet", "birth_date": "1990-05-01"}
        yield api.raised(track="proeveby_violence", citizen=citizen, facts=FACTS)


def assessment(form: Any = MILD, **changed: Any) -> dict[str, Any]:
    answers = {
        "danger_form": form,
        "assessed_with": {"role": "leader", "staff": "lars"},
        "still_worried": "yes",
        "act_now": "no",
        "assess_note": "Samtale i dag.",
    }
    return {"answers": answers | changed}


def step(api: Api, reference: str, key: str) -> dict[str, Any]:
    items = api.saw(api.house.mia, f"/cases/{reference}/steps")["items"]
    found: dict[str, Any] = next(one for one in items if one["key"] == key)
    return found


def test_a_form_is_sent_as_a_structure_and_comes_back_as_it_is_stored(api: Api, reference: str) -> None:
    mia = api.house.mia
    form = next(one for one in step(api, reference, "assess")["questions"] if one["key"] == "danger_form")
    assert (form["type"], form["form"]) == ("form", "danger")

    api.did(mia, f"/cases/{reference}/steps/assess/complete", assessment())

    assert step(api, reference, "assess")["answers"]["danger_form"] == DANGER


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ("grave", "answers.danger_form"),
        ({"items": {"control": "some"}}, "answers.danger_form.threats"),
        ({"items": {"threats": "perhaps", "control": "some"}}, "answers.danger_form.threats"),
        ({"items": {"threats": "no", "moon": "full"}}, "answers.danger_form.moon"),
        (MILD | {"score": 99}, "answers.danger_form.score"),
        (MILD | {"override": "high", "reason": "x"}, "answers.danger_form.override"),
    ],
)
def test_a_form_that_cannot_be_names_its_field(api: Api, reference: str, form: Any, field: str) -> None:
    answer = api.post(api.house.mia, f"/cases/{reference}/steps/assess/complete", assessment(form))

    assert answer.status_code == 422, answer.text
    assert field in answer.json()["errors"]
    assert step(api, reference, "assess")["status"] == "open"


def test_a_form_is_lifted_by_its_role_with_a_reason(api: Api, reference: str) -> None:
    mia, lars, path = api.house.mia, api.house.lars, f"/cases/{reference}/forms/danger_form/lift"
    early = api.post(lars, path, {"band": "high", "reason": "x"})
    api.did(mia, f"/cases/{reference}/steps/assess/complete", assessment())

    by_holder = api.post(mia, path, {"band": "high", "reason": "x"})
    down = api.post(lars, path, {"band": "low", "reason": "x"})
    unknown = api.post(lars, f"/cases/{reference}/forms/moon/lift", {"band": "high", "reason": "x"})
    done = api.did(lars, path, {"band": "high", "reason": "Hun har blå mærker."})

    assert (early.status_code, by_holder.status_code) == (409, 403)
    assert list(down.json()["errors"]) == ["band"]
    assert list(unknown.json()["errors"]) == ["question"]
    assert (done["band"], done["round"]) == ("high", 1)
    assert "mærker" not in str(done)
    stored = step(api, reference, "assess")["answers"]["danger_form"]
    assert (stored["band"], stored["override"], stored["reason"]) == ("low", "high", "Hun har blå mærker.")


def test_what_triggers_needs_no_lifting(api: Api, reference: str) -> None:
    api.did(api.house.mia, f"/cases/{reference}/steps/assess/complete", assessment(GRAVE))

    assert step(api, reference, "assess")["answers"]["danger_form"]["band"] == "high"


def test_agreed_actions_are_sent_as_a_list_and_become_items_and_deadlines(api: Api, reference: str) -> None:
    mia, selma = api.house.mia, api.house.selma
    path, by = f"/cases/{reference}/steps", (api.clock.at + WEEK).date().isoformat()
    api.did(mia, f"{path}/assess/complete", assessment())
    api.did(mia, f"{path}/plan/ticks", {"item": "code_word"})
    api.complete(mia, reference, "plan")
    daily = {
        "items": {
            "sleep": {"before": "good", "now": "worrying"},
            "school": {"before": "good", "now": "good"},
        },
        "notes": {"sleep": {"now": "Sover på sofaen."}},
        "overall": "bad",
    }
    api.did(selma, f"{path}/examine/complete", {"answers": {"daily_form": daily, "visits": 2}})
    api.complete(mia, reference, "gather", way_on="meet")
    actions = [
        {"what": "Ring til skolen", "who": "holder", "by": by},
        {"what": "Tag på besøg", "who": "Naboen", "by": by},
    ]
    chosen = {"network_meeting": "held", "network_meeting_again": "no"}

    lacking = api.post(
        mia,
        f"{path}/network_meeting/complete",
        {"answers": {"network_meeting_actions": [{"what": "Ring", "by": by}]} | chosen},
    )
    api.complete(mia, reference, "network_meeting", network_meeting_actions=actions, **chosen)
    items = step(api, reference, "network_meeting_actions_done")["items"]
    api.did(mia, f"{path}/network_meeting_actions_done/ticks", {"item": "2"})

    assert "answers.network_meeting_actions.0.who" in lacking.json()["errors"]
    assert step(api, reference, "network_meeting")["answers"]["network_meeting_actions"] == actions
    assert [(one["key"], one["text"], one["who"], one["by"]) for one in items] == [
        ("1", "Ring til skolen", "holder", by),
        ("2", "Tag på besøg", "Naboen", by),
    ]
    deadlines = api.saw(mia, f"/cases/{reference}")["deadlines"]
    of_actions = {
        one["key"]: one["status"] for one in deadlines if one["step"] == "network_meeting_actions_done"
    }
    assert sorted(of_actions.values()) == ["met", "running"]


def test_a_raised_case_is_told_on_both_sides_and_opened_by_its_own_people_only(
    api: Api, reference: str
) -> None:
    mia, otto = api.house.mia, api.house.otto
    person = {"relation": "child", "name": "Samir Opdigtet", "facts": {"witness": "yes"}}
    samir = api.did(mia, f"/cases/{reference}/people", person)["id"]
    api.did(mia, f"/cases/{reference}/steps/assess/complete", assessment())
    today = api.clock.at.date().isoformat()
    talked = {"answers": {"child_safe": "yes", "child_on": today}, "person": samir}
    api.did(mia, f"/cases/{reference}/steps/talk_to_child/complete", talked)

    told = api.saw(mia, f"/cases/{reference}/sub-cases")
    [raised] = told["items"]
    seen = api.saw(otto, f"/cases/{raised['reference']}/sub-cases")

    assert (raised["step"], raised["person"], raised["holder_name"], raised["may_see"]) == (
        "witness_case",
        samir,
        "Otto Krogh",
        False,
    )
    assert told["parent"] is None
    part = api.saw(mia, f"/cases/{raised['reference']}")
    assert (part["view"], part["steps"], part["open_steps"]) == ("own_part", [], [])
    assert "Samir" not in str(part)
    assert (seen["items"], seen["parent"]["reference"], seen["parent"]["may_see"]) == ([], reference, False)
    assert not step(api, reference, "witness_case")["may_act"]
    assert api.saw(mia, f"/cases/{reference}")["sub_cases"] == told["items"]
