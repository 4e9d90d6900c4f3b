"""Cases: raised, listed, looked at."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.queries import CaseListRow, case_list
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.domain.access import Action
from handlepligt.errors import InvalidInputError
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.cursors import given_out, taken_back
from handlepligt.web.api.directory import Directory
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.problems import fields_named
from handlepligt.web.api.receipts import look, receipt
from handlepligt.web.api.replies import (
    CaseLine,
    CasePage,
    OwnPart,
    Receipt,
    WholeCase,
)
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import CaseFilter, NewCase
from handlepligt.web.api.whole_case import own_part_of, whole_case
from models import Staff
from protocols.loader import library

router = APIRouter(route_class=ApiRoute, tags=["cases"])

_NAMES = {
    "citizen_name": "citizen.name",
    "cpr": "citizen.cpr",
    "birth_date": "citizen.birth_date",
    "summary": "summary",
    "track": "track",
    "received_at": "received_at",
    "team": "team",
}


@router.post("/cases", status_code=201, response_model=Receipt)
def raise_case(body: NewCase, write: Writes) -> Response:
    """Raises a concern. Whoever raises it holds the duty from this instant."""

    def work(session: Session, by: Staff, now: datetime) -> Receipt:
        team_id = None if body.team is None else Directory(session).team_id(body.team, "team")
        with fields_named(_NAMES, others_under="facts."):
            case = raise_concern(
                session,
                by=by,
                now=now,
                citizen_name=body.citizen.name,
                cpr=body.citizen.cpr,
                birth_date=body.citizen.birth_date,
                summary=body.summary,
                track=body.track,
                received_at=body.received_at,
                team_id=team_id,
                facts=body.facts,
            )
        return receipt(session, case)

    return write.once(work, status=201)


@router.get("/cases", response_model=CasePage)
def list_cases(asks: Asks, wanted: Annotated[CaseFilter, Query()]) -> Response:
    """The cases one may see in lists, newest first, without their content."""

    def work(session: Session, by: Staff, now: datetime) -> CasePage:
        people = Directory(session)
        if wanted.track is not None and wanted.track not in {one.key for one in library().all()}:
            raise InvalidInputError(problems={"track": "Arbejdsgangen findes ikke. Vælg en på listen."})
        page = case_list(
            session,
            by=by,
            now=now,
            status=wanted.status,
            team_id=None if wanted.team is None else people.team_id(wanted.team, "team"),
            track=wanted.track,
            holder_id=None if wanted.holder is None else people.staff_id(wanted.holder, "holder"),
            overdue=wanted.overdue,
            cursor=taken_back(wanted.cursor),
            limit=wanted.limit,
        )
        people.learn(row.keeper_id for row in page.rows)
        return CasePage(
            items=[_line(people, row) for row in page.rows], next_cursor=given_out(page.next_cursor)
        )

    return asks.reads(work)


def _line(people: Directory, row: CaseListRow) -> CaseLine:
    return CaseLine(
        reference=row.reference,
        track=row.track,
        protocol_version=row.protocol_version,
        status=row.status,
        is_acute=row.is_acute,
        team=people.team(row.team_id),
        holder=people.person(row.keeper_id) if row.held_since and not row.is_with_authority else None,
        is_with_authority=row.is_with_authority,
        held_since=row.held_since,
        received_at=row.received_at,
        next_due_at=row.next_due_at,
        is_overdue=row.is_overdue,
        open_steps=list(row.open_steps),
        closed_at=row.closed_at,
    )


@router.get("/cases/{reference}", response_model=WholeCase | OwnPart)
def show_case(reference: str, asks: Asks) -> Response:
    """A case; for somebody who had it before, their own part only. The look is on record."""

    def work(session: Session, by: Staff, now: datetime) -> WholeCase | OwnPart:
        looked = look(session, reference, by=by, now=now, action=Action.SEE_CASE, or_own_part=True)
        if looked.is_whole:
            return whole_case(session, looked, now)
        return own_part_of(session, looked.case, by, now)

    return asks.looks(work)
