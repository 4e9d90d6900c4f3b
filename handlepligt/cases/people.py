"""Turns a role of a protocol ("the holder's superior") into the members of staff it means now."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handlepligt.cases.case_state import bypasses_of
from handlepligt.cases.presence import is_present, set_aside_in
from handlepligt.domain.vocabulary import StaffRole
from models import Case, Staff
from protocols.definition import Definition
from protocols.roles import FirstOf, Holder, Raiser, StaffWith, SubstituteOf, SuperiorOf

_NOBODY: frozenset[int] = frozenset()


def resolve(session: Session, definition: Definition, role: str, case: Case, now: datetime) -> list[Staff]:
    """The staff that `role` of the definition means for this case now, active ones only, by id.

    An empty list is a fact the caller must act on: nobody is there. `FirstOf` looks at presence and goes
    past the roles that were gone past in the case; the other expressions name people whether they are
    away or not. Whoever is the concern themselves is never among them: a superior who is stands back for
    the next above.
    """
    asked = _Asked(session, definition, case, now, set_aside_in(session, case))
    return asked.people(role)


def owners_of(session: Session, definition: Definition, key: str, case: Case, now: datetime) -> list[Staff]:
    """The staff who do the step's act beside the holder; nobody when no role of the protocol owns it."""
    owner = definition.steps[key].owner if key in definition.steps else ""
    return resolve(session, definition, owner, case, now) if owner in definition.roles else []


@dataclass(frozen=True)
class _Asked:
    """One case at one instant. `aside` are ids of those who are left out of every answer."""

    session: Session
    definition: Definition
    case: Case
    now: datetime
    aside: frozenset[int]

    def people(self, role: str) -> list[Staff]:
        match self.definition.roles[role].expression:
            case Holder():
                return self._active([self.case.keeper_id])
            case Raiser():
                return self._active([self.case.raised_by_id])
            case SuperiorOf(below):
                return self._above(self._whoever(below))
            case SubstituteOf(other):
                return self._active(one.deputy_id for one in self._whoever(other))
            case FirstOf(roles):
                return self._first_of(roles)
            case StaffWith(staff_role, pool, same_team):
                wanted = select(Staff).where(col(Staff.is_active), Staff.role == staff_role)
                if pool:
                    wanted = wanted.where(Staff.pool == pool)
                if same_team:
                    wanted = wanted.where(Staff.team_id == self.case.team_id)
                found = self.session.exec(wanted.order_by(col(Staff.id)))
                return [one for one in found if one.id not in self.aside]

    def _whoever(self, role: str) -> list[Staff]:
        # The deputy of somebody set aside is still that person's deputy, and not of whoever is above.
        return _Asked(self.session, self.definition, self.case, self.now, _NOBODY).people(role)

    def _first_of(self, roles: tuple[str, ...]) -> list[Staff]:
        past = {one.role for one in bypasses_of(self.session, self.case)}
        for role in roles:
            there = [one for one in self.people(role) if is_present(self.session, one, self.now)]
            if there and role not in past:
                return there
        # All in the row were gone past or are away: whoever is above the last of them is asked instead.
        return self._above(self._whoever(roles[-1])) if past & set(roles) else []

    def _above(self, people: Iterable[Staff]) -> list[Staff]:
        return _unique(superior_of(self.session, one, aside=self.aside) for one in people)

    def _active(self, ids: Iterable[int | None]) -> list[Staff]:
        found = [self.session.get(Staff, one) for one in ids if one is not None and one not in self.aside]
        return [one for one in found if one is not None and one.is_active]


def superior_of(session: Session, staff: Staff, *, aside: Collection[int] = ()) -> Staff | None:
    """The leader of somebody's team; a leader's own superior is the head. None when the house has none.

    Whoever is in `aside` (staff ids) stands back for their own superior.
    """
    passed = {staff.id}
    above = _next_above(session, staff, passed)
    while above is not None and above.id in aside:
        passed.add(above.id)
        above = _next_above(session, above, passed)
    return above


def _next_above(session: Session, staff: Staff, passed: Collection[int | None]) -> Staff | None:
    if staff.role not in (StaffRole.LEADER, StaffRole.HEAD) and staff.team_id is not None:
        leads = select(Staff).where(col(Staff.is_active), Staff.role == StaffRole.LEADER)
        leader = session.exec(leads.where(Staff.team_id == staff.team_id)).first()
        if leader is not None:
            return leader
    heads = select(Staff).where(col(Staff.is_active), Staff.role == StaffRole.HEAD)
    return next((one for one in session.exec(heads.order_by(col(Staff.id))) if one.id not in passed), None)


def leader_of(session: Session, case: Case) -> Staff | None:
    """Who is told about a case as its leader: of the case's team, else the keeper's superior.

    A leader who is the concern is not told; whoever is above them is.
    """
    aside = set_aside_in(session, case)
    leader = session.exec(
        select(Staff).where(
            col(Staff.is_active), Staff.role == StaffRole.LEADER, Staff.team_id == case.team_id
        )
    ).first()
    if leader is not None and leader.id != case.keeper_id:
        return superior_of(session, leader, aside=aside) if leader.id in aside else leader
    keeper = session.get(Staff, case.keeper_id)
    return superior_of(session, keeper, aside=aside) if keeper else None


def _unique(people: Iterable[Staff | None]) -> list[Staff]:
    by_id = {one.id: one for one in people if one is not None}
    return [by_id[key] for key in sorted(by_id, key=lambda key: key or 0)]
