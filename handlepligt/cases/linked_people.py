"""What the verbs about linked people share: the person in hand, with their locked case."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.open_case import case_for, refused_look, row_of
from handlepligt.domain.access import Action
from handlepligt.errors import ConflictError
from models import Case, LinkedPerson, Staff


class PersonUnlinkedError(ConflictError):
    """The person is not linked to the case any more."""

    user_message = "Personen er ikke længere knyttet til sagen. Se sagen igen."


def person_in_hand(
    session: Session, person_id: str, *, by: Staff, now: datetime
) -> tuple[LinkedPerson, Case]:
    """The person who is still linked, and the locked case. Raises the usual errors, PersonUnlinkedError."""
    person = row_of(session, LinkedPerson, person_id)
    if person is None:
        raise refused_look(None, by=by, action=Action.LINK_PERSON, now=now)
    case = case_for(session, person.case_id, by=by, action=Action.LINK_PERSON, now=now)
    session.refresh(person)
    if person.unlinked_at is not None:
        raise PersonUnlinkedError(f"person {person.id} of case {case.id} is unlinked")
    return person, case
