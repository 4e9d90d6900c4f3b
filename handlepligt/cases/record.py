"""Writes what happened to a case, and brings the case's own row up to date afterwards."""

import json
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, func, select

from handlepligt.cases.case_state import definition_of, state_of
from handlepligt.domain.transitions import status_of
from handlepligt.domain.vocabulary import EventKind, OfferStatus
from models import Case, CaseEvent, Deadline, HandoverOffer
from protocols.definition import Definition
from protocols.engine import phase
from protocols.state import CaseState


def record(
    session: Session,
    case: Case,
    kind: EventKind,
    *,
    at: datetime,
    by_id: int | None,
    detail: str = "",
    **about: object,
) -> CaseEvent:
    """Adds an event. `about` is keys, ids and numbers only; what a person wrote is `detail`, sealed."""
    event = CaseEvent(case_id=case.id, kind=kind, at=at, number=next_number(session, case), by_id=by_id)
    event.about = json.dumps(about, sort_keys=True, default=str)
    if detail:
        event.detail = detail
    session.add(event)
    return event


def next_number(session: Session, case: Case) -> int:
    """The number of the case's next event: events at one instant keep the order they were written in."""
    session.flush()
    last = session.exec(select(func.max(CaseEvent.number)).where(CaseEvent.case_id == case.id)).one()
    return (last or 0) + 1


def bring_up_to_date(session: Session, case: Case, now: datetime, *, state: CaseState | None = None) -> None:
    """After any change: status, next due instant, when it was touched, and the wake that Prefect follows."""
    session.flush()
    case.touched_at = now
    case.wake += 1
    definition = definition_of(case)
    state = state or state_of(session, case, now)
    case.status = status_of(
        is_closed=case.closed_at is not None,
        is_offered=_is_offered(session, case),
        is_reopened=_is_freshly_reopened(session, case),
        phase=phase(definition, state),
    )
    case.next_due_at = None if case.closed_at is not None else _next_due(session, case)
    session.add(case)
    session.flush()


def local_day(definition: Definition, now: datetime) -> date:
    """The day it is at `now` (aware) where the protocol is worked by."""
    return now.astimezone(ZoneInfo(definition.head.zone)).date()


def followup_due_at(case: Case) -> datetime | None:
    """The end of the local day of the next follow-up, as UTC."""
    if case.next_followup_on is None:
        return None
    zone = ZoneInfo(definition_of(case).head.zone)
    midnight = datetime.combine(case.next_followup_on + timedelta(days=1), time(), zone)
    return midnight.astimezone(UTC) - timedelta(seconds=1)


def _next_due(session: Session, case: Case) -> datetime | None:
    earliest = session.exec(
        select(func.min(Deadline.due_at)).where(
            Deadline.case_id == case.id,
            col(Deadline.settled_at).is_(None),
            # What stands still is due at no time that anybody knows.
            col(Deadline.paused_at).is_(None),
        )
    ).one()
    return min((at for at in (earliest, followup_due_at(case)) if at is not None), default=None)


def _is_offered(session: Session, case: Case) -> bool:
    offered = select(HandoverOffer.id).where(
        HandoverOffer.case_id == case.id, HandoverOffer.status == OfferStatus.OFFERED
    )
    return session.exec(offered).first() is not None


def _is_freshly_reopened(session: Session, case: Case) -> bool:
    if case.openings == 1:
        return False
    last = session.exec(
        select(CaseEvent.kind)
        .where(
            CaseEvent.case_id == case.id,
            col(CaseEvent.kind).in_([EventKind.CASE_REOPENED, EventKind.STEP_COMPLETED]),
        )
        .order_by(col(CaseEvent.number).desc())
    ).first()
    return last == EventKind.CASE_REOPENED
