"""The steps somebody is to do in cases whose duty another holds (opgaver), for their front page."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, true
from sqlmodel import Session, col, select

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.people import owners_of
from handlepligt.domain.vocabulary import StaffRole
from models import Case, CaseStep, SetAside, Staff
from protocols.definition import Definition
from protocols.loader import library
from protocols.roles import FirstOf, Holder, Raiser, StaffWith, SubstituteOf, SuperiorOf

MOST_TASKS = 50
# How many candidates are read at a time; each is asked whose it is.
_CHUNK = 200


@dataclass(frozen=True)
class TaskRow:
    """One open step to do: nothing of the case but its reference. `slot` is the round's place on the page."""

    reference: str
    is_acute: bool
    step_key: str
    slot: str
    title: str
    track: str
    opened_at: datetime
    due_at: datetime | None


def tasks_of(session: Session, staff: Staff, now: datetime) -> tuple[TaskRow, ...]:
    """The open steps that `staff` owns and does not hold the duty for, the most pressing first."""
    wanted = [one for definition in library().all() for one in _could_be(session, definition, staff)]
    if not wanted or not staff.is_active:
        return ()
    found: list[TaskRow] = []
    for case, row in _open_rounds(session, staff, or_(*wanted)):
        definition = definition_of(case)
        if staff.id in {one.id for one in owners_of(session, definition, row.key, case, now)}:
            found.append(_task(definition, case, row))
        if len(found) == MOST_TASKS:
            break
    return tuple(found)


def _task(definition: Definition, case: Case, row: CaseStep) -> TaskRow:
    step = definition.step(row.key)
    slot = f"{row.key}-{row.person}" if row.person else row.key
    return TaskRow(
        case.reference, case.is_acute, row.key, slot, step.title, definition.title, row.opened_at, row.due_at
    )


def _open_rounds(
    session: Session, staff: Staff, wanted: ColumnElement[bool]
) -> Iterator[tuple[Case, CaseStep]]:
    # Nobody set aside in a case hears of it in a list either.
    not_aside = ~exists().where(col(SetAside.case_id) == col(Case.id), col(SetAside.staff_id) == staff.id)
    query = (
        select(Case, CaseStep)
        .join(CaseStep, col(CaseStep.case_id) == col(Case.id))
        .where(
            wanted,
            not_aside,
            col(CaseStep.settled_at).is_(None),
            col(Case.closed_at).is_(None),
            col(Case.keeper_id) != staff.id,
        )
        .order_by(
            col(Case.is_acute).desc(), col(CaseStep.due_at).is_(None), col(CaseStep.due_at), col(CaseStep.id)
        )
    )
    offset = 0
    while rows := session.exec(query.offset(offset).limit(_CHUNK)).all():
        yield from rows
        offset += _CHUNK


def _could_be(session: Session, definition: Definition, staff: Staff) -> Iterator[ColumnElement[bool]]:
    """Where to look: the owned steps of one definition, in the cases where the role can mean this person."""
    owned = {key: step.owner for key, step in definition.steps.items() if step.owner in definition.roles}
    if not owned:
        return
    is_deputy = session.exec(select(Staff.id).where(Staff.deputy_id == staff.id)).first() is not None
    for key, role in owned.items():
        where = _cases_of(definition, role, staff, is_deputy=is_deputy)
        if where is not None:
            yield and_(
                where,
                col(Case.track) == definition.key,
                col(Case.protocol_version) == definition.version,
                col(CaseStep.key) == key,
            )


def _cases_of(
    definition: Definition, role: str, staff: Staff, *, is_deputy: bool
) -> ColumnElement[bool] | None:
    """A condition on cases that leaves out most in which `role` means others; None when it never means them.

    Only what `people.resolve` could say; whether it does is asked case by case.
    """
    match definition.roles[role].expression:
        case Holder():
            # Their own cases stand elsewhere on the page.
            return None
        case Raiser():
            return col(Case.raised_by_id) == staff.id
        case StaffWith(wanted, pool, same_team):
            if staff.role != wanted or (pool and staff.pool != pool):
                return None
            return col(Case.team_id) == staff.team_id if same_team else true()
        case SubstituteOf():
            return true() if is_deputy else None
        case SuperiorOf(below):
            return _cases_above(definition, below, staff)
        case FirstOf(roles):
            each = [_cases_of(definition, one, staff, is_deputy=is_deputy) for one in roles]
            # Whoever is above the last is asked when all in the row are gone past.
            each.append(_cases_above(definition, roles[-1], staff))
            found = [one for one in each if one is not None]
            return or_(*found) if found else None


def _cases_above(definition: Definition, below: str, staff: Staff) -> ColumnElement[bool] | None:
    if staff.role == StaffRole.HEAD:
        return true()
    expression = definition.roles[below].expression
    if staff.role != StaffRole.LEADER or isinstance(expression, SuperiorOf):
        # Above a leader there are heads only.
        return None
    if isinstance(expression, Holder):
        return col(Case.keeper_id).in_(select(Staff.id).where(Staff.team_id == staff.team_id))
    return true()
