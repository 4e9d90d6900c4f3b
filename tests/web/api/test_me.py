"""Who one is, and the inbox, over HTTP."""

import pytest

from tests.web.api.calling import Api


def test_me_says_whose_token_it_is(api: Api) -> None:
    mia = api.saw(api.house.mia, "/me")
    hanne = api.saw(api.house.hanne, "/me")

    assert (mia["username"], mia["role"], mia["pool"]) == ("mia", "adviser", "under_18")
    assert mia["team"] == {"key": "nord", "name": "Team Nord"}
    assert (hanne["team"], hanne["pool"], hanne["offers"]) == (None, None, [])


def test_the_leader_finds_the_new_concern_in_the_inbox_and_reads_it_once(api: Api) -> None:
    lars = api.house.lars
    api.raised()

    page = api.saw(lars, "/me/inbox")

    message = page["items"][0]
    assert page["unread"] == 1
    assert message["message"] == "concern_raised"
    assert "Amira" not in str(message)
    assert api.did(lars, f"/me/inbox/{message['id']}/read")["unread"] == 0
    read_at = api.saw(lars, "/me/inbox")["items"][0]["read_at"]
    api.did(lars, f"/me/inbox/{message['id']}/read")
    assert api.saw(lars, "/me/inbox")["items"][0]["read_at"] == read_at


def test_nobody_reads_the_message_of_another(api: Api) -> None:
    api.raised()
    message = api.saw(api.house.lars, "/me/inbox")["items"][0]["id"]

    answers = [
        api.post(api.house.mia, f"/me/inbox/{row}/read") for row in (message, "0" * 32, "x" * 300, "%00", "é")
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert api.saw(api.house.lars, "/me/inbox")["unread"] == 1


def test_the_inbox_comes_in_pages_that_stand_still_while_messages_come_in(api: Api) -> None:
    lars = api.house.lars
    for _ in range(5):
        api.raised()
    whole = [one["id"] for one in api.saw(lars, "/me/inbox")["items"]]

    seen: list[str] = []
    cursor: dict[str, str] = {}
    for _ in range(3):
        page = api.saw(lars, "/me/inbox", limit=2, **cursor)
        seen += [one["id"] for one in page["items"]]
        api.raised()
        cursor = {"cursor": page["next_cursor"]}

    assert seen == whole
    assert page["next_cursor"] is None


@pytest.mark.parametrize("cursor", ["nonsense", "AAAA", "Mw", "x" * 201])
def test_a_cursor_that_was_not_given_out_is_refused(api: Api, cursor: str) -> None:
    assert api.get(api.house.lars, "/me/inbox", cursor=cursor).status_code == 422
