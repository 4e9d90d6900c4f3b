"""The next follow-up of a case (opfølgning): which day it is at first, and the rows that wake somebody."""

import json
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, delete

from handlepligt.cases.case_state import definition_of
from handlepligt.domain.deadlines import Offset, Unit
from handlepligt.domain.office_time import office_opens, shifted
from models import Case, DueRow
from protocols.definition import Definition

KIND = "followup"
# A definition that says nothing still gives every open case a day on which somebody looks at it.
DEFAULT_FIRST = Offset(5, Unit.WORKING_DAYS)


def first_followup(definition: Definition, now: datetime) -> date:
    """The local day on which a case raised (or reopened) at `now` is looked at again."""
    calendar = definition.head.work_calendar
    offset = definition.followup.first if definition.followup else DEFAULT_FIRST
    return shifted(now, offset, calendar).astimezone(ZoneInfo(calendar.zone)).date()


def arm_followup(session: Session, case: Case, *, now: datetime) -> None:
    """Replaces the rows of the follow-up by those of the case's present date.

    The holder is woken when the office opens on the day; if nothing has been done by the next
    working day, the holder's superior too. Which roles that is, the protocol's names say.
    """
    session.exec(delete(DueRow).where(col(DueRow.case_id) == case.id, col(DueRow.kind) == KIND))
    if case.next_followup_on is None:
        return
    definition = definition_of(case)
    calendar = definition.head.work_calendar
    morning = office_opens(case.next_followup_on, calendar)
    day_after = shifted(morning, Offset(1, Unit.WORKING_DAYS), calendar)
    every = json.dumps(list(followup_roles(definition)))
    first = json.dumps(list(followup_roles(definition))[:1])
    for rung, (fire_at, message, roles) in enumerate(
        [(morning, "followup_due", first), (day_after, "followup_overdue", every)], start=1
    ):
        session.add(
            DueRow(
                fire_at=max(fire_at, now) if fire_at.date() == now.date() else fire_at,
                case_id=case.id,
                kind=KIND,
                message=message,
                roles=roles,
                rung=rung,
                dedupe=f"{case.id}:{KIND}:{case.next_followup_on.isoformat()}:{rung}",
            )
        )


def followup_roles(definition: Definition) -> tuple[str, ...]:
    """The roles woken by a follow-up: those of the definition's first ladder that tells more than one.

    The holder comes first in every ladder; the others are above.
    """
    for ladder in definition.ladders.values():
        overdue = [rung for rung in ladder.rungs if rung.marks]
        if overdue and len(overdue[0].to) > 1:
            return overdue[0].to
    return tuple(definition.roles)[:1]
