"""Linked people, raised cases and what is set right afterwards, over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlmodel import select

from models import Deadline, LinkedPerson
from models.session import reading
from tests.cases.clockwork import clockwork_in_force
from tests.cases.family import family_in_force
from tests.make import DAY, HOUR
from tests.web.api.calling import Api

SAMIR = {"relation": "sibling", "name": "Samir Opdigtet", "facts": {"in_danger": "yes"}}


@pytest.fixture
def family(api: Api) -> Iterator[str]:
    """The reference of Mia's case on the invented protocol, after they have talked."""
    with family_in_force():
        reference = api.raised(track="family")
        api.complete(api.house.mia, reference, "talk", worried="no")
        yield reference


@pytest.fixture
def clockwork(api: Api) -> Iterator[str]:
    with clockwork_in_force():
        yield api.raised(track="clockwork")


def linked(api: Api, reference: str, **changed: Any) -> str:
    person: str = api.did(api.house.mia, f"/cases/{reference}/people", SAMIR | changed)["id"]
    return person


def step(api: Api, reference: str, key: str) -> dict[str, Any]:
    items = api.saw(api.house.mia, f"/cases/{reference}/steps")["items"]
    found: dict[str, Any] = next(one for one in items if one["key"] == key)
    return found


def test_a_person_is_linked_and_the_answer_says_nothing_about_them(api: Api, family: str) -> None:
    answer = api.post(api.house.mia, f"/cases/{family}/people", SAMIR)

    assert answer.status_code == 201
    assert "Samir" not in answer.text
    assert "look_after" in answer.json()["open_steps"]
    people = api.saw(api.house.mia, f"/cases/{family}/people")
    assert [(one["name"], one["facts"]) for one in people["items"]] == [
        ("Samir Opdigtet", {"in_danger": "yes"})
    ]
    relations = {one["key"]: [fact["key"] for fact in one["facts"]] for one in people["relations"]}
    assert relations == {"sibling": ["in_danger", "school"], "partner": ["school"]}
    assert api.saw(api.house.mia, f"/cases/{family}")["people"] == people["items"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"relation": "cousin"}, "relation"),
        ({"name": ""}, "name"),
        ({"name": "A\nB"}, "name"),
        ({"facts": {"in_danger": "maybe"}}, "facts.in_danger"),
        ({"facts": {"in_danger": ["yes"]}}, "facts.in_danger"),
        ({"facts": {"in_danger": True}}, "facts.in_danger"),
        ({"relation": "partner"}, "facts.in_danger"),
        ({"facts": {"phone": "12345678"}}, "facts.phone"),
        ({"phone": "12345678"}, "phone"),
        ({"address": "Gaden 1"}, "address"),
    ],
)
def test_a_person_who_cannot_be_linked_is_refused_by_field(
    api: Api, family: str, changed: dict[str, Any], field: str
) -> None:
    answer = api.post(api.house.mia, f"/cases/{family}/people", SAMIR | changed)

    assert answer.status_code == 422, answer.text
    assert list(answer.json()["errors"]) == [field]
    assert api.count(LinkedPerson) == 0


def test_a_person_is_corrected_and_unlinked_each_with_a_reason(api: Api, family: str) -> None:
    mia, samir = api.house.mia, linked(api, family)

    without = api.post(mia, f"/people/{samir}/correct", {"facts": {"in_danger": "no"}})
    wrong = api.post(mia, f"/people/{samir}/correct", {"facts": {"in_danger": 7}, "reason": "x"})
    corrected = api.did(mia, f"/people/{samir}/correct", {"facts": {"in_danger": "no"}, "reason": "Set."})
    unlinked = api.did(mia, f"/people/{samir}/unlink", {"reason": "En anden familie."})
    again = api.post(mia, f"/people/{samir}/unlink", {"reason": "En anden familie."})

    assert list(without.json()["errors"]) == ["reason"]
    assert list(wrong.json()["errors"]) == ["facts.in_danger"]
    assert "look_after" not in corrected["open_steps"]
    assert unlinked["unlinked_at"] is not None
    assert again.status_code == 409
    assert api.saw(mia, f"/cases/{family}/people")["items"] == []


def test_a_round_about_a_person_is_named_and_settled_by_that_person(api: Api, family: str) -> None:
    mia, samir, sara = api.house.mia, linked(api, family), linked(api, family, name="Sara Opdigtet")
    answers = {"answers": {"child_safe": "yes"}}

    whose = [
        one["person"] for one in api.saw(mia, f"/cases/{family}/steps")["items"] if one["key"] == "look_after"
    ]
    nobody = api.post(mia, f"/cases/{family}/steps/look_after/complete", answers)
    done = api.did(mia, f"/cases/{family}/steps/look_after/complete", answers | {"person": samir})
    skipped = api.did(mia, f"/cases/{family}/steps/look_after/skip", {"reason": "Nej.", "person": sara})

    assert whose == [samir, sara]
    assert nobody.status_code == 409
    assert (done["person"], done["status"]) == (samir, "done")
    assert (skipped["person"], skipped["status"]) == (sara, "not_applicable")


def test_items_are_ticked_in_their_order(api: Api, family: str) -> None:
    mia, path = api.house.mia, f"/cases/{family}/steps/pack/ticks"

    early = api.post(mia, path, {"item": "phone"})
    unknown = api.post(mia, path, {"item": "map"})
    bad = api.post(mia, path, {"item": "papers", "done": "yes"})
    api.did(mia, path, {"item": "papers"})
    ticked = step(api, family, "pack")["items"]
    api.did(mia, path, {"item": "papers", "done": False})

    assert (early.status_code, early.json()["rule"]) == (409, "pack.checklist_order")
    assert list(unknown.json()["errors"]) == ["item"]
    assert list(bad.json()["errors"]) == ["done"]
    assert [one["ticked_at"] is not None for one in ticked] == [True, False, False]
    assert [one["is_required"] for one in ticked] == [True, False, False]
    assert all(one["ticked_at"] is None for one in step(api, family, "pack")["items"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"fact": "at_home", "value": "maybe", "reason": "x"}, "value"),
        ({"fact": "at_home", "value": ["no"], "reason": "x"}, "value"),
        ({"fact": "at_home", "value": "no"}, "reason"),
        ({"fact": "at_home", "reason": "x"}, "value"),
        ({"fact": "moon", "value": "no", "reason": "x"}, "fact"),
        ({"fact": "threatened_on", "value": "2099-01-01", "reason": "x"}, "value"),
    ],
)
def test_a_fact_that_cannot_be_corrected_so_is_named(
    api: Api, family: str, body: dict[str, Any], field: str
) -> None:
    answer = api.post(api.house.mia, f"/cases/{family}/fact-corrections", body)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


def test_a_corrected_fact_opens_what_follows_from_it(api: Api, family: str) -> None:
    mia = api.house.mia
    body = {"fact": "at_home", "value": "no", "reason": "Hun er flyttet."}

    receipt = api.did(mia, f"/cases/{family}/fact-corrections", body, key="once")
    again = api.did(mia, f"/cases/{family}/fact-corrections", body, key="once")

    assert "court" in receipt["open_steps"]
    assert again == receipt
    assert api.saw(mia, f"/cases/{family}")["facts"] == {"at_home": "no"}
    assert step(api, family, "court")["waits_for"] == "Familieretten"


def test_a_role_is_gone_past_once_its_people_have_had_their_time(api: Api, family: str) -> None:
    mia, path = api.house.mia, f"/cases/{family}/bypasses"
    tried_at = api.clock.at.isoformat()
    api.clock.later(HOUR)
    body = {"role": "boss", "reason": "no_answer", "tried_at": tried_at, "note": "Ringet to gange."}

    early = api.post(mia, path, body)
    without = api.post(mia, path, {"role": "boss", "reason": "no_answer"})
    bored = api.post(mia, path, {"role": "boss", "reason": "bored"})
    unknown = api.post(mia, path, {"role": "king", "reason": "absent"})
    api.clock.later(HOUR)
    done = api.post(mia, path, body)

    assert (early.status_code, early.json()["rule"]) == (409, "roles.boss.no_answer_within")
    assert [list(one.json()["errors"]) for one in (without, bored, unknown)] == [
        ["tried_at"],
        ["reason"],
        ["role"],
    ]
    assert done.status_code == 201
    assert "Ringet" not in done.text
    seen = api.saw(mia, path)
    assert [(one["role"], one["reason"], one["note"]) for one in seen["items"]] == [
        ("boss", "no_answer", "Ringet to gange.")
    ]
    roles = {one["key"]: one["no_answer_within_minutes"] for one in seen["roles"]}
    assert roles == {"boss": 120, "stand_in": 120, "top": 120}
    assert api.saw(mia, f"/cases/{family}")["bypasses"] == seen["items"]


def finished(api: Api) -> Deadline:
    with reading(api.engine) as session:
        return session.exec(select(Deadline).where(Deadline.key == "finished")).one()


def test_a_deadline_says_how_it_may_be_extended_and_is_extended_so(api: Api, clockwork: str) -> None:
    mia, lars, before = api.house.mia, api.house.lars, finished(api)

    def offered(who: Any) -> Any:
        deadlines = api.saw(who, f"/cases/{clockwork}")["deadlines"]
        return next(one["extension"] for one in deadlines if one["key"] == "finished")

    possible = offered(lars)
    assert offered(mia) is None
    assert possible["reasons"] == ["Familien er rejst"]
    assert (possible["left"], possible["reference"]) == (2, "Loven § 4 (før Loven § 3)")
    path, body = f"/deadlines/{before.id}/extend", {"reason": "Familien er rejst"}
    to_day = api.did(lars, path, body | {"until": (before.due_at + 3 * DAY).date().isoformat()})
    whole = api.did(lars, path, body)
    third = api.post(lars, path, body)

    assert to_day["extensions"] == 1
    assert whole["due_at"] > to_day["due_at"] > before.due_at.isoformat()
    assert third.status_code == 409
    assert offered(lars) is None


@pytest.mark.parametrize(
    ("changed", "status", "field"),
    [
        ({"reason": ""}, 422, "reason"),
        ({"until": "soon"}, 422, "until"),
        ({"until": 7}, 422, "until"),
        ({"until": "2027-02-30"}, 422, "until"),
        ({"until": "2027-01-01T12:00:00"}, 422, "until"),
        ({"until": "2020-01-01"}, 422, "until"),
        ({"until": "2099-01-01"}, 409, ""),
    ],
)
def test_an_extension_that_cannot_be_is_refused(
    api: Api, clockwork: str, changed: dict[str, Any], status: int, field: str
) -> None:
    before = finished(api)
    body = {"reason": "Familien er rejst"} | changed

    answer = api.post(api.house.lars, f"/deadlines/{before.id}/extend", body)

    assert answer.status_code == status, answer.text
    assert list(answer.json().get("errors", [])) == ([field] if field else [])
    assert finished(api).due_at == before.due_at


def test_a_paused_deadline_and_step_say_so(api: Api, clockwork: str) -> None:
    mia = api.house.mia
    api.did(mia, f"/cases/{clockwork}/acute")

    deadlines = {one["key"]: one["paused_at"] for one in api.saw(mia, f"/cases/{clockwork}")["deadlines"]}

    assert step(api, clockwork, "plan")["paused_by"] == ["Slå alarm"]
    assert deadlines["in_hours"] is not None
    assert deadlines["by_law"] is None
