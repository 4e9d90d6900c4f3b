"""What somebody sees who does one step of a case though another holds the duty: that step, nothing more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of, state_of, steps_of
from handlepligt.cases.people import owners_of
from handlepligt.cases.view_steps import OpenStep, open_step_view, slot_of
from models import Case, Staff
from protocols.definition import Definition


@dataclass(frozen=True)
class OwnSteps:
    """The open steps that are this person's to do, and whom to call about the case: who holds the duty."""

    reference: str
    track: str
    is_acute: bool
    holder: Staff
    open_steps: tuple[OpenStep, ...]
    definition: Definition


def view_own_steps(
    session: Session,
    case: Case,
    *,
    by: Staff,
    now: datetime,
    typed: Mapping[str, Mapping[str, object]] | None = None,
) -> OwnSteps:
    """The steps of the case that `by` owns at `now` (aware UTC); `typed` is what stands in their forms.

    Nothing of the citizen and no answers of anybody else: whoever owns a step asks the holder for the rest.
    The look itself is recorded by `queries.look_at_case`.
    """
    definition = definition_of(case)
    rows = steps_of(session, case)
    state = state_of(session, case, now, steps=rows)
    given = typed or {}
    mine = [
        row
        for row in rows
        if row.settled_at is None
        and by.id in {one.id for one in owners_of(session, definition, row.key, case, now)}
    ]
    return OwnSteps(
        reference=case.reference,
        track=definition.title,
        is_acute=case.is_acute,
        holder=session.get_one(Staff, case.keeper_id),
        open_steps=tuple(
            open_step_view(session, case, definition, state, row, now, given.get(slot_of(row)), by=by)
            for row in mine
        ),
        definition=definition,
    )
