"""Whether the product is alive and ready, for machines that watch it."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from starlette.responses import JSONResponse

from handlepligt import clock
from handlepligt.cases.views import SWEEP_MAY_BE_LATE, Operation, operation
from handlepligt.migrations import current, head
from models.session import reading

router = APIRouter()


@router.get("/healthz")
def healthz() -> JSONResponse:
    """The process answers."""
    return JSONResponse({"status": "ok"})


@router.get("/readyz")
def readyz(request: Request) -> JSONResponse:
    """The database is there and migrated, and the sweep has run within five minutes; else 503."""
    now = clock.now()
    engine: Engine = request.app.state.engine
    try:
        with reading(engine) as session:
            found = operation(session, now)
        revision: str | None = current(engine)
    except DBAPIError:
        return JSONResponse({"status": "unavailable", "database": False}, status_code=503)
    is_migrated = revision == head()
    swept = found.sweep_at is not None and now - found.sweep_at <= SWEEP_MAY_BE_LATE
    is_ready = is_migrated and swept
    body = {
        "status": "ready" if is_ready else "not ready",
        "database": True,
        "migrations": {"at": revision, "is_head": is_migrated},
        **_ages(found, now),
    }
    return JSONResponse(body, status_code=200 if is_ready else 503)


def _ages(found: Operation, now: datetime) -> dict[str, Any]:
    def age(at: datetime | None) -> float | None:
        return None if at is None else round((now - at).total_seconds(), 1)

    return {
        "sweep_age_seconds": age(found.sweep_at),
        # Prefect itself is never asked: the product works without it. This is how far its mirror is behind.
        "reconciler_age_seconds": age(found.reconciler_at),
        "oldest_unsent_seconds": age(found.oldest_unsent_at),
        "failed_deliveries": found.failed_deliveries,
    }
