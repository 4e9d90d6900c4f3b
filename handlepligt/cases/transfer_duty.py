"""Moves the duty to act (handlepligt) from its holder to the next, without an instant between them."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from handlepligt.cases.record import record
from handlepligt.domain.vocabulary import EventKind
from models import Case, DutyHolding, Staff


def transfer_duty(
    session: Session,
    case: Case,
    *,
    now: datetime,
    by_id: int,
    to_id: int | None = None,
    authority: Mapping[str, str] | None = None,
    offer_id: str = "",
) -> DutyHolding:
    """The new holding. Exactly one of `to_id` (staff) and `authority` (its fields) is given.

    The `until` of the old row is the `since` of the new one, to the microsecond; the database refuses
    anything else (models/duty.py). The case must be locked. Used by the verbs of handover only.
    """
    held = session.exec(
        select(DutyHolding).where(DutyHolding.case_id == case.id, col(DutyHolding.until).is_(None))
    ).one()
    # Two acts in one microsecond, or a clock set back: the ledger still only moves forward.
    at = max(now, held.since + timedelta(microseconds=1))
    held.until, held.open_for = at, None
    session.add(held)
    session.flush()
    following = DutyHolding(
        case_id=case.id,
        opening=case.openings,
        holder_id=to_id,
        since=at,
        previous_until=at,
        open_for=case.id,
    )
    if authority is not None:
        following.authority = json.dumps(dict(authority), ensure_ascii=False, sort_keys=True)
    session.add(following)
    session.flush()
    if to_id is not None:
        receiver = session.get_one(Staff, to_id)
        case.keeper_id = to_id
        # The team follows the duty: its leader leads the case now, and the one before no longer sees it.
        case.team_id = receiver.team_id or case.team_id
        session.add(case)
    kind, team = EventKind.DUTY_TRANSFERRED, case.team_id
    record(session, case, kind, at=at, by_id=by_id, to=to_id, offer=offer_id, team=team)
    return following
