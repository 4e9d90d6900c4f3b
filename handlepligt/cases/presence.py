"""Which of the staff can be turned to about a case: who is here, and who has been set aside in it."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from models import Absence, Case, SetAside, Staff
from notifications.withdrawal import withdraw


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


def set_aside(session: Session, case: Case, staff_ids: Collection[int], bypass_id: str) -> int:
    """Lets these staff hear and see no more of the case; how many messages to them were withdrawn unsent.

    In the caller's transaction: from the instant they are set aside nothing that is queued reaches them.
    """
    known = set_aside_in(session, case)
    fresh = [one for one in staff_ids if one not in known]
    for staff_id in fresh:
        session.add(SetAside(case_id=case.id, staff_id=staff_id, bypass_id=bypass_id))
    session.flush()
    return withdraw(session, case, fresh)


def set_aside_in(session: Session, case: Case) -> frozenset[int]:
    """Ids of the staff who are the concern in this case: they are told nothing and see nothing of it."""
    return frozenset(session.exec(select(SetAside.staff_id).where(SetAside.case_id == case.id)))
