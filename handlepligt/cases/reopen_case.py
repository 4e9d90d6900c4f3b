"""Reopens a closed case with its whole history, and with a holder of the duty from the same instant."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlepligt.cases.arm_followup import arm_followup, first_followup
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.offer_handover import leader_besides
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_again, open_what_follows
from handlepligt.cases.record import bring_up_to_date, followup_due_at, record
from handlepligt.cases.sub_cases import lock_with_parent, refuse_without_parent
from handlepligt.cases.tell import tell
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.deadlines import Unit, add_months
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import ConflictError, InvalidInputError, RefusedByRuleError
from models import Case, DutyHolding, Staff
from notifications.messages import Message
from protocols.definition import Definition
from protocols.kinds.entry import Kind as Entry


class CaseOpenError(ConflictError):
    """The case is open already."""

    user_message = "Sagen er allerede åben."


def reopen_case(session: Session, *, case_id: str, by: Staff, now: datetime, reason: str) -> Case:
    """The case, open again. Who kept it last holds the duty anew from `now`.

    The steps of the protocol's way in open once more, and what follows from that. Refused when its
    window for coming back has passed: then a new concern is raised. Refused too for a case that was raised
    from another and may not outlive it, while that one is closed.
    Raises NotFoundError, NotAllowedError, CaseOpenError, InvalidInputError, RefusedByRuleError.
    """
    lock_with_parent(session, case_id)
    case = case_for(session, case_id, by=by, action=Action.REOPEN, now=now, closed=True)
    if case.closed_at is None:
        raise CaseOpenError(f"case {case.id} is open")
    reason = wording.tidied(reason)
    if sentence := wording.problem_with(reason):
        raise InvalidInputError(problems={"reason": sentence})
    definition = definition_of(case)
    entry = _way_in(definition, case.closed_at, now)
    if entry is None:
        raise RefusedByRuleError(
            "entries", user_message="Sagen har været lukket for længe. Rejs en ny bekymring i stedet."
        )
    refuse_without_parent(session, case)
    keeper = session.get_one(Staff, case.keeper_id)
    if not keeper.is_active:
        # Somebody must hold the duty from this instant on, and the one who acts is here.
        keeper = by
        case.keeper_id = by.id or 0
    # A clock set back, or standing still, gives no instant to two holders.
    since = max(now, case.closed_at)
    case.openings += 1
    case.closed_at, case.end_key, case.open_for = None, None, case.id
    case.next_followup_on = first_followup(definition, now)
    case.next_due_at = followup_due_at(case)
    case.status = "reopened"
    session.add(case)
    session.add(
        DutyHolding(
            case_id=case.id, opening=case.openings, holder_id=keeper.id, since=since, open_for=case.id
        )
    )
    session.flush()
    record(session, case, EventKind.CASE_REOPENED, at=now, by_id=by.id, detail=reason)
    open_again(session, case, definition, entry.steps, now=now, by_id=by.id)
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    arm_followup(session, case, now=now)
    people = [keeper, *leader_besides(session, case, by.id)]
    occasion = f"opening {case.openings}"
    tell(session, Message.CASE_REOPENED, people, case=case, now=now, occasion=occasion, besides=by.id)
    bring_up_to_date(session, case, now)
    return case


def _way_in(definition: Definition, closed_at: datetime, now: datetime) -> Entry | None:
    """The first of the protocol's entries that lets a case closed at that instant back in, by local dates."""
    zone = ZoneInfo(definition.head.zone)
    closed, today = closed_at.astimezone(zone).date(), now.astimezone(zone).date()
    for entry in definition.entries.values():
        offset = entry.within
        if offset.unit is Unit.MONTHS and today <= add_months(closed, offset.amount):
            return entry
        if offset.unit is Unit.CALENDAR_DAYS and (today - closed).days <= offset.amount:
            return entry
    return None
