"""Builds rows by keyword, such as the database accepts; `house.py` has the people every test knows."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import Session, col, select

from handlepligt.domain.vocabulary import (
    CaseStatus,
    CloseRequestStatus,
    DeadlineStatus,
    OfferStatus,
    StaffRole,
    StepStatus,
)
from models import (
    Absence,
    Case,
    CaseStep,
    Citizen,
    CloseRequest,
    Deadline,
    DueRow,
    DutyHolding,
    HandoverOffer,
    Staff,
    Team,
)
from models.sealing import blind_index

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(weeks=1)
# Monday 23 November 2026 at 9.00 in Denmark: an ordinary week, with no holiday in it or near it.
MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
FRIDAY = MONDAY + 4 * DAY

_numbers = count(1)


def added(session: Session, *rows: Any) -> Any:
    """The last of `rows`, all written in this order, so that each finds what it points at."""
    for row in rows:
        session.add(row)
        session.flush()
    return rows[-1]


def make_team(session: Session, *, key: str = "nord", name: str | None = None) -> Team:
    team: Team = added(session, Team(key=key, name=name or f"Team {key.title()}"))
    return team


def make_staff(
    session: Session,
    *,
    name: str = "Bo Brandt",
    role: str = StaffRole.ADVISER,
    team: Team | None = None,
    pool: str = "",
    username: str | None = None,
    **columns: Any,
) -> Staff:
    """A member of staff; the user name is the first name unless given."""
    username = username or name.split()[0].lower()
    values: dict[str, Any] = {
        "email": f"{username}@kommunen.example",
        "created_at": MONDAY - 52 * WEEK,
    } | columns
    person: Staff = added(
        session,
        Staff(
            name=name, username=username, role=role, team_id=team.id if team else None, pool=pool, **values
        ),
    )
    return person


def make_absence(
    session: Session, *, staff: Staff, since: datetime = MONDAY, until: datetime | None = None
) -> Absence:
    away: Absence = added(session, Absence(staff_id=staff.id, since=since, until=until))
    return away


def make_citizen(
    session: Session,
    *,
    name: str = "Amira Opdigtet",
    cpr: str | None = None,
    birth_date: date | None = None,
    notes: str = "",
) -> Citizen:
    citizen = Citizen()
    citizen.name = name
    if cpr is not None:
        citizen.cpr = cpr
        citizen.cpr_index = blind_index(cpr, purpose="cpr")
    if birth_date is not None:
        citizen.birth_date = birth_date.isoformat()
    if notes:
        citizen.notes = notes
    made: Citizen = added(session, citizen)
    return made


def make_case(
    session: Session,
    *,
    holder: Staff,
    received_at: datetime = MONDAY,
    status: str = CaseStatus.RECEIVED,
    closed_at: datetime | None = None,
    track: str = "adviser_under_18",
    citizen: Citizen | None = None,
    summary: str = "En opdigtet bekymring.",
    facts: Mapping[str, Any] | None = None,
    **columns: Any,
) -> Case:
    """A case with its citizen and its holder, open unless `status` is closed; no step is opened.

    `columns` sets any other column of the case, such as `team_id`, `next_due_at` or `is_acute`.
    """
    number = next(_numbers)
    is_closed = status == CaseStatus.CLOSED
    case = Case(
        **{
            "reference": f"{received_at.year}-{number:06}",
            "protocol_version": "2026-1",
            "raised_at": received_at,
            "raised_by_id": holder.id,
            "team_id": holder.team_id,
            "keeper_id": holder.id,
            "citizen_id": (citizen or make_citizen(session)).id,
            "touched_at": received_at,
            "next_due_at": None if is_closed else received_at + DAY,
            "next_followup_on": None if is_closed else (received_at + WEEK).date(),
        }
        | columns,
        received_at=received_at,
        status=status,
        track=track,
        closed_at=(closed_at or received_at + WEEK) if is_closed else None,
    )
    case.open_for = None if is_closed else case.id
    case.summary = summary
    case.facts = dict(facts or {})
    holding = DutyHolding(
        case_id=case.id,
        opening=case.openings,
        holder_id=holder.id,
        since=received_at,
        until=case.closed_at,
        open_for=case.open_for,
    )
    added(session, case, holding)
    return case


def pass_duty(
    session: Session, *, case: Case, at: datetime, to: Staff | None = None, authority: str = ""
) -> DutyHolding:
    """Ends the holding that runs and begins the next at the same instant, without any rule or message."""
    held = session.exec(select(DutyHolding).where(col(DutyHolding.open_for) == case.id)).one()
    held.until, held.open_for = at, None
    session.flush()
    taken = DutyHolding(
        case_id=case.id,
        opening=case.openings,
        holder_id=to.id if to else None,
        since=at,
        previous_until=at,
        open_for=case.id,
    )
    if authority:
        taken.authority = authority
    if to and to.id:
        case.keeper_id = to.id
    added(session, taken)
    return taken


def make_step(
    session: Session,
    *,
    case: Case,
    key: str = "discuss",
    status: str = StepStatus.OPEN,
    opened_at: datetime | None = None,
    settled_at: datetime | None = None,
    answers: Mapping[str, Any] | None = None,
    **columns: Any,
) -> CaseStep:
    """A round of a step, settled an hour after it opened unless it is open or waiting."""
    opened_at = opened_at or case.received_at
    if settled_at is None and status not in (StepStatus.OPEN, StepStatus.WAITING):
        settled_at = opened_at + HOUR
    columns = {"sequence": next(_numbers), "settled_by_id": case.keeper_id if settled_at else None} | columns
    step = CaseStep(
        case_id=case.id, key=key, status=status, opened_at=opened_at, settled_at=settled_at, **columns
    )
    if answers is not None:
        step.answers = dict(answers)
    added(session, step)
    return step


def make_deadline(
    session: Session, *, case: Case, due_at: datetime = MONDAY + DAY, key: str = "assessment", **columns: Any
) -> Deadline:
    values: dict[str, Any] = {
        "title": "Vurdering inden 24 timer",
        "basis": "local",
        "offset_text": "24 timer",
        "base_at": case.received_at,
        "calendar_version": "DK",
        "explanation": "modtaget man 23-11; 24 timer",
        "status": DeadlineStatus.RUNNING,
    }
    deadline: Deadline = added(
        session, Deadline(case_id=case.id, key=key, due_at=due_at, **(values | columns))
    )
    return deadline


def make_due_row(
    session: Session, *, case: Case, fire_at: datetime = MONDAY + DAY, kind: str = "rung", **columns: Any
) -> DueRow:
    columns = {"dedupe": f"made:{next(_numbers)}"} | columns
    due: DueRow = added(session, DueRow(case_id=case.id, fire_at=fire_at, kind=kind, **columns))
    return due


def make_offer(
    session: Session,
    *,
    case: Case,
    to: Staff | None = None,
    to_pool: str | None = None,
    offered_at: datetime = MONDAY + HOUR,
    status: str = OfferStatus.OFFERED,
    **columns: Any,
) -> HandoverOffer:
    values: dict[str, Any] = {"by_id": case.keeper_id, "expires_at": offered_at + 30 * MINUTE} | columns
    offer = HandoverOffer(
        case_id=case.id,
        to_id=to.id if to else None,
        to_pool=to_pool,
        offered_at=offered_at,
        status=status,
        **values,
    )
    offer.note = {"situation": "S", "risk": "R", "next_action": "N", "avoid": "A"}
    added(session, offer)
    return offer


def make_close_request(
    session: Session,
    *,
    case: Case,
    asked_at: datetime = MONDAY + DAY,
    status: str = CloseRequestStatus.WAITING,
    **columns: Any,
) -> CloseRequest:
    values: dict[str, Any] = {
        "end_key": "no_longer_concerned",
        "has_siblings": "no",
        "by_id": case.keeper_id,
    } | columns
    request = CloseRequest(case_id=case.id, asked_at=asked_at, status=status, **values)
    request.reason = "Ikke længere bekymret."
    added(session, request)
    return request
