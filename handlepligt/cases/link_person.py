"""Links a person to a case (tilknyttet person): somebody the protocol asks about beside the citizen."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, func, select

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.fact_values import facts_of_person, read_facts
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, local_day, record
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError
from models import Case, LinkedPerson, Staff
from protocols.definition import Definition

LONGEST_NAME = 200
# A household has a handful; a case with more than this is a slip of a program.
MOST_PEOPLE = 50


def link_person(
    session: Session,
    *,
    case_id: str,
    relation: str,
    name: str,
    by: Staff,
    now: datetime,
    facts: Mapping[str, object] | None = None,
) -> LinkedPerson:
    """The person, linked, and everything that follows: steps about them open in the same transaction.

    `relation` is a key of the protocol; `facts` answers its questions about people of that relation, and
    what is not known keeps its safe reading. The name is sealed and stands in no event and no message.
    There is nothing to keep an address or a number in. Raises NotFoundError, NotAllowedError,
    CaseClosedError, InvalidInputError naming each field.
    """
    case = case_for(session, case_id, by=by, action=Action.LINK_PERSON, now=now)
    definition = definition_of(case)
    problems: dict[str, str] = {}
    if relation not in definition.relations:
        titles = ", ".join(one.title for one in definition.relations.values())
        problems["relation"] = f"Vælg en af: {titles}." if titles else "Der kan ikke tilknyttes personer her."
    name = wording.tidied(name)
    if sentence := wording.problem_with(name, limit=LONGEST_NAME, lines=False):
        problems["name"] = sentence
    asked = facts_of_person(definition, relation)
    known, wrong = read_facts(asked, facts or {}, today=local_day(definition, now))
    # What may be said depends on the relation; while that is unknown, only it is complained of.
    problems |= wrong if "relation" not in problems else {}
    number = _next_number(session, case)
    if number > MOST_PEOPLE:
        problems["relation"] = f"Der kan højst være {MOST_PEOPLE} personer i en sag."
    if problems:
        raise InvalidInputError(problems=problems)
    person = LinkedPerson(
        case_id=case.id, number=number, relation=relation, name_sealed=b"", facts_sealed=b"", linked_at=now,
        linked_by_id=by.id or 0,
    )  # fmt: skip
    person.name, person.facts = name, known
    session.add(person)
    session.flush()
    record(session, case, EventKind.PERSON_LINKED, at=now, by_id=by.id, person=person.id, relation=relation)
    follow(session, case, definition, by=by, now=now)
    return person


def follow(session: Session, case: Case, definition: Definition, *, by: Staff, now: datetime) -> None:
    """Opens what follows from what is now known of the people of a case."""
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)


def _next_number(session: Session, case: Case) -> int:
    last = session.exec(select(func.max(LinkedPerson.number)).where(LinkedPerson.case_id == case.id)).one()
    return (last or 0) + 1
