"""Versions and moves through the API: by programs, with the same rights and refusals as the pages."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from handlepligt.cases.definitions import forget
from handlepligt.domain.vocabulary import StaffRole
from models import Staff
from models.session import writing
from protocols.loader import DEFINITIONS
from tests.make import make_staff
from tests.web.api.calling import Api

WRITTEN = (DEFINITIONS / "adviser_under_18.yaml").read_text("utf-8")
OLD = next(iter(re.findall(r'^  version: "([0-9-]+)"', WRITTEN, re.MULTILINE)))
NEW = "2031-1"
NEWER = WRITTEN.replace(f'version: "{OLD}"', f'version: "{NEW}"', 1).replace("24 hours", "48 hours")


@pytest.fixture(autouse=True)
def _own_library() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.fixture
def edel(api: Api) -> Staff:
    with writing(api.engine) as session:
        return make_staff(session, name="Edel Bro", role=StaffRole.PROTOCOL_EDITOR)


def published(api: Api, edel: Staff) -> dict[str, Any]:
    row = api.did(api.house.erik, "/protocols/versions", {"definition": NEWER})
    done: dict[str, Any] = api.did(
        edel, f"/protocols/versions/{row['id']}/publish", {"sha256": row["sha256"]}
    )
    return done


def test_a_version_is_drafted_compared_published_and_withdrawn(api: Api, edel: Staff) -> None:
    erik, path = api.house.erik, "/protocols/versions"
    row = api.did(erik, path, {"definition": NEWER}, key="one")
    assert api.did(erik, path, {"definition": NEWER}, key="one") == row
    assert (row["status"], row["drafted_by"]) == ("draft", "Erik Skov")
    assert api.get(api.house.mia, f"{path}/{row['id']}").status_code == 404
    assert api.post(erik, f"{path}/{row['id']}/publish").json()["rule"] == "four_eyes"

    seen = api.saw(edel, f"{path}/{row['id']}")
    assert seen["compared_with"] == OLD
    assert any("48 timer" in change for change in seen["changes"])
    assert api.did(edel, f"{path}/{row['id']}/publish", {"sha256": row["sha256"]})["is_newest"]
    listed = {(one["key"], one["version"]): one for one in api.saw(api.house.mia, path)["items"]}
    assert listed["adviser_under_18", NEW]["is_newest"]
    assert not listed["adviser_under_18", OLD]["is_newest"]
    assert api.saw(api.house.mia, f"/protocols/adviser_under_18/{NEW}")["version"] == NEW

    assert api.did(erik, f"{path}/{row['id']}/withdraw")["status"] == "withdrawn"
    assert api.post(erik, f"{path}/{row['id']}/discard").status_code == 409


def test_a_draft_is_thrown_away(api: Api, edel: Staff) -> None:
    row = api.did(api.house.erik, "/protocols/versions", {"definition": NEWER})

    api.did(edel, f"/protocols/versions/{row['id']}/discard")

    assert api.get(edel, f"/protocols/versions/{row['id']}").status_code == 404


def test_all_that_is_wrong_is_told_with_its_place(api: Api) -> None:
    broken = NEWER.replace("48 hours", "48 moons")

    answer = api.post(api.house.erik, "/protocols/versions", {"definition": broken})

    assert answer.status_code == 422
    problems = answer.json()["problems"]
    assert len(problems) == broken.count("48 moons")
    assert all(one["line"] > 1 for one in problems)
    assert all(one["sentence"].startswith("'48 moons' is not a length of time") for one in problems)
    assert all(one["user_message"].startswith("“48 moons” er ikke en længde af tid.") for one in problems)


def test_only_the_editors_write(api: Api) -> None:
    for who in (api.house.mia, api.house.lars, api.house.ada):
        assert api.post(who, "/protocols/versions", {"definition": NEWER}).status_code == 403


def test_a_case_is_moved_and_moved_back(api: Api, edel: Staff) -> None:
    erik, lars = api.house.erik, api.house.lars
    reference = api.raised()
    published(api, edel)
    path = f"/cases/{reference}/migrations"

    told = api.saw(erik, path, to=NEW)
    assert told["can_go_to"] == [NEW]
    assert told["preview"]["stays_open"]
    assert [one for one in told["preview"]["deadlines"] if one["before"] != one["after"]]
    made = api.did(erik, path, {"to_version": NEW, "reason": "48 timer nu."})
    assert api.post(erik, f"/migrations/{made['id']}/approve").status_code == 404
    assert api.post(lars, f"/migrations/{made['id']}/approve", {"seen": "x"}).status_code == 409

    waiting = api.saw(lars, path)
    done = api.did(lars, f"/migrations/{made['id']}/approve", {"seen": waiting["preview"]["fingerprint"]})
    assert done["protocol_version"] == NEW
    assert done["holder"]["username"] == "mia"
    assert api.saw(lars, path)["undoable"] == made["id"]

    api.clock.later(timedelta(hours=1))
    assert api.did(lars, f"/migrations/{made['id']}/undo")["protocol_version"] == OLD
    after = api.saw(lars, path)
    assert (after["version"], after["undoable"]) == (OLD, None)
    assert [one["status"] for one in after["past"]] == ["undone"]


def test_a_proposal_is_turned_down(api: Api, edel: Staff) -> None:
    reference = api.raised()
    published(api, edel)
    made = api.did(edel, f"/cases/{reference}/migrations", {"to_version": NEW, "reason": "Fordi."})

    assert api.did(api.house.lars, f"/migrations/{made['id']}/withdraw")["status"] == "withdrawn"

    assert api.saw(api.house.mia, f"/cases/{reference}")["protocol_version"] == OLD


def test_moves_of_others_cases_do_not_exist(api: Api, edel: Staff) -> None:
    reference = api.raised()
    published(api, edel)
    body = {"to_version": NEW, "reason": "Fordi."}

    for who, status in ((api.house.kim, 404), (api.house.sofie, 404), (api.house.mia, 403)):
        assert api.get(who, f"/cases/{reference}/migrations").status_code == status
        assert api.post(who, f"/cases/{reference}/migrations", body).status_code == status
    assert api.get(api.house.erik, "/cases/2026-999999/migrations").status_code == 404
    assert api.post(api.house.lars, "/migrations/nothing/approve").status_code == 404
    assert api.get(api.house.erik, f"/cases/{reference}/migrations", to="1999-1").status_code == 404
