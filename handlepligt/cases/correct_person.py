"""Corrects what is known of a person linked to a case; what was said before stays in the chronology."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.fact_values import changes_in_words, facts_of_person, read_facts
from handlepligt.cases.link_person import follow
from handlepligt.cases.linked_people import person_in_hand
from handlepligt.cases.record import local_day, record
from handlepligt.domain import wording
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError
from models import LinkedPerson, Staff


def correct_person(
    session: Session,
    *,
    person_id: str,
    facts: Mapping[str, object],
    reason: str,
    by: Staff,
    now: datetime,
) -> LinkedPerson:
    """The person with these facts corrected (one set to "unknown" is not known any more), the others kept.

    The old and the new answers are sealed in the event. What follows opens at once; what was opened on the
    old answers stays until the protocol's own rules let it fall away. Raises NotFoundError,
    NotAllowedError, CaseClosedError, PersonUnlinkedError, InvalidInputError naming each field.
    """
    person, case = person_in_hand(session, person_id, by=by, now=now)
    definition = definition_of(case)
    asked = facts_of_person(definition, person.relation)
    known, problems = read_facts(asked, facts, today=local_day(definition, now))
    before = person.facts
    after = {key: value for key, value in before.items() if key not in facts} | known
    if not problems and after == before:
        problems["facts"] = "Der er ikke rettet noget. Skriv det, der skal stå i stedet."
    reason = wording.tidied(reason)
    if sentence := wording.problem_with(reason):
        problems["reason"] = sentence
    if problems:
        raise InvalidInputError(problems=problems)
    person.facts = after
    session.add(person)
    told = changes_in_words(asked, before, after)
    record(
        session, case, EventKind.PERSON_CORRECTED, at=now, by_id=by.id, detail=f"{told}\n{reason}".strip(),
        person=person.id, facts=sorted(facts),
    )  # fmt: skip
    follow(session, case, definition, by=by, now=now)
    return person
