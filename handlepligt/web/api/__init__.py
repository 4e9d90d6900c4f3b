"""The JSON face, /api/v1: the same use cases as the pages, for programs with a token."""

from functools import cache
from typing import Any

from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer
from starlette.responses import JSONResponse

from handlepligt.web.api import (
    acts,
    cases,
    chronology,
    closing,
    contacts,
    corrections,
    handovers,
    me,
    migrations,
    people,
    protocol_versions,
    protocols,
    reports,
    steps,
)
from handlepligt.web.api.openapi import PROBLEMS, describe
from handlepligt.web.pages import health

PREFIX = "/api/v1"
_PARTS = (
    cases,
    chronology,
    steps,
    acts,
    people,
    corrections,
    handovers,
    closing,
    reports,
    protocol_versions,
    protocols,
    migrations,
    contacts,
    me,
)

# Says in the description how one is let in; who is, is decided around every route (route.py).
_token = HTTPBearer(auto_error=False, description="A personal token: handlepligt token create")

router = APIRouter(prefix=PREFIX)
for _part in _PARTS:
    router.include_router(_part.router, dependencies=[Security(_token)], responses=PROBLEMS)
router.add_api_route("/healthz", health.healthz, methods=["GET"], tags=["health"])
router.add_api_route("/readyz", health.readyz, methods=["GET"], tags=["health"])


@cache
def document() -> dict[str, Any]:
    """The description of this API."""
    return describe(router.routes)


@router.get("/openapi.json", include_in_schema=False)
def openapi() -> JSONResponse:
    """The same, for anybody: it says what can be asked and nothing about anyone."""
    return JSONResponse(document())
