"""Turns a role of a protocol ("the holder's superior") into the members of staff it means now."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from handlepligt.cases.relations import is_present
from handlepligt.domain.vocabulary import StaffRole
from models import Case, Staff
from protocols.definition import Definition
from protocols.roles import FirstOf, Holder, Raiser, RoleExpression, StaffWith, SubstituteOf, SuperiorOf


def resolve(session: Session, definition: Definition, role: str, case: Case, now: datetime) -> list[Staff]:
    """The staff that `role` of the definition means for this case now, active ones only, by id.

    An empty list is a fact the caller must act on: nobody is there. `FirstOf` looks at presence; the
    other expressions name people whether they are away or not.
    """
    return _people(session, definition, definition.roles[role].expression, case, now)


def _people(
    session: Session, definition: Definition, expression: RoleExpression, case: Case, now: datetime
) -> list[Staff]:
    match expression:
        case Holder():
            return _active(session, [case.keeper_id])
        case Raiser():
            return _active(session, [case.raised_by_id])
        case SuperiorOf(role):
            below = resolve(session, definition, role, case, now)
            return _unique(superior_of(session, one) for one in below)
        case SubstituteOf(role):
            stood_in_for = resolve(session, definition, role, case, now)
            return _active(session, [one.deputy_id for one in stood_in_for if one.deputy_id])
        case FirstOf(roles):
            for role in roles:
                there = [
                    one
                    for one in resolve(session, definition, role, case, now)
                    if is_present(session, one, now)
                ]
                if there:
                    return there
            return []
        case StaffWith(staff_role, pool, same_team):
            wanted = select(Staff).where(col(Staff.is_active), Staff.role == staff_role)
            if pool:
                wanted = wanted.where(Staff.pool == pool)
            if same_team:
                wanted = wanted.where(Staff.team_id == case.team_id)
            return list(session.exec(wanted.order_by(col(Staff.id))))


def superior_of(session: Session, staff: Staff) -> Staff | None:
    """The leader of somebody's team; a leader's own superior is the head. None when the house has none."""
    leads = select(Staff).where(col(Staff.is_active), Staff.role == StaffRole.LEADER)
    if staff.role not in (StaffRole.LEADER, StaffRole.HEAD) and staff.team_id is not None:
        leader = session.exec(leads.where(Staff.team_id == staff.team_id)).first()
        if leader is not None:
            return leader
    heads = select(Staff).where(col(Staff.is_active), Staff.role == StaffRole.HEAD, Staff.id != staff.id)
    return session.exec(heads.order_by(col(Staff.id))).first()


def leader_of(session: Session, case: Case) -> Staff | None:
    """Who is told about a case as its leader: of the case's team, else the keeper's superior."""
    leader = session.exec(
        select(Staff).where(
            col(Staff.is_active), Staff.role == StaffRole.LEADER, Staff.team_id == case.team_id
        )
    ).first()
    if leader is not None and leader.id != case.keeper_id:
        return leader
    keeper = session.get(Staff, case.keeper_id)
    return superior_of(session, keeper) if keeper else None


def _active(session: Session, ids: Iterable[int | None]) -> list[Staff]:
    found = [session.get(Staff, one) for one in ids if one is not None]
    return [one for one in found if one is not None and one.is_active]


def _unique(people: Iterable[Staff | None]) -> list[Staff]:
    by_id = {one.id: one for one in people if one is not None}
    return [by_id[key] for key in sorted(by_id, key=lambda key: key or 0)]
