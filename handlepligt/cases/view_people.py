"""The people linked to a case and the roles it goes past, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from handlepligt.cases.case_state import bypasses_of, people_of
from handlepligt.cases.fact_values import fact_in_words, facts_of_person
from handlepligt.domain.vocabulary import BypassReason
from models import Case
from protocols.definition import Definition
from protocols.roles import way_past


@dataclass(frozen=True)
class PersonLine:
    """One linked person: `facts` are each question about them with what is known, in words."""

    id: str
    name: str
    relation: str
    relation_key: str
    facts: tuple[tuple[str, str], ...]
    known: Mapping[str, object]
    linked_at: datetime


@dataclass(frozen=True)
class BypassLine:
    """One role that the case goes past, and why; `tried_at` is aware UTC."""

    role: str
    reason: str
    at: datetime
    tried_at: datetime | None
    by: str
    note: str


@dataclass(frozen=True)
class RoleChoice:
    """A role that may be gone past, with the reasons for it; `no_answer_within`: first they have so long."""

    key: str
    title: str
    reasons: tuple[BypassReason, ...]
    no_answer_within: timedelta | None


def people_lines(session: Session, case: Case, definition: Definition) -> tuple[PersonLine, ...]:
    """Those who are linked now, in the order they were linked."""
    found: list[PersonLine] = []
    for one in people_of(session, case):
        relation, known = definition.relations.get(one.relation), one.facts
        asked = facts_of_person(definition, one.relation)
        facts = tuple((fact.ask, fact_in_words(fact, known.get(key))) for key, fact in asked.items())
        title = relation.title if relation else one.relation
        found.append(PersonLine(one.id, one.name, title, one.relation, facts, known, one.linked_at))
    return tuple(found)


def bypass_lines(
    session: Session, case: Case, definition: Definition, names: Mapping[int, str]
) -> tuple[BypassLine, ...]:
    """The roles gone past since the case was last opened; `names` are those of staff by id."""
    return tuple(
        BypassLine(
            definition.roles[one.role].title if one.role in definition.roles else one.role,
            BypassReason(one.reason).danish,
            one.at,
            one.tried_at,
            names.get(one.by_id, ""),
            one.note if one.note_sealed else "",
        )
        for one in bypasses_of(session, case)
    )


def roles_to_go_past(definition: Definition) -> tuple[RoleChoice, ...]:
    """The roles that the protocol lets a case go past, in the order they are written."""
    expressions = [one.expression for one in definition.roles.values()]
    ways = {key: way_past(key, expressions) for key in definition.roles}
    return tuple(
        RoleChoice(
            key,
            definition.roles[key].title,
            tuple(one for one in BypassReason if one in way.reasons),
            way.no_answer_within,
        )
        for key, way in ways.items()
        if way is not None
    )
