"""Corrects a fact of a case afterwards: what was said at intake is otherwise, or is only known now."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.fact_values import changes_in_words, facts_of_case, read_facts
from handlepligt.cases.open_case import case_for
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, local_day, record
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError
from models import Case, Staff


def correct_fact(
    session: Session, *, case_id: str, fact: str, value: object, reason: str, by: Staff, now: datetime
) -> Case:
    """The case with this fact corrected; "unknown" takes the answer back, and its safe reading holds again.

    The old answer and the new are sealed in the event, with the reason, which must be given. What follows
    opens in the same transaction, and what the rules let fall away falls away. A deadline that has begun
    to run stays as it was computed: it is history, explained by what was known when it was armed, and ends
    when it is met or its step falls away. A deadline that first applies under the new answer begins now.
    Raises NotFoundError, NotAllowedError, CaseClosedError, InvalidInputError naming each field.
    """
    case = case_for(session, case_id, by=by, action=Action.CORRECT_FACT, now=now)
    definition = definition_of(case)
    asked = facts_of_case(definition)
    problems: dict[str, str] = {}
    known: dict[str, object] = {}
    if fact not in asked:
        problems["fact"] = "Oplysningen findes ikke i denne arbejdsgang. Vælg en på listen."
    else:
        known, wrong = read_facts({fact: asked[fact]}, {fact: value}, today=local_day(definition, now))
        if wrong:
            problems["value"] = wrong[fact]
        elif case.facts.get(fact) == known.get(fact):
            problems["value"] = "Det er allerede det, der står i sagen. Skriv det, der skal stå i stedet."
    reason = wording.tidied(reason)
    if sentence := wording.problem_with(reason):
        problems["reason"] = sentence
    if problems:
        raise InvalidInputError(problems=problems)
    before = case.facts
    case.facts = {key: kept for key, kept in before.items() if key != fact} | known
    session.add(case)
    told = changes_in_words(asked, before, case.facts)
    record(
        session, case, EventKind.FACT_CORRECTED, at=now, by_id=by.id, detail=f"{told}\n{reason}".strip(),
        fact=fact,
    )  # fmt: skip
    open_what_follows(session, case=case, definition=definition, now=now, by_id=by.id)
    bring_up_to_date(session, case, now)
    return case
