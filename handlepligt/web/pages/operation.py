"""How the product itself is doing (systemtilstand): jobs, outbox, and the way to Prefect's own pages."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import Response

from handlepligt.cases.views import operation
from handlepligt.domain.access import HouseAction
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.errors import NotFoundError
from handlepligt.migrations import current, head
from handlepligt.web.deps import Chosen, Database, Looks, Now
from handlepligt.web.rendering import render
from models.session import reading

router = APIRouter()
NAMES = {
    "sweep": "Gennemgang af frister",
    "reconciler": "Spejling i Prefect",
    "dispatch": "Afsendelse af beskeder",
    "consistency": "Kontrol af åbne sager",
    "worker": "Arbejdsprocessen",
}
LATE_AFTER = timedelta(minutes=5)
# Jobs that run less often are late later.
SELDOM = {"consistency": timedelta(minutes=25)}


@router.get("/systemtilstand")
def show(request: Request, visitor: Looks, engine: Database, settings: Chosen, now: Now) -> Response:
    """For those who look after the product; to the others the page does not exist."""
    if not visitor.may(HouseAction.SEE_OPERATION):
        raise NotFoundError("not for this role")
    with reading(engine) as session:
        found = operation(session, now)
    beats = [
        (
            NAMES.get(beat.name, beat.name),
            beat.at,
            now - beat.at,
            now - beat.at > SELDOM.get(beat.name, LATE_AFTER),
        )
        for beat in found.beats
    ]
    is_admin = visitor.staff.role == StaffRole.ADMIN
    context = {
        "beats": beats,
        "found": found,
        "now": now,
        "revision": current(engine),
        "newest": head(),
        "prefect_url": settings.resolved_prefect_api_url.removesuffix("/api") if is_admin else "",
    }
    return render(request, "operation/show.html", context)
