"""What a case consists of, for whoever has been let in: ledger, deadlines, calls, siblings, chronology."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from handlepligt.cases.case_state import steps_of
from handlepligt.cases.relations import relations_to
from handlepligt.domain.access import Action, is_allowed
from handlepligt.domain.duty import DutyPeriod
from handlepligt.domain.vocabulary import EventKind
from models import (
    Call,
    Case,
    CaseEvent,
    CaseStep,
    CloseRequest,
    Deadline,
    DutyHolding,
    HandoverOffer,
    SiblingLink,
    Staff,
)


@dataclass(frozen=True)
class DutyEntry:
    """One line of the duty ledger. Times are aware UTC; `authority` is empty when staff held it."""

    holder_id: int | None
    holder_name: str
    phone: str
    authority: dict[str, str]
    since: datetime
    until: datetime | None
    opening: int


@dataclass(frozen=True)
class EventView:
    """One event with the name of whoever acted; "" when the system itself did."""

    kind: EventKind
    at: datetime
    by_name: str
    about: dict[str, Any]
    detail: str


@dataclass(frozen=True)
class SiblingView:
    """What one team may know of a sibling's case: that it is there and whom to call. Never its content."""

    reference: str
    is_open: bool
    keeper_name: str
    keeper_phone: str
    may_see: bool


@dataclass(frozen=True)
class OwnPart:
    """What somebody who has parted with a case still sees: what they wrote, and when it was taken over."""

    reference: str
    raised_at: datetime | None
    summary: str
    taken_over_at: datetime | None
    steps: tuple[CaseStep, ...]


def duty_ledger(session: Session, case: Case) -> list[DutyEntry]:
    """Everybody who has held the duty, oldest first."""
    rows = session.exec(
        select(DutyHolding, Staff)
        .outerjoin(Staff, col(Staff.id) == col(DutyHolding.holder_id))
        .where(DutyHolding.case_id == case.id)
        .order_by(col(DutyHolding.opening), col(DutyHolding.since))
    )
    return [_entry(held, staff) for held, staff in rows]


def duty_at(session: Session, case: Case, at: datetime) -> DutyEntry | None:
    """Who held the duty at an instant (aware); None when the case was not open then."""
    for entry in duty_ledger(session, case):
        if entry.since <= at and (entry.until is None or at < entry.until):
            return entry
    return None


def duty_periods(session: Session, case: Case) -> list[DutyPeriod]:
    """The ledger as plain periods, for the rules of domain/duty.py."""
    rows = session.exec(select(DutyHolding).where(DutyHolding.case_id == case.id))
    return [
        DutyPeriod(str(held.holder_id or "authority"), held.since, held.until, held.opening) for held in rows
    ]


def _entry(held: DutyHolding, staff: Staff | None) -> DutyEntry:
    authority: dict[str, str] = json.loads(held.authority) if held.authority_sealed else {}
    return DutyEntry(
        holder_id=held.holder_id,
        holder_name=staff.name if staff else ", ".join(filter(None, map(authority.get, ("name", "unit")))),
        phone=staff.phone if staff else "",
        authority=authority,
        since=held.since,
        until=held.until,
        opening=held.opening,
    )


def deadlines_of_case(session: Session, case: Case) -> list[Deadline]:
    """All deadlines of a case, those that still run first, by when they are or were due."""
    rows = session.exec(select(Deadline).where(Deadline.case_id == case.id).order_by(col(Deadline.due_at)))
    return sorted(rows, key=lambda one: one.settled_at is not None)


def calls_of(session: Session, case: Case) -> list[tuple[Call, str]]:
    """The logged calls with the caller's name, latest first."""
    rows = session.exec(
        select(Call, Staff.name)
        .join(Staff, col(Staff.id) == col(Call.by_id))
        .where(Call.case_id == case.id)
        .order_by(col(Call.called_at).desc())
    )
    return list(rows)


def offers_of(session: Session, case: Case) -> list[HandoverOffer]:
    """All offers of handover, latest first."""
    return list(
        session.exec(
            select(HandoverOffer)
            .where(HandoverOffer.case_id == case.id)
            .order_by(col(HandoverOffer.offered_at).desc())
        )
    )


def close_requests_of(session: Session, case: Case) -> list[CloseRequest]:
    """All requests to close, latest first."""
    return list(
        session.exec(
            select(CloseRequest)
            .where(CloseRequest.case_id == case.id)
            .order_by(col(CloseRequest.asked_at).desc())
        )
    )


def siblings_of(session: Session, case: Case, by: Staff, now: datetime) -> list[SiblingView]:
    """The linked siblings' cases, as much of them as may be known here; `may_see`: `by` may open it."""
    links = session.exec(
        select(SiblingLink).where(
            or_(col(SiblingLink.case_id) == case.id, col(SiblingLink.other_case_id) == case.id)
        )
    )
    others = [one.other_case_id if one.case_id == case.id else one.case_id for one in links]
    rows = session.exec(
        select(Case, Staff)
        .join(Staff, col(Staff.id) == col(Case.keeper_id))
        .where(col(Case.id).in_(others))
        .order_by(col(Case.reference))
    ).all()
    return [
        SiblingView(
            other.reference,
            other.closed_at is None,
            keeper.name,
            keeper.phone,
            is_allowed(Action.SEE_CASE, relations_to(session, other, by, now)),
        )
        for other, keeper in rows
    ]


def events_of(session: Session, case: Case, *, limit: int = 500) -> list[EventView]:
    """The chronology, oldest first; the latest `limit` events."""
    rows = session.exec(
        select(CaseEvent, Staff.name)
        .outerjoin(Staff, col(Staff.id) == col(CaseEvent.by_id))
        .where(CaseEvent.case_id == case.id)
        .order_by(col(CaseEvent.at).desc(), col(CaseEvent.number).desc())
        .limit(limit)
    ).all()
    return [
        EventView(
            kind=EventKind(event.kind),
            at=event.at,
            by_name=name or "",
            about=json.loads(event.about),
            detail=event.detail,
        )
        for event, name in reversed(rows)
    ]


def own_part(session: Session, case: Case, by: Staff) -> OwnPart:
    """What `by` wrote in the case, and since when somebody else has it."""
    held = [one for one in duty_ledger(session, case) if one.holder_id == by.id]
    is_raiser = case.raised_by_id == by.id
    return OwnPart(
        reference=case.reference,
        raised_at=case.raised_at if is_raiser else None,
        summary=case.summary if is_raiser else "",
        taken_over_at=held[-1].until if held else None,
        steps=tuple(one for one in steps_of(session, case) if one.settled_by_id == by.id),
    )
