"""Reopens a closed case with its whole history, and with a holder of the duty from the same instant."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from handlepligt.cases.arm_followup import arm_followup, first_followup
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.offer_handover import leader_besides
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, followup_due_at, record
from handlepligt.cases.tell import tell
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.deadlines import Offset, Unit, add_months
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import ConflictError, InvalidInputError, RefusedByRuleError
from models import Case, DutyHolding, Staff
from notifications.messages import Message
from protocols.definition import Definition


class CaseOpenError(ConflictError):
    """The case is open already."""

    user_message = "Sagen er allerede åben."


def reopen_case(session: Session, *, case_id: str, by: Staff, now: datetime, reason: str) -> Case:
    """The case, open again. Who kept it last holds the duty anew from `now`; steps open as the rules say.

    Refused when the protocol's window for coming back has passed: then a new concern is raised.
    Raises NotFoundError, NotAllowedError, CaseOpenError, InvalidInputError, RefusedByRuleError.
    """
    case = case_for(session, case_id, by=by, action=Action.REOPEN, now=now, closed=True)
    if case.closed_at is None:
        raise CaseOpenError(f"case {case.id} is open")
    reason = wording.tidied(reason)
    if sentence := wording.problem_with(reason):
        raise InvalidInputError(problems={"reason": sentence})
    definition = definition_of(case)
    if not _may_come_back(definition, case.closed_at, now):
        raise RefusedByRuleError(
            "entries", user_message="Sagen har været lukket for længe. Rejs en ny bekymring i stedet."
        )
    keeper = session.get_one(Staff, case.keeper_id)
    if not keeper.is_active:
        # Somebody must hold the duty from this instant on, and the one who acts is here.
        keeper = by
        case.keeper_id = by.id or 0
    case.openings += 1
    case.closed_at, case.end_key, case.open_for = None, None, case.id
    case.next_followup_on = first_followup(definition, now)
    case.next_due_at = followup_due_at(case)
    case.status = "reopened"
    session.add(case)
    session.add(
        DutyHolding(case_id=case.id, opening=case.openings, holder_id=keeper.id, since=now, open_for=case.id)
    )
    session.flush()
    record(session, case, EventKind.CASE_REOPENED, at=now, by_id=by.id, detail=reason)
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    arm_followup(session, case, now=now)
    people = [keeper, *leader_besides(session, case, by.id)]
    occasion = f"opening {case.openings}"
    tell(session, Message.CASE_REOPENED, people, case=case, now=now, occasion=occasion, besides=by.id)
    bring_up_to_date(session, case, now)
    return case


def _may_come_back(definition: Definition, closed_at: datetime, now: datetime) -> bool:
    """Whether one of the protocol's entries lets a case closed at that instant back in, by local dates."""
    zone = ZoneInfo(definition.head.zone)
    closed, today = closed_at.astimezone(zone).date(), now.astimezone(zone).date()
    for entry in definition.entries.values():
        offset = Offset.parse(str(entry.within).replace("_", " "))
        if offset.unit is Unit.MONTHS and today <= add_months(closed, offset.amount):
            return True
        if offset.unit is Unit.CALENDAR_DAYS and (today - closed).days <= offset.amount:
            return True
    return False
