"""Every deadline that has passed and is not settled."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlepligt.cases.raise_concern import raise_concern
from handlepligt.reports.overdue_steps import OverdueSteps
from handlepligt.reports.report import Scope
from models import Deadline
from models.session import reading, writing
from tests.house import House
from tests.make import HOUR, MONDAY


def test_a_passed_deadline_is_listed_with_how_late_it_is(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = raise_concern(
            session, by=house.mia, now=MONDAY, citizen_name="Amira Opdigtet", summary="Opdigtet."
        )

    with reading(engine) as session:
        before = OverdueSteps().rows(session, Scope(by=house.lars, now=MONDAY + 24 * HOUR))
        after = OverdueSteps().rows(session, Scope(by=house.lars, now=MONDAY + 25 * HOUR))

    assert before == []
    assert [(row["reference"], row["basis"], row["late_by"], row["holder"]) for row in after] == [
        (case.reference, "lovfrist", HOUR, house.mia.name)
    ]


def test_another_team_sees_none_of_it(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        raise_concern(session, by=house.mia, now=MONDAY, citizen_name="Amira Opdigtet", summary="Opdigtet.")

    with reading(engine) as session:
        assert OverdueSteps().rows(session, Scope(by=house.sofie, now=MONDAY + 99 * HOUR)) == []


@pytest.mark.parametrize("columns", [{"paused_at": MONDAY}, {"at_expiry": "lapse"}, {"at_expiry": "path"}])
def test_what_stands_still_or_merely_expires_is_not_overdue(
    engine: Engine, house: House, columns: dict[str, Any]
) -> None:
    with writing(engine) as session:
        case = raise_concern(
            session, by=house.mia, now=MONDAY, citizen_name="Amira Opdigtet", summary="Opdigtet."
        )
        for deadline in session.exec(select(Deadline).where(Deadline.case_id == case.id)):
            for column, value in columns.items():
                setattr(deadline, column, value)
            session.add(deadline)

    with reading(engine) as session:
        assert OverdueSteps().rows(session, Scope(by=house.lars, now=MONDAY + 99 * HOUR)) == []
