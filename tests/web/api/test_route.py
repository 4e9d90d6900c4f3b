"""Nobody is let in without a token that works, and whoever is not learns nothing."""

import pytest
from sqlalchemy import update
from sqlmodel import col

from models import AccessToken, Case, Staff
from models.session import writing
from tests.make import DAY
from tests.web.api.calling import CONCERN, Api

PROBLEM = "application/problem+json"


def test_without_a_token_the_answer_is_401_and_says_how_to_come_in(api: Api) -> None:
    answer = api.client.get("/api/v1/me")

    assert answer.status_code == 401
    assert answer.headers["content-type"] == PROBLEM
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["detail"].startswith("Adgangsnøglen")


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer unknown", "Basic hp_x", "hp_x", "Bearer " + "x" * 5000, "Bearer \xff"],
)
def test_a_token_that_is_none_opens_nothing(api: Api, header: str) -> None:
    answer = api.client.get("/api/v1/me", headers={"Authorization": header.encode("latin-1")})

    assert answer.status_code == 401


def test_expired_revoked_and_inactive_all_get_the_same_bytes(api: Api) -> None:
    token = {"Authorization": f"Bearer {api.token(api.house.mia)}"}
    answers = []

    api.clock.later(91 * DAY)
    answers.append(api.client.get("/api/v1/me", headers=token))
    api.clock.later(-91 * DAY)
    assert api.client.get("/api/v1/me", headers=token).status_code == 200
    with writing(api.engine) as session:
        session.exec(update(AccessToken).values(revoked_at=api.clock.at))
    answers.append(api.client.get("/api/v1/me", headers=token))
    with writing(api.engine) as session:
        session.exec(update(AccessToken).values(revoked_at=None))
        session.exec(update(Staff).where(col(Staff.id) == api.house.mia.id).values(is_active=False))
    answers.append(api.client.get("/api/v1/me", headers=token))

    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1


def test_the_token_is_asked_for_before_the_body_is_looked_at(api: Api) -> None:
    answer = api.client.post("/api/v1/cases", content=b"{", headers={"Content-Type": "text/plain"})

    assert answer.status_code == 401


def test_a_session_cookie_opens_no_route_of_the_api(api: Api) -> None:
    answer = api.client.get("/api/v1/me", headers={"Cookie": f"handlepligt={api.token(api.house.mia)}"})

    assert answer.status_code == 401


def test_an_unforeseen_error_tells_nothing_but_its_number(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_given: object, **_more: object) -> None:
        raise RuntimeError("Amira Opdigtet")

    monkeypatch.setattr("handlepligt.web.api.cases.raise_concern", breaks)
    answer = api.post(api.house.mia, "/cases", CONCERN)

    assert answer.status_code == 500
    assert answer.headers["content-type"] == PROBLEM
    assert "Amira" not in answer.text
    assert api.count(Case) == 0


def test_an_unknown_path_and_a_wrong_method_are_problems_too(api: Api) -> None:
    unknown = api.get(api.house.mia, "/people")
    wrong = api.ask(api.house.mia, "DELETE", "/cases")

    assert (unknown.status_code, wrong.status_code) == (404, 405)
    assert {unknown.headers["content-type"], wrong.headers["content-type"]} == {PROBLEM}


def test_no_answer_may_be_kept_by_anything_on_the_way(api: Api) -> None:
    answer = api.get(api.house.mia, "/me")

    assert answer.headers["cache-control"] == "no-store"
