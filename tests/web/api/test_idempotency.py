"""A write with a key is done once, however often and however many at a time ask for it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from httpx import Response
from sqlmodel import select

from handlepligt.web.api.idempotency import Write
from models import AnsweredWrite, Call, Case, CaseEvent, Notification
from models.session import reading
from tests.web.api.calling import CONCERN, Api


def test_the_same_request_with_the_same_key_gets_the_same_answer_and_one_case(api_on_both: Api) -> None:
    api, mia = api_on_both, api_on_both.house.mia

    answers = [api.post(mia, "/cases", CONCERN, key="k-1") for _ in range(3)]

    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    assert api.count(Case) == 1


def test_the_first_answer_is_given_even_when_the_case_has_moved_on(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()
    path = f"/cases/{reference}/acute"

    first = api.post(mia, path, {"reason": "nu"}, key="k")
    api.complete(mia, reference, "danger_assessment")
    second = api.post(mia, path, {"reason": "nu"}, key="k")

    assert second.content == first.content
    assert "danger_assessment" in second.json()["open_steps"]


def test_spaces_and_the_order_of_fields_make_no_other_request(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()
    path, key = f"/cases/{reference}/calls", {"Idempotency-Key": "k", "Content-Type": "application/json"}

    one = api.ask(mia, "POST", path, content=b'{"contact":"police","outcome":"busy"}', headers=dict(key))
    two = api.ask(mia, "POST", path, content=b'{ "outcome": "busy", "contact": "police" }', headers=dict(key))

    assert one.status_code == 201
    assert two.content == one.content
    assert api.count(Call) == 1


def test_the_same_key_with_another_body_or_path_is_a_conflict(api: Api) -> None:
    mia, reference = api.house.mia, api.raised()
    api.did(mia, f"/cases/{reference}/followups", {"on": "2026-12-01"}, key="k")

    other_body = api.post(mia, f"/cases/{reference}/followups", {"on": "2026-12-02"}, key="k")
    other_path = api.post(mia, f"/cases/{api.raised()}/followups", {"on": "2026-12-01"}, key="k")

    assert (other_body.status_code, other_path.status_code) == (409, 409)
    assert "Idempotency-Key" in other_body.json()["detail"]
    assert api.saw(mia, f"/cases/{reference}")["next_followup_on"] == "2026-12-01"


def test_two_people_may_use_the_same_key(api: Api) -> None:
    one = api.did(api.house.mia, "/cases", CONCERN, key="k")
    citizen = {"name": "B", "birth_date": "2001-05-01"}
    two = api.did(api.house.otto, "/cases", CONCERN | {"citizen": citizen}, key="k")

    assert one["reference"] != two["reference"]


def test_without_a_key_each_request_is_an_act_of_its_own(api: Api) -> None:
    api.raised()
    api.raised()

    assert api.count(Case) == 2
    assert api.count(AnsweredWrite) == 0


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 201, "\u00e6".encode("latin-1"), b"\x01"])
def test_a_key_that_is_not_visible_ascii_is_refused(api: Api, key: Any) -> None:
    headers = {"Idempotency-Key": key}

    answer = api.ask(api.house.mia, "POST", "/cases", json=CONCERN, headers=headers)

    assert answer.status_code == 422
    assert [name.lower() for name in answer.json()["errors"]] == ["idempotency-key"]
    assert api.count(Case) == 0


@pytest.mark.parametrize("key", ["x" * 200, '"quoted"', "~!#$%"])
def test_every_visible_sign_may_stand_in_a_key(api: Api, key: str) -> None:
    assert api.post(api.house.mia, "/cases", CONCERN, key=key).status_code == 201


def test_a_refused_request_may_be_mended_and_sent_with_its_key(api: Api) -> None:
    mia = api.house.mia

    refused = api.post(mia, "/cases", CONCERN | {"track": "unknown"}, key="k")
    mended = api.post(mia, "/cases", CONCERN, key="k")

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_the_stored_answer_is_sealed(api: Api) -> None:
    reference = api.did(api.house.mia, "/cases", CONCERN, key="k")["reference"]

    with reading(api.engine) as session:
        stored = session.exec(select(AnsweredWrite)).one()
    assert reference in stored.body
    assert reference.encode() not in stored.body_sealed
    assert stored.key == "k"


def _at_once(api: Api, number: int, send: Any) -> list[Response]:
    together = Barrier(number)

    def go(place: int) -> Response:
        together.wait()
        answer: Response = send(place)
        return answer

    with ThreadPoolExecutor(number) as crowd:
        return list(crowd.map(go, range(number)))


def test_equal_requests_at_the_same_time_raise_one_case(api_on_both: Api) -> None:
    api, mia = api_on_both, api_on_both.house.mia
    api.token(mia)

    answers = _at_once(api, 6, lambda _: api.post(mia, "/cases", CONCERN, key="at-once"))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert api.count(Case) == 1


def test_equal_completions_at_the_same_time_all_get_the_one_answer(api_on_both: Api) -> None:
    api, mia = api_on_both, api_on_both.house.mia
    reference = api.raised()
    body = {"answers": {"child_in_danger": "no", "danger_reason": "Hun er hos en veninde."}}
    path = f"/cases/{reference}/steps/danger_assessment/complete"

    answers = _at_once(api, 6, lambda _: api.post(mia, path, body, key="done"))

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1


def test_without_a_key_only_one_of_two_completions_wins(api_on_both: Api) -> None:
    api, mia = api_on_both, api_on_both.house.mia
    reference = api.raised()
    body = {"answers": {"child_in_danger": "no", "danger_reason": "Hun er hos en veninde."}}
    path = f"/cases/{reference}/steps/danger_assessment/complete"

    answers = _at_once(api, 4, lambda _: api.post(mia, path, body))

    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]


def test_different_concerns_at_the_same_time_all_get_a_case(api_on_both: Api) -> None:
    api, mia = api_on_both, api_on_both.house.mia
    api.token(mia)

    answers = _at_once(api, 6, lambda place: api.post(mia, "/cases", CONCERN, key=f"k{place}"))

    references = {answer.json()["reference"] for answer in answers}
    assert len(references) == 6


def test_the_act_its_event_its_message_and_its_answer_stand_or_fall_together(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    unbroken = AnsweredWrite.__setattr__

    def set_attribute(row: AnsweredWrite, name: str, value: Any) -> None:
        if name == "status" and value == 201:
            raise RuntimeError("the disk is full")
        unbroken(row, name, value)

    monkeypatch.setattr(AnsweredWrite, "__setattr__", set_attribute)
    answer = api.post(api.house.mia, "/cases", CONCERN, key="k")
    monkeypatch.undo()

    assert answer.status_code == 500
    assert [api.count(table) for table in (Case, CaseEvent, Notification, AnsweredWrite)] == [0, 0, 0, 0]


def test_a_token_whose_owner_left_a_moment_ago_writes_nothing(api: Api) -> None:
    write = Write(api.engine, 999_999, None, "x")

    with pytest.raises(Exception, match="left a moment ago"):
        write.once(lambda *_given: pytest.fail("something was done"))
