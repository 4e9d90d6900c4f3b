"""Records that an outside authority has accepted the duty, by name, unit, journal number and confirmer."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of, state_of
from handlepligt.cases.gates import refuse_if_forbidden
from handlepligt.cases.offer_handover import (
    OfferWaitingError,
    leader_besides,
    problems_in_note,
    waiting_offer,
)
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date
from handlepligt.cases.tell import tell
from handlepligt.cases.transfer_duty import transfer_duty
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.errors import InvalidInputError, RefusedByRuleError
from models import DutyHolding, Staff
from notifications.messages import Message
from protocols.kinds.rule import Act
from protocols.world import World

FIELDS = {
    "name": "Myndighed",
    "unit": "Enhed",
    "journal_number": "Journalnummer",
    "confirmed_by": "Hvem har bekræftet, at de har overtaget sagen?",
}


def hand_to_authority(
    session: Session,
    *,
    case_id: str,
    by: Staff,
    now: datetime,
    authority: Mapping[str, str],
    note: Mapping[str, str],
) -> DutyHolding:
    """The authority's holding. The last of the staff who held the duty keeps following the case up.

    Only where the protocol allows it. Raises NotFoundError, NotAllowedError, CaseClosedError,
    OfferWaitingError, InvalidInputError for a missing field, RefusedByRuleError.
    """
    case = case_for(session, case_id, by=by, action=Action.OFFER_HANDOVER, now=now)
    definition = definition_of(case)
    problems = problems_in_note(note) | {
        field: "Feltet findes ikke." for field in authority if field not in FIELDS
    }
    written = {field: wording.tidied(str(authority.get(field, ""))) for field in FIELDS}
    for field, text in written.items():
        problem = wording.problem_with(text, limit=wording.LINE, lines=False)
        if problem:
            problems[field] = problem
    if problems:
        raise InvalidInputError(problems=problems)
    state = state_of(session, case, now)
    allowed = definition.handover.authority if definition.handover else None
    if allowed is None or not allowed.allowed_when.holds(World(definition, state).context):
        raise RefusedByRuleError(
            "handover.authority",
            user_message="En anden myndighed kan ikke overtage handlepligten på dette tidspunkt.",
        )
    refuse_if_forbidden(session, case, definition, state, Act.OFFER_HANDOVER, by=by, now=now)
    if waiting_offer(session, case) is not None:
        raise OfferWaitingError(f"case {case.id} has a waiting offer")
    kept = written | {f"note_{key}": wording.tidied(text) for key, text in note.items()}
    holding = transfer_duty(session, case, now=now, by_id=by.id or 0, authority=kept)
    people = leader_besides(session, case, by.id)
    tell(session, Message.HANDOVER_ACCEPTED, people, case=case, now=now, occasion=holding.id)
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return holding
