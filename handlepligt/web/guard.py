"""What stands around every request: the size limit, the origin check, the headers, the last safety net."""

import logging
import re
import secrets
import traceback
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)

LARGEST_BODY = 1_000_000
MOST_DRAINED = 32_000_000
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_API = re.compile(r"/api/")

# Makes the answer for a status: (request, status, incident) -> response.
Refusal = Callable[[Request, int, str], Response]


class Guard:
    """An ASGI layer outside everything else, so that no answer leaves without its headers.

    `origins` are the addresses, besides the one asked for, from which a page may post.
    """

    def __init__(self, app: ASGIApp, *, refusal: Refusal, origins: Iterable[str], is_https: bool) -> None:
        self.app = app
        self.refusal = refusal
        self.origins = frozenset(origins)
        self.is_https = is_https

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._dress(MutableHeaders(scope=message))
            await send(message)

        request = Request(scope)
        if request.method not in SAFE_METHODS:
            body = await _read_body(receive)
            status = 413 if body is None else 0 if self._comes_from_here(request) else 403
            if body is None or status:
                await self.refusal(request, status, "")(scope, receive, send_guarded)
                return
            receive = _replayed(body, receive)
        try:
            await self.app(scope, receive, send_guarded)
        except Exception as error:
            incident = record_incident(error)
            if not started:
                await self.refusal(request, 500, incident)(scope, receive, send_guarded)

    def _dress(self, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers.setdefault(name, value)
        headers.setdefault("Cache-Control", "no-store")
        if self.is_https:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000")

    def _comes_from_here(self, request: Request) -> bool:
        # The API knows no cookies, only bearer tokens, which no browser sends by itself.
        if is_api(request):
            return True
        origin = request.headers.get("origin")
        # Under the referrer policy no-referrer browsers send "null" with a form; then only their own
        # word about the site (Sec-Fetch-Site) tells our page from another.
        known = origin is not None and origin != "null"
        if known and origin not in self.origins and urlsplit(origin).netloc != request.headers.get("host"):
            return False
        site = request.headers.get("sec-fetch-site")
        return known if site is None else site in ("same-origin", "none")


def record_incident(error: Exception) -> str:
    """Logs where an unforeseen error happened, never its text (it may quote a citizen); gives its number."""
    incident = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-12:]
    where = " < ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    _log.error("incident %s: %s at %s", incident, type(error).__name__, where)
    return incident


def is_api(request: Request) -> bool:
    """Whether a program asks: then the answer is JSON."""
    return bool(_API.match(request.url.path)) or request.url.path in ("/healthz", "/readyz")


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or None when it is larger than allowed or the sender went away.

    What is too large is read to its end, unkept, up to a limit: a browser that is answered in the
    middle of sending shows a broken connection instead of the page that says what is wrong.
    """
    parts: list[bytes] = []
    taken = 0
    while taken <= MOST_DRAINED:
        message = await receive()
        if message["type"] != "http.request":
            return None
        taken += len(message.get("body", b""))
        if taken <= LARGEST_BODY:
            parts.append(message.get("body", b""))
        else:
            parts.clear()
        if not message.get("more_body", False):
            break
    return b"".join(parts) if taken <= LARGEST_BODY else None


def _replayed(body: bytes, receive: Receive) -> Receive:
    given = False

    async def receive_replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_replayed
