"""Carries a case's deadlines over to another version, and keeps what they were so that it can be undone."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, delete, select

from handlepligt.cases.arm_deadlines import round_of, running_deadlines, settle
from handlepligt.cases.arm_followup import KIND as FOLLOWUP
from handlepligt.cases.arm_followup import followup_roles
from handlepligt.domain.vocabulary import DeadlineStatus
from models import Case, CaseStep, Deadline, DueRow
from protocols.definition import Definition
from protocols.migrating import Preview
from protocols.moved_deadlines import Identity

# The id of a deadline -> the row as it was, and the rows that were to wake somebody about it.
Kept = dict[str, dict[str, Any]]


def identity_of(row: Deadline) -> Identity:
    """What tells a deadline of a case from another, in every version."""
    return (*round_of(row), row.key)


def let_go(session: Session, case: Case, planned: Preview, *, now: datetime) -> Kept:
    """Ends the deadlines that the new version lacks, and takes away those it counts or tells otherwise.

    What was taken away is armed anew by whoever opens what follows. Returns everything as it was.
    """
    rows = {identity_of(row): row for row in running_deadlines(session, case)}
    kept: Kept = {}
    for line in planned.deadlines:
        row = rows.get(line.identity)
        if row is None or not (line.vanishes or line.is_met or line.rule is not None):
            continue
        kept[row.id] = {"row": _plain(row), "due": [_plain(one) for one in _waking(session, row)]}
        if line.vanishes:
            settle(session, case, row, now, DeadlineStatus.LAPSED)
        elif line.rule is not None:
            take_away(session, row)
    session.flush()
    return kept


def put_back(
    session: Session, case: Case, kept: Mapping[str, Any], *, known: Collection[str], at: datetime
) -> None:
    """Undoes `let_go`, which was done at `at`, and takes away what was armed since for what is still open.

    `known` are the ids of the deadlines there were before. What has been settled since stays so.
    """
    there = {identity_of(row): row for row in _all(session, case)}
    for row in list(there.values()):
        if row.id not in known and row.settled_at is None:
            del there[identity_of(row)]
            take_away(session, row)
    session.flush()
    for was in kept.values():
        row = Deadline.model_validate(was["row"])
        now_there = there.get(identity_of(row))
        if now_there is not None and now_there.settled_at not in (None, at):
            continue
        if now_there is not None:
            take_away(session, now_there)
            session.flush()
        session.add(row)
        session.flush()
        session.add_all(DueRow.model_validate(one) for one in was["due"])
    session.flush()


def take_away(session: Session, row: Deadline) -> None:
    """Deletes a deadline with the rows that would have woken somebody."""
    session.exec(delete(DueRow).where(col(DueRow.deadline_id) == row.id))
    session.delete(row)


def bring_in_line(session: Session, case: Case, definition: Definition) -> None:
    """What reminders and lists say of a case after it has come to another version.

    A reminder names roles; those that this version does not know are left out, and where that leaves
    nobody, it goes to whom its follow-ups go.
    """
    woken = list(followup_roles(definition))
    for due in session.exec(select(DueRow).where(DueRow.case_id == case.id)):
        named = json.loads(due.roles)
        if due.kind == FOLLOWUP:
            # Not armed anew: what it has said this morning it does not say again.
            due.roles = json.dumps(woken[:1] if len(named) == 1 else woken)
        elif named:
            due.roles = json.dumps([role for role in named if role in definition.roles] or woken)
        session.add(due)
    earliest: dict[tuple[str, int, str], datetime] = {}
    for row in running_deadlines(session, case):
        step = identity_of(row)[:3]
        earliest[step] = min(earliest.get(step, row.due_at), row.due_at)
    open_steps = select(CaseStep).where(CaseStep.case_id == case.id, col(CaseStep.settled_at).is_(None))
    for step_row in session.exec(open_steps):
        step_row.due_at = earliest.get((step_row.key, step_row.round, step_row.person))
        session.add(step_row)
    session.flush()


def _all(session: Session, case: Case) -> list[Deadline]:
    return list(session.exec(select(Deadline).where(Deadline.case_id == case.id)))


def _waking(session: Session, row: Deadline) -> list[DueRow]:
    return list(session.exec(select(DueRow).where(DueRow.deadline_id == row.id)))


def _plain(row: Deadline | DueRow) -> dict[str, Any]:
    """The row as JSON: ids, keys, times and texts of the protocol; nothing that a person wrote."""
    return row.model_dump(mode="json")
