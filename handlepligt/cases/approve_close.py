"""Closes a case: another person than the one who asked approves it (four eyes)."""

from datetime import datetime, timedelta

from sqlmodel import Session, col, delete, select

from handlepligt.cases.arm_deadlines import lapse_deadlines
from handlepligt.cases.case_state import steps_of
from handlepligt.cases.closing import refuse_unless_closable, request_in_hand
from handlepligt.cases.open_case import row_of
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.sub_cases import answer_in_parent, lock_with_parent
from handlepligt.cases.tell import tell
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import CloseRequestStatus, EventKind, StepStatus
from handlepligt.errors import RefusedByRuleError
from models import Case, CloseRequest, DueRow, DutyHolding, Staff
from notifications.messages import Message

STEP_ENDED = "Sagen er afsluttet."


def approve_close(session: Session, *, request_id: str, by: Staff, now: datetime) -> Case:
    """The closed case. Its duty, deadlines, follow-up and open steps end in the same instant.

    Raises what `ask_to_close` raises, for much can have changed since, and RefusedByRuleError when the
    approver is the one who asked. Where another case waits for this one, its step is done too.
    """
    asked = row_of(session, CloseRequest, request_id)
    if asked is not None:
        lock_with_parent(session, asked.case_id)
    request, case = request_in_hand(session, request_id, by=by, action=Action.APPROVE_CLOSING, now=now)
    if request.by_id == by.id:
        raise RefusedByRuleError(
            "four_eyes", user_message="En anden end den, der har ønsket lukningen, skal godkende den."
        )
    refuse_unless_closable(session, case, request.end_key, request.answers, by=by, now=now)
    request.status, request.decided_by_id, request.decided_at = CloseRequestStatus.APPROVED, by.id, now
    session.add(request)
    for step in steps_of(session, case):
        if step.settled_at is None:
            step.status, step.settled_at = StepStatus.NOT_APPLICABLE, now
            step.reason = STEP_ENDED
            session.add(step)
    lapse_deadlines(session, case, now=now)
    session.exec(delete(DueRow).where(col(DueRow.case_id) == case.id))
    held = session.exec(select(DutyHolding).where(DutyHolding.open_for == case.id)).one()
    ended_at = max(now, held.since + timedelta(microseconds=1))
    held.until, held.open_for = ended_at, None
    case.closed_at, case.end_key, case.open_for = ended_at, request.end_key, None
    case.is_acute, case.next_followup_on, case.next_due_at, case.status = False, None, None, "closed"
    session.add_all([held, case])
    session.flush()
    record(session, case, EventKind.CASE_CLOSED, at=ended_at, by_id=by.id, request=request.id)
    # The duty may have moved since somebody asked.
    people = {one: session.get(Staff, one) for one in (request.by_id, case.keeper_id)}.values()
    tell(session, Message.CLOSE_APPROVED, people, case=case, now=now, occasion=request.id, besides=by.id)
    bring_up_to_date(session, case, now)
    answer_in_parent(session, case, now=now, by_id=by.id)
    return case
