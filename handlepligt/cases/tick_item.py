"""Ticks an item of a step's checklist (tjekliste), or takes the tick away while the step is open."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import state_of
from handlepligt.cases.gates import left_in_events
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.rounds import about, round_in_hand
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, RefusedByRuleError
from models import CaseStep, Staff
from protocols.engine import checklist_of, tick_refusal


def tick_item(
    session: Session,
    *,
    case_id: str,
    step_key: str,
    item: str,
    done: bool,
    by: Staff,
    now: datetime,
    person: str = "",
) -> CaseStep:
    """The open round with the item ticked at `now`, or with its tick taken away.

    What follows opens at once: the tick of an agreed action may meet a deadline. Ticking what is ticked
    changes nothing, and keeps the first instant. Raises NotFoundError, NotAllowedError, CaseClosedError,
    StepNotOpenError, InvalidInputError for an item that is not on the list, and RefusedByRuleError when
    the step is paused, or the order of the items is strict and it is another one's turn.
    """
    case, definition, step = round_in_hand(
        session, case_id=case_id, step_key=step_key, person=person, by=by, now=now, may_stand=True
    )
    state = state_of(session, case, now)
    items = {one.key: one for one in checklist_of(definition, step_key, state, person=person)}
    if item not in items:
        raise InvalidInputError(problems={"item": "Punktet står ikke på trinnets tjekliste. Se sagen igen."})
    if items[item].is_ticked == done:
        return step
    refusal = tick_refusal(definition, state, step_key, item, done=done, person=person)
    if refusal is not None:
        error = RefusedByRuleError(refusal.rule, user_message=refusal.message, reference=refusal.reference)
        told = {"act": "tick", "rules": [refusal.rule], **about(step)}
        raise left_in_events(session, case, error, by=by, now=now, about=told)
    ticks = dict(step.ticks)
    ticks.pop(item, None)
    step.ticks = ticks | ({item: now.isoformat()} if done else {})
    session.add(step)
    record(session, case, EventKind.ITEM_TICKED, at=now, by_id=by.id, item=item, done=done, **about(step))
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return step
