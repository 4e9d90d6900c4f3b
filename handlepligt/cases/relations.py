"""How a member of staff stands to a case, read from the rows; what follows from it is domain/access.py's."""

from datetime import datetime

from sqlalchemy import or_
from sqlmodel import Session, col, select

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.people import leader_of, owners_of
from handlepligt.cases.presence import set_aside_in
from handlepligt.domain.access import Relation
from handlepligt.domain.vocabulary import OfferStatus, StaffRole
from models import Case, CaseStep, DutyHolding, HandoverOffer, Staff


def relations_to(session: Session, case: Case, staff: Staff, now: datetime) -> frozenset[Relation]:
    """Every relation `staff` has to `case` now; empty means that the case does not exist for them.

    It does not exist for whoever has been set aside in it, being the concern themselves.
    """
    aside = set_aside_in(session, case)
    if not staff.is_active or staff.id in aside:
        return frozenset()
    found: set[Relation] = set()
    if case.keeper_id == staff.id:
        found.add(Relation.KEEPER)
    if _leads(session, case, staff) or (aside and _leads_instead(session, case, staff)):
        found.add(Relation.LEADER)
    if staff.role == StaffRole.COORDINATOR and staff.team_id == case.team_id:
        found.add(Relation.DISCUSSANT)
    if staff.role == StaffRole.HEAD:
        found.add(Relation.HEAD)
    if _is_offered(session, case, staff):
        found.add(Relation.OFFERED)
    if _owns_a_step(session, case, staff, now):
        found.add(Relation.OWNER)
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


def _leads(session: Session, case: Case, staff: Staff) -> bool:
    led = teams_led_by(session, staff)
    if not led:
        return False
    if case.team_id in led:
        return True
    return session.exec(select(Staff.team_id).where(Staff.id == case.keeper_id)).one() in led


def _leads_instead(session: Session, case: Case, staff: Staff) -> bool:
    """The leader is the concern: somebody must still be able to approve what a leader approves."""
    leader = leader_of(session, case)
    return leader is not None and leader.id == staff.id


def _owns_a_step(session: Session, case: Case, staff: Staff, now: datetime) -> bool:
    """Whether a step is open whose act is this person's, though the duty is not."""
    definition = definition_of(case)
    owned = [key for key, step in definition.steps.items() if step.owner in definition.roles]
    if not owned or case.closed_at is not None:
        return False
    open_keys = session.exec(
        select(CaseStep.key)
        .where(CaseStep.case_id == case.id, col(CaseStep.settled_at).is_(None), col(CaseStep.key).in_(owned))
        .distinct()
    ).all()
    return any(
        staff.id == one.id for key in open_keys for one in owners_of(session, definition, key, case, now)
    )


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
