"""How a member of staff stands to a case, read from the rows; what follows from it is domain/access.py's."""

from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from handlepligt.domain.access import Relation
from handlepligt.domain.vocabulary import OfferStatus, StaffRole
from models import Absence, Case, DutyHolding, HandoverOffer, Staff


def relations_to(session: Session, case: Case, staff: Staff, now: datetime) -> frozenset[Relation]:
    """Every relation `staff` has to `case` now; empty means that the case does not exist for them."""
    if not staff.is_active:
        return frozenset()
    found: set[Relation] = set()
    if case.keeper_id == staff.id:
        found.add(Relation.KEEPER)
    if _leads(session, case, staff):
        found.add(Relation.LEADER)
    if staff.role == StaffRole.COORDINATOR and staff.team_id == case.team_id:
        found.add(Relation.DISCUSSANT)
    if staff.role == StaffRole.HEAD:
        found.add(Relation.HEAD)
    if _is_offered(session, case, staff):
        found.add(Relation.OFFERED)
    if Relation.KEEPER not in found and _took_part(session, case, staff):
        found.add(Relation.PARTED)
    return frozenset(found)


def teams_led_by(session: Session, staff: Staff) -> frozenset[int]:
    """Ids of the teams whose leader this is, or for whose leader they are the deputy."""
    rows = session.exec(
        select(Staff.team_id).where(
            Staff.role == StaffRole.LEADER,
            col(Staff.is_active),
            or_(col(Staff.id) == staff.id, col(Staff.deputy_id) == staff.id),
        )
    )
    return frozenset(team for team in rows if team is not None)


def is_present(session: Session, staff: Staff, now: datetime) -> bool:
    """Whether somebody is employed and not away at `now`."""
    if not staff.is_active:
        return False
    away = session.exec(
        select(func.count())
        .select_from(Absence)
        .where(
            Absence.staff_id == staff.id,
            Absence.since <= now,
            or_(col(Absence.until).is_(None), col(Absence.until) > now),
        )
    ).one()
    return away == 0


def _leads(session: Session, case: Case, staff: Staff) -> bool:
    led = teams_led_by(session, staff)
    if not led:
        return False
    if case.team_id in led:
        return True
    return session.exec(select(Staff.team_id).where(Staff.id == case.keeper_id)).one() in led


def _is_offered(session: Session, case: Case, staff: Staff) -> bool:
    offer = session.exec(
        select(HandoverOffer).where(
            HandoverOffer.case_id == case.id, HandoverOffer.status == OfferStatus.OFFERED
        )
    ).first()
    if offer is None or case.keeper_id == staff.id:
        return False
    return offer.to_id == staff.id or (offer.to_pool is not None and offer.to_pool == staff.pool)


def _took_part(session: Session, case: Case, staff: Staff) -> bool:
    if case.raised_by_id == staff.id:
        return True
    held = select(DutyHolding.id).where(DutyHolding.case_id == case.id, DutyHolding.holder_id == staff.id)
    return session.exec(held).first() is not None
