"""Reports: which there are, and one of them with its numbers and what they mean."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.domain.access import HouseAction, may_in_the_house
from handlepligt.errors import NotAllowedError, NotFoundError
from handlepligt.reports import reports
from handlepligt.reports.report import Report, Value, read_scope
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import Body, Word
from models import Staff
from protocols.loader import library

router = APIRouter(route_class=ApiRoute, tags=["reports"])

Cell = str | int | float | bool | datetime | None


class ReportFilter(Body):
    """What a report is narrowed to."""

    team: Word | None = None
    track: Word | None = None


class ColumnReply(BaseModel):
    """A column; durations are seconds."""

    key: str
    title: str
    kind: str
    meaning: str


class ReportLine(BaseModel):
    """A report there is."""

    key: str
    title: str
    about: str
    columns: list[ColumnReply]


class Reports(BaseModel):
    """All of them."""

    items: list[ReportLine]


class ReportReply(ReportLine):
    """A report with its rows. An empty cell is one that is not known or too small to be shown."""

    at: datetime
    rows: list[dict[str, Cell]]


@router.get("/reports", response_model=Reports)
def list_reports(asks: Asks) -> Response:
    """Every report."""

    def work(session: Session, by: Staff, now: datetime) -> Reports:
        _check(by)
        return Reports(items=[_line(key, report) for key, report in reports().items()])

    return asks.reads(work)


@router.get("/reports/{key}", response_model=ReportReply)
def show_report(key: str, asks: Asks, wanted: Annotated[ReportFilter, Query()]) -> Response:
    """One report, over the cases one may see."""

    def work(session: Session, by: Staff, now: datetime) -> ReportReply:
        _check(by)
        report = reports().get(key)
        if report is None:
            raise NotFoundError("no such report")
        scope = read_scope(
            session,
            by=by,
            now=now,
            team=wanted.team or "",
            track=wanted.track or "",
            tracks=[one.key for one in library().all()],
        )
        rows = [{name: _cell(value) for name, value in row.items()} for row in report.rows(session, scope)]
        return ReportReply(**_line(key, report).model_dump(), at=now, rows=rows)

    return asks.reads(work)


def _check(by: Staff) -> None:
    if not may_in_the_house(HouseAction.SEE_REPORTS, by.role):
        raise NotAllowedError(
            f"staff {by.id} may not see reports", user_message="Din rolle kan ikke se svartider."
        )


def _line(key: str, report: Report) -> ReportLine:
    columns = [
        ColumnReply(key=one.key, title=one.title, kind=one.kind, meaning=one.meaning)
        for one in report.columns
    ]
    return ReportLine(key=key, title=report.title, about=report.about, columns=columns)


def _cell(value: Value) -> Cell:
    return value.total_seconds() if isinstance(value, timedelta) else value
