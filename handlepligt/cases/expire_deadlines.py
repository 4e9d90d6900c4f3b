"""Lets deadlines run out whose passing is no breach: their rounds fall away, or another path opens."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.arm_deadlines import BREACH, expire, round_of, running_deadlines
from models import Case, CaseStep
from protocols.kinds.deadline import AtExpiry


def expire_deadlines(
    session: Session, case: Case, *, steps: list[CaseStep], now: datetime
) -> list[tuple[CaseStep, str]] | None:
    """Ends each such deadline of the case that has passed at `now`, once.

    Gives the open rounds that fall away with theirs, each with the Danish reason; None when nothing
    expired. The case must be locked.
    """
    passed = [
        one
        for one in running_deadlines(session, case)
        if one.at_expiry != BREACH and one.paused_at is None and one.due_at <= now
    ]
    if not passed:
        return None
    falling: list[tuple[CaseStep, str]] = []
    for deadline in passed:
        expire(session, case, deadline, now)
        if deadline.at_expiry == AtExpiry.LAPSE:
            falling += [
                (step, f"Fristen »{deadline.title}« er udløbet.")
                for step in steps
                if step.settled_at is None and (step.key, step.round, step.person) == round_of(deadline)
            ]
    return falling
