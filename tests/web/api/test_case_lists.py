"""Lists of cases over HTTP: narrowed, in pages, and without content."""

from datetime import timedelta
from typing import Any

import pytest

from models import Staff
from tests.web.api.calling import Api


def test_a_list_holds_no_content(api: Api) -> None:
    api.raised()

    answer = api.get(api.house.lars, "/cases")

    assert answer.json()["items"][0]["holder"]["username"] == "mia"
    assert "Amira" not in answer.text
    assert "bange" not in answer.text


def test_a_list_can_be_narrowed(api: Api) -> None:
    mia, otto, lars = api.house.mia, api.house.otto, api.house.lars
    child = api.raised(mia)
    adult = api.raised(otto, citizen={"name": "B", "birth_date": "2001-05-01"})
    closed = api.ready_to_close()
    api.did(lars, f"/close-requests/{api.asked_to_close(mia, closed)}/approve")
    api.complete(mia, child, "danger_assessment")

    def listed(who: Staff = lars, **wanted: Any) -> set[str]:
        return {one["reference"] for one in api.saw(who, "/cases", **wanted)["items"]}

    assert listed() == {child, adult, closed}
    assert listed(status="closed") == {closed}
    assert listed(status="open") == {child, adult}
    assert listed(track="adviser_over_18") == {adult}
    assert listed(holder="otto") == {adult}
    assert listed(team="nord") == {child, adult, closed}
    assert listed(team="syd") == set()
    assert listed(overdue="true") == set()
    assert listed(api.house.kim) == set()
    api.clock.later(timedelta(days=2))
    assert listed(overdue="true") == {child, adult}
    assert listed(overdue="false") == {closed}


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"status": "lost"}, "status"),
        ({"team": "nowhere"}, "team"),
        ({"team": "no\x00rd"}, "team"),
        ({"track": "nothing"}, "track"),
        ({"holder": "nobody"}, "holder"),
        ({"overdue": "perhaps"}, "overdue"),
        ({"overdue": "1"}, "overdue"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"cursor": "nonsense!"}, "cursor"),
        ({"cursor": "AAAA"}, "cursor"),
        ({"cursor": ""}, "cursor"),
        ({"tema": "nord"}, "tema"),
    ],
)
def test_a_filter_that_means_nothing_is_refused_by_name(api: Api, wanted: dict[str, str], field: str) -> None:
    answer = api.get(api.house.lars, "/cases", **wanted)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]


def test_pages_neither_repeat_nor_skip_while_new_cases_come_in(api_on_both: Api) -> None:
    api, mia = api_on_both, api_on_both.house.mia
    first = [api.raised(mia) for _ in range(7)]

    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(4):
        page = api.saw(mia, "/cases", limit=2, **cursor)
        seen += [one["reference"] for one in page["items"]]
        api.raised(mia)
        cursor = {"cursor": page["next_cursor"]}

    assert seen == sorted(first, reverse=True)
    assert page["next_cursor"] is None
