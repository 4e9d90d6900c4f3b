"""The description of the API in OpenAPI, made from the routes and served by the product itself."""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from handlepligt.web.api.problems import MEDIA_TYPE

_PROBLEM = {
    "type": "object",
    "description": "What is wrong (RFC 9457). `detail` is Danish and can be shown to staff.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "A sentence for each field that cannot be used.",
            "additionalProperties": {"type": "string"},
        },
        "rule": {"type": "string", "description": "The rule of the protocol that stands in the way."},
        "reference": {"type": "string", "description": "Where that rule comes from."},
        "problems": {
            "type": "array",
            "description": "Everything that is wrong with a definition, each with its place: "
            "`user_message` in Danish, `sentence` in English.",
            "items": {
                "type": "object",
                "required": ["file", "line", "column", "sentence", "user_message"],
                "properties": {
                    "file": {"type": "string"},
                    "line": {"type": "integer"},
                    "column": {"type": "integer"},
                    "sentence": {"type": "string"},
                    "user_message": {"type": "string"},
                },
            },
        },
        "incident": {"type": "string", "description": "What to tell the administrator."},
    },
}
_SAID = {
    400: "The body is not JSON.",
    401: "The token is missing, unknown, expired or revoked.",
    403: "One sees it, but may not do this.",
    404: "It does not exist, or it is not for this person: the two look exactly alike.",
    409: "Somebody was quicker, a rule of the protocol forbids it, or the key was used for something else.",
    413: "Too much was sent.",
    415: "Something else than JSON was sent.",
    422: "Some of the fields cannot be used; each is named.",
    503: "The database does not answer. Nothing was kept; try again with the same key.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": said,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status, said in _SAID.items()
}


def describe(routes: Sequence[BaseRoute]) -> dict[str, Any]:
    """The OpenAPI document of these routes."""
    document = get_openapi(
        title="Handlepligt",
        version=_version(),
        description="Every write takes an `Idempotency-Key`. Times are ISO 8601 with a zone and come back as "
        "UTC. People are named by username, teams by key, cases by reference.",
        routes=routes,
    )
    document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = _PROBLEM
    return document


@cache
def _version() -> str:
    try:
        return version("handlepligt")
    except PackageNotFoundError:
        return "0"
