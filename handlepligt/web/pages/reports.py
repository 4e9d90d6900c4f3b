"""Response times and the other reports (svartider): every report there is, drawn from its columns."""

from datetime import datetime, timedelta

from fastapi import APIRouter, Request
from sqlmodel import select
from starlette.responses import Response

from handlepligt.domain import danish_time
from handlepligt.domain.access import HouseAction
from handlepligt.errors import NotFoundError
from handlepligt.reports import reports
from handlepligt.reports.report import Column, ColumnKind, Value, read_scope
from handlepligt.web.deps import Database, Looks, Now
from handlepligt.web.rendering import ZONE, render
from models import Team
from models.session import reading
from protocols.loader import library

router = APIRouter(prefix="/svartider")
FIRST = "response_times"
_NUMERIC = (ColumnKind.COUNT, ColumnKind.SHARE, ColumnKind.DURATION)


@router.get("")
def show(
    request: Request,
    visitor: Looks,
    engine: Database,
    now: Now,
    rapport: str = FIRST,
    team: str = "",
    arbejdsgang: str = "",
) -> Response:
    """One report, narrowed to a team and a protocol; to whoever may see none the page does not exist."""
    if not visitor.may(HouseAction.SEE_REPORTS):
        raise NotFoundError("not for this role")
    found = reports()
    report = found.get(rapport)
    if report is None:
        raise NotFoundError("no such report")
    tracks = {one.key: one.title for one in library().all()}
    with reading(engine) as session:
        scope = read_scope(
            session, by=visitor.staff, now=now, team=team, track=arbejdsgang, tracks=list(tracks)
        )
        rows = report.rows(session, scope)
        teams = session.exec(select(Team).order_by(Team.name)).all()
    context = {
        "report": report,
        "key": rapport,
        "all_reports": [(key, one.title) for key, one in found.items()],
        "rows": [
            [(in_words(column, row.get(column.key)), _css(column)) for column in report.columns]
            for row in rows
        ],
        "teams": [(one.key, one.name) for one in teams],
        "tracks": list(tracks.items()),
        "team": team,
        "track": arbejdsgang,
        "now": now,
    }
    return render(request, "reports/show.html", context)


def in_words(column: Column, value: Value) -> str:
    """A value of a report as Danes write it; a dash where there is none or it is hidden."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "Ja" if value else "Nej"
    if isinstance(value, datetime):
        return danish_time.full(value, ZONE)
    if isinstance(value, timedelta):
        return danish_time.duration(value)
    if column.kind is ColumnKind.SHARE and isinstance(value, int | float):
        return f"{round(value * 100)} %"
    if isinstance(value, float):
        return f"{value:.1f}".replace(".", ",")
    if isinstance(value, int) and column.kind is ColumnKind.COUNT:
        return f"{value:,}".replace(",", ".")
    return str(value)


def _css(column: Column) -> str:
    return "app-number" if column.kind in _NUMERIC else ""
