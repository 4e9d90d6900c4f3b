"""Takes back what is queued for somebody who is to hear nothing more of a case (trækker beskeder tilbage)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlmodel import Session, col, select, update

from models import Case, Delivery, Notification
from notifications.stored import from_row, to_row

WITHDRAWN = "withdrawn"
# Kept with the delivery, so that whoever looks at the outbox sees why it was never sent.
SET_ASIDE = "set aside in the case"


def withdraw(session: Session, case: Case, staff_ids: Collection[int]) -> int:
    """How many deliveries were taken back: those about `case` to these staff that have not been sent.

    In the caller's transaction; commits nothing. What was given up is taken back too, so that nobody sends
    it again. A message that speaks of several cases is sent without this one. What a sender has in hand at
    this very moment goes out and is then marked sent, for that is what happened.
    """
    if not staff_ids:
        return 0
    session.flush()
    notes = select(Notification.id).where(
        Notification.case_id == case.id, col(Notification.staff_id).in_(staff_ids)
    )
    alone = _without(session, case, staff_ids)
    taken_back = session.exec(
        update(Delivery)
        .where(
            col(Delivery.notification_id).in_([*session.exec(notes), *alone]),
            col(Delivery.status).in_(["queued", "failed"]),
        )
        .values(status=WITHDRAWN, lease_until=None, answer=SET_ASIDE)
    )
    return int(taken_back.rowcount)


def _without(session: Session, case: Case, staff_ids: Collection[int]) -> list[str]:
    """Takes the case out of the messages that list several; the ids of those that spoke of it alone."""
    alone: list[str] = []
    listing = select(Notification).where(
        col(Notification.case_id).is_(None), col(Notification.staff_id).in_(staff_ids)
    )
    for note in session.exec(listing.where(col(Notification.variables).contains(case.reference))):
        try:
            variables = from_row(note.variables)
        except (ValueError, KeyError):
            continue
        others = tuple(line for line in variables.lines if line.reference != case.reference)
        if not others and variables.lines:
            # Now it is a message about this case, and hidden as such in the inbox.
            note.case_id = case.id
            alone.append(note.id)
        note.variables = to_row(replace(variables, lines=others))
        session.add(note)
    return alone
