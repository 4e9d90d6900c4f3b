"""Which of the staff can be turned to about a case: who is here, and who has been set aside in it."""

from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from models import Absence, Case, SetAside, Staff


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


def set_aside_in(session: Session, case: Case) -> frozenset[int]:
    """Ids of the staff who are the concern in this case: they are told nothing and see nothing of it."""
    return frozenset(session.exec(select(SetAside.staff_id).where(SetAside.case_id == case.id)))
