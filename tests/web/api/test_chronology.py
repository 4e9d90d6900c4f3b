"""Who held the duty when, and what happened, over HTTP."""

from typing import Any

import pytest

from models import CaseEvent
from models.session import writing
from tests.make import HOUR, MONDAY, make_case
from tests.web.api.calling import Api


def test_the_ledger_says_who_held_the_duty_at_any_instant(api: Api) -> None:
    mia, kim = api.house.mia, api.house.kim
    reference = api.raised(mia)
    api.clock.later(HOUR)
    api.did(kim, f"/handovers/{api.offered(mia, reference, 'kim')}/accept")

    whole = api.saw(kim, f"/cases/{reference}/duty")
    taken = whole["held"]["since"]

    assert whole["held"]["holder"]["username"] == "kim"
    assert [one["holder"]["username"] for one in whole["ledger"]] == ["mia", "kim"]
    assert whole["ledger"][0]["until"] == taken
    assert api.saw(kim, f"/cases/{reference}/duty", at=taken)["held"]["holder"]["username"] == "kim"
    before = api.saw(kim, f"/cases/{reference}/duty", at="2026-11-23T09:30:00+01:00")
    assert before["held"]["holder"]["username"] == "mia"
    assert before["at"] == "2026-11-23T08:30:00Z"
    assert api.saw(kim, f"/cases/{reference}/duty", at="2020-01-01T00:00:00Z")["held"] is None
    assert api.get(kim, f"/cases/{reference}/duty", at="2026-11-23T09:30").status_code == 422


def test_the_chronology_comes_in_pages_and_names_people_by_username(api: Api) -> None:
    mia, kim = api.house.mia, api.house.kim
    reference = api.raised(mia)
    api.did(kim, f"/handovers/{api.offered(mia, reference, 'kim')}/accept")

    whole = api.saw(kim, f"/cases/{reference}/events", limit=200)["items"]
    paged: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.saw(kim, f"/cases/{reference}/events", limit=2, **cursor)
        paged += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}

    assert paged == whole
    assert len(whole) > 4
    offered = next(one for one in whole if one["kind"] == "handover_offered")
    assert offered["about"]["to"] == "kim"
    assert offered["by"]["username"] == "mia"
    assert offered["kind_danish"] == "Handlepligt tilbudt"


def test_two_events_of_one_number_are_both_shown_at_the_edge_of_a_page(api: Api) -> None:
    mia = api.house.mia
    with writing(api.engine) as session:
        case = make_case(session, holder=mia)
        for number in (1, 2, 2, 3):
            session.add(CaseEvent(case_id=case.id, kind="step_opened", at=MONDAY, number=number))

    seen: list[int] = []
    cursor: dict[str, str] = {}
    for _ in range(4):
        page = api.saw(mia, f"/cases/{case.reference}/events", limit=1, **cursor)
        seen += [one["number"] for one in page["items"]]
        cursor = {"cursor": page["next_cursor"]}

    assert seen == [1, 2, 2, 3]
    assert page["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["AAAA", "eA", "x", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OX4x"])
def test_a_cursor_of_another_list_is_refused(api: Api, cursor: str) -> None:
    reference = api.raised()

    answer = api.get(api.house.mia, f"/cases/{reference}/events", cursor=cursor)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["cursor"]
