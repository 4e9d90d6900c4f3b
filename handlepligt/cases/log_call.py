"""Logs a telephone call to a contact of the protocol ("ringet 17.02 – intet svar"), in one action."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError
from models import Call, Staff

OUTCOMES = {
    "answered": "svarede",
    "no_answer": "intet svar",
    "busy": "optaget",
    "message_left": "besked lagt",
}


def log_call(
    session: Session,
    *,
    case_id: str,
    by: Staff,
    now: datetime,
    contact_key: str,
    outcome: str,
    called_at: datetime | None = None,
    note: str = "",
) -> Call:
    """The call, logged. `called_at` (aware, default now) may lie before now but not before the receipt.

    What follows from somebody having been reached, or not, opens in the same transaction.
    Raises NotFoundError, NotAllowedError, CaseClosedError, InvalidInputError naming each wrong field.
    """
    case = case_for(session, case_id, by=by, action=Action.LOG_CALL, now=now)
    definition = definition_of(case)
    problems: dict[str, str] = {}
    if contact_key not in definition.contacts:
        problems["contact"] = "Kontakten findes ikke i denne arbejdsgang. Vælg en på listen."
    if outcome not in OUTCOMES:
        problems["outcome"] = f"Vælg et af svarene: {', '.join(OUTCOMES.values())}."
    called_at = called_at or now
    if called_at.tzinfo is None or not case.received_at <= called_at <= now:
        problems["called_at"] = "Opkaldet skal ligge mellem modtagelsen og nu."
    note = wording.tidied(note)
    problem = wording.problem_with(note, required=False)
    if problem:
        problems["note"] = problem
    if problems:
        raise InvalidInputError(problems=problems)
    call = Call(
        case_id=case.id, contact_key=contact_key, outcome=outcome, called_at=called_at, by_id=by.id or 0
    )
    if note:
        call.note = note
    session.add(call)
    session.flush()
    record(
        session, case, EventKind.CALL_LOGGED, at=now, by_id=by.id, contact=contact_key, outcome=outcome,
        called_at=called_at.isoformat(),
    )  # fmt: skip
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return call
