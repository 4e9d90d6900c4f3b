"""What the tests of the sweep share: a real concern, and who has been told what."""

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from handlepligt.cases.raise_concern import raise_concern
from models import Case, CaseEvent, Deadline, DueRow, Notification, Staff
from models.session import reading, writing


def raised(engine: Engine, by: Staff, at: datetime, **given: Any) -> str:
    """The id of a real case about an invented child, with all that the protocol arms."""
    with writing(engine) as session:
        person = session.get_one(Staff, by.id)
        case = raise_concern(
            session,
            by=person,
            now=at,
            citizen_name="Amira Opdigtet",
            summary="En opdigtet bekymring.",
            **({"birth_date": date(2009, 5, 1)} | given),
        )
        return case.id


def told(engine: Engine, *, since: datetime | None = None) -> list[tuple[str, str]]:
    """Message and user name of everything queued (at or after `since`), in the order of the alphabet."""
    with reading(engine) as session:
        rows = select(Notification.message, Staff.username).join(
            Staff, col(Staff.id) == Notification.staff_id
        )
        if since is not None:
            rows = rows.where(Notification.at >= since)
        return sorted(tuple(row) for row in session.exec(rows).all())


def lines_to(engine: Engine, staff: Staff) -> list[list[str]]:
    """The lines of the one merged message to somebody; fails when there are several."""
    with reading(engine) as session:
        merged = select(Notification.variables).where(
            Notification.staff_id == staff.id, Notification.message == "missed_while_down"
        )
        found: list[list[str]] = json.loads(session.exec(merged).one())["lines"]
        return found


def forget_messages(engine: Engine) -> None:
    """Deletes what the verbs themselves queued, so that a test sees only what the sweep says."""
    from models import Delivery

    with writing(engine) as session:
        for table in (Delivery, Notification):
            for row in session.exec(select(table)):
                session.delete(row)
            session.flush()


def deadline(engine: Engine, case_id: str, key: str) -> Deadline:
    with reading(engine) as session:
        return session.exec(select(Deadline).where(Deadline.case_id == case_id, Deadline.key == key)).one()


def due_rows_of(engine: Engine, case_id: str) -> list[DueRow]:
    with reading(engine) as session:
        mine = select(DueRow).where(DueRow.case_id == case_id).order_by(col(DueRow.fire_at), col(DueRow.rung))
        return list(session.exec(mine))


def only(engine: Engine, case_id: str, key: str) -> Deadline:
    """Leaves no due row of the case but those of one deadline, and returns the deadline."""
    chosen = deadline(engine, case_id, key)
    with writing(engine) as session:
        for row in session.exec(select(DueRow).where(DueRow.case_id == case_id)):
            if row.deadline_id != chosen.id:
                session.delete(row)
    return chosen


def events(engine: Engine, case_id: str, kind: str) -> list[CaseEvent]:
    with reading(engine) as session:
        mine = select(CaseEvent).where(CaseEvent.case_id == case_id, CaseEvent.kind == kind)
        return list(session.exec(mine.order_by(col(CaseEvent.number))))


def case_of(engine: Engine, case_id: str) -> Case:
    with reading(engine) as session:
        return session.get_one(Case, case_id)
