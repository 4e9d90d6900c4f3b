"""What somebody sees of a case they no longer have: that it was taken over, and their own notes."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from handlepligt.cases.case_state import definition_of, steps_of
from handlepligt.cases.view_steps import SettledStep, names_of, settled_step_view
from models import Call, Case, DutyHolding, Staff


@dataclass(frozen=True)
class OwnPart:
    """`taken_over_at` is when the duty left them, None when they never had it in this opening."""

    reference: str
    track: str
    taken_over_at: datetime | None
    is_closed: bool
    steps: tuple[SettledStep, ...]
    calls: tuple[tuple[datetime, str], ...]


def view_own_part(session: Session, case: Case, staff: Staff) -> OwnPart:
    """The part of `staff` in the case."""
    definition = definition_of(case)
    names = names_of(session)
    held = session.exec(
        select(DutyHolding.until)
        .where(DutyHolding.case_id == case.id, DutyHolding.holder_id == staff.id)
        .order_by(col(DutyHolding.since).desc())
    ).first()
    calls = session.exec(
        select(Call).where(Call.case_id == case.id, Call.by_id == staff.id).order_by(col(Call.called_at))
    )
    return OwnPart(
        reference=case.reference,
        track=definition.title,
        taken_over_at=held,
        is_closed=case.closed_at is not None,
        steps=tuple(
            settled_step_view(session, definition, row, names)
            for row in steps_of(session, case)
            if row.settled_by_id == staff.id
        ),
        calls=tuple((call.called_at, call.note if call.note_sealed else "") for call in calls),
    )
