"""A case and those raised from it (delsager): what one may know of the other, and how they wait and end."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handlepligt.cases.case_state import definition_of, steps_of
from handlepligt.cases.gates import left_in_events
from handlepligt.cases.open_case import lock_case
from handlepligt.cases.open_step import open_what_follows
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.relations import relations_to
from handlepligt.cases.rounds import about
from handlepligt.cases.tell import tell_of_step
from handlepligt.domain.access import Action, is_allowed
from handlepligt.domain.vocabulary import CaseStatus, EventKind, StepStatus
from handlepligt.errors import RefusedByRuleError
from models import Case, Staff, SubCase
from notifications.messages import Message
from protocols.definition import Definition
from protocols.kinds.rule import Act


@dataclass(frozen=True)
class SubCaseView:
    """A case raised from this one, as much of it as may be known here; `may_see`: the reader may open it."""

    reference: str
    title: str
    step_key: str
    round: int
    person: str
    status: CaseStatus
    holder_name: str
    holder_phone: str
    may_see: bool

    @property
    def is_open(self) -> bool:
        return self.status is not CaseStatus.CLOSED


@dataclass(frozen=True)
class ParentView:
    """The case that this one was raised from."""

    reference: str
    status: CaseStatus
    holder_name: str
    holder_phone: str
    may_see: bool


def sub_cases_of(session: Session, case: Case, by: Staff, now: datetime) -> list[SubCaseView]:
    """The cases raised from `case`, the oldest first, for `by` at `now`: no content of theirs."""
    rows = session.exec(
        select(SubCase, Case, Staff)
        .join(Case, col(Case.id) == col(SubCase.case_id))
        .join(Staff, col(Staff.id) == col(Case.keeper_id))
        .where(SubCase.parent_case_id == case.id)
        .order_by(col(Case.reference))
    ).all()
    titles = {key: one.title for key, one in definition_of(case).sub_protocols.items()} if rows else {}
    return [
        SubCaseView(
            reference=raised.reference,
            title=titles.get(link.step_key, ""),
            step_key=link.step_key,
            round=link.round,
            person=link.person,
            status=CaseStatus(raised.status),
            holder_name=keeper.name,
            holder_phone=keeper.phone,
            may_see=is_allowed(Action.SEE_CASE, relations_to(session, raised, by, now)),
        )
        for link, raised, keeper in rows
    ]


def parent_of(session: Session, case: Case, by: Staff, now: datetime) -> ParentView | None:
    """The case that raised this one, None for a case that a person raised."""
    link = session.get(SubCase, case.id)
    if link is None:
        return None
    parent = session.get_one(Case, link.parent_case_id)
    keeper = session.get_one(Staff, parent.keeper_id)
    may_see = is_allowed(Action.SEE_CASE, relations_to(session, parent, by, now))
    return ParentView(parent.reference, CaseStatus(parent.status), keeper.name, keeper.phone, may_see)


def lock_with_parent(session: Session, case_id: str) -> None:
    """Locks a case and the one it was raised from, for an act that changes both.

    In the order of their ids, as everywhere two cases are locked: nobody waits for each other for ever.
    """
    link = session.get(SubCase, case_id)
    if link is not None:
        for either in sorted({case_id, link.parent_case_id}):
            lock_case(session, either)


def refuse_without_parent(session: Session, case: Case) -> None:
    """Raises RefusedByRuleError for a case that may not outlive the one it came from, when that is closed."""
    link = session.get(SubCase, case.id)
    parent = session.get_one(Case, link.parent_case_id) if link is not None else None
    if link is None or parent is None or parent.closed_at is None:
        return
    if not _may_outlive(definition_of(parent), link.step_key):
        raise RefusedByRuleError(
            "sub_cases.parent",
            user_message=f"Sagen er rejst fra sag {parent.reference}, som er lukket, og kan ikke løbe uden "
            "den. Genåbn først den, eller rejs en ny bekymring.",
        )


def _may_outlive(definition: Definition, step_key: str) -> bool:
    written = definition.sub_protocols.get(step_key)
    return written is not None and written.may_outlive


def refuse_while_sub_cases_run(
    session: Session, case: Case, definition: Definition, *, by: Staff, now: datetime
) -> None:
    """Raises RefusedByRuleError while a case runs that may not outlive this one. It is named by reference."""
    rows = session.exec(
        select(SubCase.step_key, Case.reference)
        .join(Case, col(Case.id) == col(SubCase.case_id))
        .where(SubCase.parent_case_id == case.id, col(Case.closed_at).is_(None))
        .order_by(col(Case.reference))
    ).all()
    kept = [reference for key, reference in rows if not _may_outlive(definition, key)]
    if not kept:
        return
    named = f"delsag {kept[0]}" if len(kept) == 1 else f"delsagerne {', '.join(kept)}"
    error = RefusedByRuleError("sub_cases", user_message=f"Luk først {named}. Så kan denne sag lukkes.")
    told = {"act": Act.CLOSE.value, "rules": [error.rule], "step": None}
    raise left_in_events(session, case, error, by=by, now=now, about=told)


def answer_in_parent(session: Session, case: Case, *, now: datetime, by_id: int | None) -> Case | None:
    """After `case` has closed: the round that waited for it is done, and what follows in the parent opens.

    Both cases are locked (`lock_with_parent`). Returns the parent where something happened: a parent that
    has closed itself, or whose step has fallen away or been skipped, waits for nothing.
    """
    link = session.get(SubCase, case.id)
    if link is None:
        return None
    parent = session.get_one(Case, link.parent_case_id)
    if parent.closed_at is not None:
        return None
    definition = definition_of(parent)
    record(session, parent, EventKind.SUB_CASE_CLOSED, at=now, by_id=by_id, other=case.id, step=link.step_key)
    waiting = [
        step
        for step in steps_of(session, parent)
        if (step.key, step.person) == (link.step_key, link.person) and step.settled_at is None
    ]
    for step in waiting:
        # Nobody did the step here, so nobody stands as its doer: it was done by what happened elsewhere.
        step.status, step.settled_at = StepStatus.DONE, now
        step.answers = {link.step_key: case.end_key or ""}
        session.add(step)
        record(session, parent, EventKind.STEP_COMPLETED, at=now, by_id=None, **about(step))
        keeper = session.get(Staff, parent.keeper_id)
        tell_of_step(
            session, Message.SUB_CASE_CLOSED, [keeper], case=parent, step=step, definition=definition,
            now=now, besides=by_id,
        )  # fmt: skip
    open_what_follows(session, case=parent, definition=definition, now=now, by_id=by_id)
    bring_up_to_date(session, parent, now)
    return parent
