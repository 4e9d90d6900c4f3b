"""Takes a person's link to a case away: linked by mistake, or no longer of any matter to it."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of, steps_of
from handlepligt.cases.link_person import follow
from handlepligt.cases.linked_people import person_in_hand
from handlepligt.cases.open_step import end_round
from handlepligt.cases.record import record
from handlepligt.domain import wording
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError
from models import LinkedPerson, Staff

ROUND_ENDED = "Personen er ikke længere knyttet til sagen."


def unlink_person(session: Session, *, person_id: str, reason: str, by: Staff, now: datetime) -> LinkedPerson:
    """The person, unlinked: the open rounds about them fall away, those that are settled stay as they are.

    Raises NotFoundError, NotAllowedError, CaseClosedError, PersonUnlinkedError, InvalidInputError.
    """
    person, case = person_in_hand(session, person_id, by=by, now=now)
    reason = wording.tidied(reason)
    if sentence := wording.problem_with(reason):
        raise InvalidInputError(problems={"reason": sentence})
    person.unlinked_at, person.unlinked_by_id = now, by.id
    session.add(person)
    record(
        session, case, EventKind.PERSON_UNLINKED, at=now, by_id=by.id, detail=reason, person=person.id,
        relation=person.relation,
    )  # fmt: skip
    for step in steps_of(session, case):
        if step.person == person.id and step.settled_at is None:
            end_round(session, case, step, reason=ROUND_ENDED, now=now, by_id=by.id)
    follow(session, case, definition_of(case), by=by, now=now)
    return person
