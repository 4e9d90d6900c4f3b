"""What the front page shows: one's own cases for those who work them, the team's for those who lead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, and_, false, func, or_, tuple_
from sqlmodel import Session, col, select

from handlepligt.cases.queries import visible_to
from handlepligt.cases.relations import teams_led_by
from handlepligt.domain.access import HouseAction, may_in_the_house
from handlepligt.domain.deadlines import Offset, Unit
from handlepligt.domain.office_time import shifted
from handlepligt.domain.vocabulary import (
    CaseStatus,
    CloseRequestStatus,
    OfferStatus,
    StepStatus,
)
from models import Case, CaseStep, CloseRequest, Deadline, DutyHolding, HandoverOffer, Staff
from notifications.inbox import Undelivered, undelivered
from protocols.definition import Definition
from protocols.loader import library

MOST_ROWS = 50
SOON = timedelta(hours=24)
AHEAD = timedelta(days=14)
IDLE_DAYS = 5

Row = TypeVar("Row")


@dataclass(frozen=True)
class CaseRow:
    """One case in a list: nothing of its content, only where it stands and whose it is."""

    case_id: str
    reference: str
    track: str
    status: str
    is_acute: bool
    steps: tuple[str, ...]
    keeper: str
    since: datetime | None
    due_at: datetime | None
    touched_at: datetime


@dataclass(frozen=True)
class DeadlineRow:
    """One running deadline in a list."""

    deadline_id: str
    reference: str
    track: str
    title: str
    due_at: datetime
    keeper: str
    acknowledged_at: datetime | None


@dataclass(frozen=True)
class OfferRow:
    """One unanswered offer of the duty."""

    offer_id: str
    reference: str
    track: str
    is_acute: bool
    by: str
    to: str
    offered_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class CloseRow:
    """One request to close that waits."""

    reference: str
    track: str
    by: str
    asked_at: datetime


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """The first rows of a list and how many there are in all."""

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True)
class Desk:
    """The front page of somebody who works cases."""

    now_needed: Listed[CaseRow]
    offered: tuple[OfferRow, ...]
    deadlines: Listed[DeadlineRow]
    cases: Listed[CaseRow]


@dataclass(frozen=True)
class Board:
    """The front page of somebody who leads."""

    cases: Listed[CaseRow]
    overdue: Listed[DeadlineRow]
    soon: Listed[DeadlineRow]
    offers: tuple[OfferRow, ...]
    closings: tuple[CloseRow, ...]
    idle: Listed[CaseRow]
    undelivered: tuple[Undelivered, ...]


def desk_of(session: Session, staff: Staff, now: datetime) -> Desk:
    """What `staff` holds, is offered and must do; times aware UTC."""
    mine = (Case.status != CaseStatus.CLOSED, Case.keeper_id == staff.id)
    needs = or_(col(Case.is_acute), col(Case.next_due_at) <= now + SOON)
    return Desk(
        now_needed=_cases(session, *mine, needs),
        offered=offers_to(session, staff),
        deadlines=_deadlines(session, *mine, Deadline.due_at <= now + AHEAD),
        cases=_cases(session, *mine),
    )


def board_of(session: Session, staff: Staff, now: datetime) -> Board:
    """The cases `staff` leads, by what is wrong with them."""
    led = (Case.status != CaseStatus.CLOSED, visible_to(session, staff))
    return Board(
        cases=_cases(session, *led),
        overdue=_deadlines(session, *led, Deadline.due_at < now),
        soon=_deadlines(session, *led, Deadline.due_at >= now, Deadline.due_at <= now + SOON),
        offers=_offers(session, *led),
        closings=_closings(session, *led),
        idle=_cases(session, *led, _is_idle(now)),
        undelivered=_undelivered(session, staff, now),
    )


def _is_idle(now: datetime) -> ColumnElement[bool]:
    """Nobody has done anything for IDLE_DAYS of the working days that each case's own protocol counts in."""
    idle = Offset(-IDLE_DAYS, Unit.WORKING_DAYS)
    versions: dict[datetime, list[tuple[str, str]]] = {}
    for one in library().all():
        since = shifted(now, idle, one.head.work_calendar)
        versions.setdefault(since, []).append((one.key, one.version))
    pinned = tuple_(col(Case.track), col(Case.protocol_version))
    return or_(
        false(), *(and_(col(Case.touched_at) < since, pinned.in_(names)) for since, names in versions.items())
    )


def offers_to(session: Session, staff: Staff) -> tuple[OfferRow, ...]:
    """The offers that wait for an answer from `staff`, by name or through the pool."""
    to_me: ColumnElement[bool] = col(HandoverOffer.to_id) == staff.id
    if staff.pool:
        to_me = or_(to_me, col(HandoverOffer.to_pool) == staff.pool)
    return _offers(session, to_me, Case.keeper_id != staff.id)


def _cases(session: Session, *where: Any) -> Listed[CaseRow]:
    total = session.exec(select(func.count()).select_from(Case).where(*where)).one()
    found = session.exec(
        select(Case, Staff.name, DutyHolding.since)
        .join(Staff, col(Staff.id) == Case.keeper_id)
        .join(DutyHolding, col(DutyHolding.open_for) == Case.id, isouter=True)
        .where(*where)
        .order_by(col(Case.is_acute).desc(), col(Case.next_due_at), col(Case.id))
        .limit(MOST_ROWS)
    ).all()
    steps = _open_steps(session, [case for case, _, _ in found])
    rows = tuple(
        CaseRow(
            case.id,
            case.reference,
            _definition(case).title,
            CaseStatus(case.status).danish,
            case.is_acute,
            steps.get(case.id, ()),
            keeper,
            since,
            case.next_due_at,
            case.touched_at,
        )
        for case, keeper, since in found
    )
    return Listed(rows, total)


def _open_steps(session: Session, cases: Sequence[Case]) -> dict[str, tuple[str, ...]]:
    definitions = {case.id: _definition(case) for case in cases}
    found = session.exec(
        select(CaseStep.case_id, CaseStep.key)
        .where(
            col(CaseStep.case_id).in_(list(definitions)),
            col(CaseStep.status).in_([StepStatus.OPEN, StepStatus.WAITING]),
        )
        .order_by(col(CaseStep.due_at).is_(None), col(CaseStep.due_at), col(CaseStep.sequence))
    ).all()
    titles: dict[str, tuple[str, ...]] = {}
    for case_id, key in found:
        titles[case_id] = (*titles.get(case_id, ()), definitions[case_id].step(key).title)
    return titles


def _deadlines(session: Session, *where: Any) -> Listed[DeadlineRow]:
    running = (*where, col(Deadline.settled_at).is_(None), col(Deadline.paused_at).is_(None))
    counted = select(func.count()).select_from(Deadline).join(Case, col(Case.id) == Deadline.case_id)
    total = session.exec(counted.where(*running)).one()
    found = session.exec(
        select(Deadline, Case, Staff.name)
        .join(Case, col(Case.id) == Deadline.case_id)
        .join(Staff, col(Staff.id) == Case.keeper_id)
        .where(*running)
        .order_by(col(Deadline.due_at), col(Deadline.id))
        .limit(MOST_ROWS)
    ).all()
    rows = tuple(
        DeadlineRow(
            row.id,
            case.reference,
            _definition(case).title,
            row.title,
            row.due_at,
            keeper,
            row.acknowledged_at,
        )
        for row, case, keeper in found
    )
    return Listed(rows, total)


def _offers(session: Session, *where: Any) -> tuple[OfferRow, ...]:
    found = session.exec(
        select(HandoverOffer, Case)
        .join(Case, col(Case.id) == HandoverOffer.case_id)
        .where(HandoverOffer.status == OfferStatus.OFFERED, *where)
        .order_by(col(HandoverOffer.expires_at))
        .limit(MOST_ROWS)
    ).all()
    people = {one for offer, _ in found for one in (offer.by_id, offer.to_id) if one is not None}
    names: dict[int | None, str] = dict(
        session.exec(select(Staff.id, Staff.name).where(col(Staff.id).in_(people))).all()
    )
    return tuple(
        OfferRow(
            offer.id,
            case.reference,
            _definition(case).title,
            case.is_acute,
            names.get(offer.by_id, ""),
            names[offer.to_id] if offer.to_id else pool_title(_definition(case), offer.to_pool or ""),
            offer.offered_at,
            offer.expires_at,
        )
        for offer, case in found
    )


def pool_title(definition: Definition, pool: str) -> str:
    """What a pool is called in Danish, from the role of the protocol that means it."""
    roles = [definition.roles[role] for role in definition.handover.to] if definition.handover else []
    return next((role.title for role in roles if role.staff and role.staff.pool == pool), pool)


def _closings(session: Session, *where: Any) -> tuple[CloseRow, ...]:
    found = session.exec(
        select(CloseRequest, Case, Staff.name)
        .join(Case, col(Case.id) == CloseRequest.case_id)
        .join(Staff, col(Staff.id) == CloseRequest.by_id)
        .where(CloseRequest.status == CloseRequestStatus.WAITING, *where)
        .order_by(col(CloseRequest.asked_at))
        .limit(MOST_ROWS)
    ).all()
    return tuple(
        CloseRow(case.reference, _definition(case).title, by, request.asked_at) for request, case, by in found
    )


def _undelivered(session: Session, staff: Staff, now: datetime) -> tuple[Undelivered, ...]:
    if may_in_the_house(HouseAction.SEE_ALL_TEAMS, staff.role):
        return tuple(undelivered(session, now=now, reader_id=staff.id))
    teams = sorted(teams_led_by(session, staff) | ({staff.team_id} if staff.team_id else set()))
    return tuple(
        row for team in teams for row in undelivered(session, now=now, team_id=team, reader_id=staff.id)
    )


def _definition(case: Case) -> Definition:
    return library().get(case.track, case.protocol_version)
