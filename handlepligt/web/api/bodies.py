"""Reads the body of a write: JSON, not too much of it, and nothing in it that cannot be kept."""

import hashlib
import json
from collections.abc import Iterator
from email.message import Message as MimeHeaders
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.types import Message

from handlepligt.errors import InvalidInputError
from handlepligt.web.api.problems import TooMuchError, UnreadableBodyError, WrongContentTypeError
from handlepligt.web.guard import LARGEST_BODY

_UNKEEPABLE = "Teksten indeholder tegn, der ikke kan gemmes. Skriv den uden dem."


async def checked(request: Request) -> Request:
    """The same request with its body read and found usable.

    `state.fingerprint` becomes the SHA-256 of what is asked: method, address and body, in which the
    order of fields and the spaces between them do not count. Raises TooMuchError,
    WrongContentTypeError, UnreadableBodyError, or InvalidInputError naming a field with a text that
    no database keeps.
    """
    body = await _read(request)
    if body:
        _check_content_type(request)
        content = _parsed(body)
        problems = {place or "body": _UNKEEPABLE for place in _unkeepable(content)}
        if problems:
            raise InvalidInputError(problems=problems)
        body = _canonical(content)
    asked = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    request.state.fingerprint = hashlib.sha256(asked + body).hexdigest()
    # What is validated is exactly what was checked and fingerprinted.
    return Request(request.scope, _replaying(body))


async def _read(request: Request) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > LARGEST_BODY:
        raise TooMuchError("the body is announced as too large")
    body = bytearray()
    try:
        async for part in request.stream():
            body += part
            if len(body) > LARGEST_BODY:
                raise TooMuchError("the body is too large")
    except ClientDisconnect as error:
        raise UnreadableBodyError("the sender went away") from error
    return bytes(body)


def _check_content_type(request: Request) -> None:
    written = MimeHeaders()
    written["content-type"] = request.headers.get("content-type", "text/plain")
    if written.get_content_type() != "application/json":
        raise WrongContentTypeError("the body is not announced as JSON")


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(
            body.decode(), parse_constant=_no_such_number, object_pairs_hook=_without_repetition
        )
    except (ValueError, RecursionError) as error:
        raise UnreadableBodyError("the body is not JSON") from error


def _no_such_number(word: str) -> None:
    raise ValueError(f"{word} is no number in JSON")


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        # Which of the two was meant would be a guess.
        raise ValueError("a field stands twice")
    return fields


def _canonical(content: Any) -> bytes:
    try:
        return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise UnreadableBodyError("the body holds a number without an end") from error


def _unkeepable(content: Any) -> Iterator[str]:
    """Where texts or names of fields stand with a NUL or half a character in them."""
    waiting: list[tuple[str, Any]] = [("", content)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, str) and _is_unkeepable(value):
            yield place
        elif isinstance(value, dict):
            for name, inner in value.items():
                if _is_unkeepable(name):
                    yield place
                else:
                    waiting.append((f"{place}.{name}" if place else name, inner))
        elif isinstance(value, list):
            waiting.extend((f"{place}.{number}", inner) for number, inner in enumerate(value))


def _is_unkeepable(text: str) -> bool:
    return "\x00" in text or any("\ud800" <= sign <= "\udfff" for sign in text)


def _replaying(body: bytes) -> Any:
    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
