"""Makes the answers about linked people, roles gone past and the cases raised from one another."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import bypasses_of, definition_of, people_of
from handlepligt.cases.fact_values import facts_of_person
from handlepligt.cases.sub_cases import parent_of, sub_cases_of
from handlepligt.cases.view_people import roles_to_go_past
from handlepligt.web.api.directory import Directory
from handlepligt.web.api.known_replies import (
    BypassLine,
    FactAsked,
    LinkedPersonLine,
    ParentLine,
    RelationLine,
    RoleLine,
    SubCaseLine,
)
from models import Case, Staff


def people_lines(session: Session, case: Case) -> list[LinkedPersonLine]:
    """Those who are linked now."""
    return [
        LinkedPersonLine(
            id=one.id, relation=one.relation, name=one.name, facts=one.facts, linked_at=one.linked_at
        )
        for one in people_of(session, case)
    ]


def relation_lines(case: Case) -> list[RelationLine]:
    """Who can be linked, and what is asked about them."""
    definition = definition_of(case)
    return [
        RelationLine(
            key=key,
            title=relation.title,
            facts=[
                FactAsked(key=name, ask=fact.ask, help=fact.help, type=fact.type, choices=fact.choices)
                for name, fact in facts_of_person(definition, key).items()
            ],
        )
        for key, relation in definition.relations.items()
    ]


def bypass_lines(session: Session, case: Case, people: Directory) -> list[BypassLine]:
    """The roles gone past since the case was last opened."""
    return [
        BypassLine(
            role=one.role,
            reason=one.reason,
            at=one.at,
            tried_at=one.tried_at,
            by=people.somebody(one.by_id),
            note=one.note if one.note_sealed else "",
        )
        for one in bypasses_of(session, case)
    ]


def role_lines(case: Case) -> list[RoleLine]:
    """The roles that may be gone past."""
    return [
        RoleLine(
            key=one.key,
            title=one.title,
            reasons=[reason.value for reason in one.reasons],
            no_answer_within_minutes=(
                int(one.no_answer_within.total_seconds() // 60) if one.no_answer_within else None
            ),
        )
        for one in roles_to_go_past(definition_of(case))
    ]


def sub_case_lines(session: Session, case: Case, by: Staff, now: datetime) -> list[SubCaseLine]:
    """The cases raised from this one, as much of them as `by` may know."""
    return [
        SubCaseLine(
            reference=one.reference,
            step=one.step_key,
            round=one.round,
            person=one.person or None,
            title=one.title,
            status=one.status,
            holder_name=one.holder_name,
            holder_phone=one.holder_phone,
            may_see=one.may_see,
        )
        for one in sub_cases_of(session, case, by, now)
    ]


def parent_line(session: Session, case: Case, by: Staff, now: datetime) -> ParentLine | None:
    """The case that this one was raised from, as much of it as `by` may know."""
    parent = parent_of(session, case, by, now)
    if parent is None:
        return None
    return ParentLine(
        reference=parent.reference,
        status=parent.status,
        holder_name=parent.holder_name,
        holder_phone=parent.holder_phone,
        may_see=parent.may_see,
    )
