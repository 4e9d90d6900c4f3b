"""What a body must be before anything is done with it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from httpx import Response
from starlette.requests import Request

from handlepligt.web.api.bodies import checked
from handlepligt.web.api.problems import TooMuchError
from models import Case
from tests.web.api.calling import CONCERN, Api


def _sent(api: Api, content: Any, content_type: str = "application/json") -> Response:
    return api.ask(api.house.mia, "POST", "/cases", content=content, headers={"Content-Type": content_type})


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"not json",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": ' + b"9" * 6000 + b"}",
        b"[" * 100_000,
        b'{"summary": "x", "summary": "y"}',
        b"\xef\xbb\xbf{}",
    ],
)
def test_what_is_not_json_is_refused(api: Api, content: bytes) -> None:
    answer = _sent(api, content)

    assert answer.status_code == 400
    assert answer.json()["detail"] == "Det, der blev sendt, er ikke gyldig JSON."


@pytest.mark.parametrize("content_type", ["text/plain", "application/x-www-form-urlencoded", "nonsense", ""])
def test_another_content_type_is_refused(api: Api, content_type: str) -> None:
    answer = _sent(api, json.dumps(CONCERN), content_type)

    assert answer.status_code == 415
    assert answer.json()["title"] == "Forkert format"


def test_a_charset_beside_the_content_type_is_fine(api: Api) -> None:
    answer = _sent(api, json.dumps(CONCERN), "application/json; charset=utf-8")

    assert answer.status_code == 201


def test_ten_megabytes_are_refused(api: Api) -> None:
    answer = _sent(api, json.dumps(CONCERN | {"summary": "x" * 10_000_000}))

    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert api.count(Case) == 0


async def _taken(parts: Iterator[bytes], **headers: str) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": next(parts), "more_body": True}

    named = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": named}
    return await checked(Request(scope, receive))


@pytest.mark.anyio
async def test_an_announced_body_that_is_too_large_is_not_read_at_all() -> None:
    parts = iter([b"x"])

    with pytest.raises(TooMuchError):
        await _taken(parts, content_length="10000000")

    assert next(parts) == b"x"


@pytest.mark.anyio
async def test_an_unannounced_one_is_read_to_the_limit_and_no_further() -> None:
    parts = iter([b"x" * 400_000] * 25)

    with pytest.raises(TooMuchError):
        await _taken(parts)

    assert len(list(parts)) == 22


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"summary": "a\x00b"}, "summary"),
        ({"citizen": {"name": "\ud800"}}, "citizen.name"),
        ({"answers": [{"a": "\x00"}]}, "answers.0.a"),
        ({"citizen": {"na\x00me": "x"}}, "citizen"),
        ("\x00", "body"),
    ],
)
def test_a_text_no_database_keeps_is_named_by_its_place(api: Api, body: Any, field: str) -> None:
    answer = _sent(api, json.dumps(body))

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
    assert "tegn, der ikke kan gemmes" in answer.json()["errors"][field]


@pytest.mark.parametrize("body", ["[]", '"text"', "1", "null", "true"])
def test_a_body_that_is_no_object_is_refused(api: Api, body: str) -> None:
    answer = _sent(api, body)

    assert answer.status_code == 422


def test_a_write_that_needs_no_body_takes_none_an_empty_one_or_no_fields(api: Api) -> None:
    reference = api.raised()

    for content in (b"", b"{}"):
        answer = api.ask(
            api.house.mia,
            "POST",
            f"/cases/{reference}/acute",
            content=content,
            headers={"Content-Type": "application/json"},
        )
        assert answer.status_code == 200
