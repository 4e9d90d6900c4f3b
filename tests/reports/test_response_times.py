"""The figures leaders act on, from cases whose times are known."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.reports.report import Scope
from handlepligt.reports.response_times import ResponseTimes
from models import Case, Staff
from models.session import reading, writing
from tests.house import House
from tests.make import FRIDAY, HOUR, MONDAY


def raised(session: Session, by: Staff) -> Case:
    return raise_concern(
        session,
        by=by,
        now=MONDAY,
        citizen_name="Amira Opdigtet",
        summary="Opdigtet.",
        facts={"underretning_received": "no"},
    )


def discuss(session: Session, case: Case, house: House, *, at: datetime) -> None:
    complete_step(
        session,
        case_id=case.id,
        step_key="discuss",
        by=house.mia,
        now=at,
        answers={"discussed_with": {"role": "leader", "staff": house.lars.id}, "sparring_needed": "no"},
    )


def rows(session: Session, by: Staff, now: datetime = FRIDAY) -> dict[str, dict[str, object]]:
    found = ResponseTimes().rows(session, Scope(by=by, now=now))
    return {f"{row['measure']}|{row['team']}": dict(row) for row in found}


def test_median_and_percentile_are_times_that_occurred(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        for hours in (1, 2, 3, 10):
            discuss(session, raised(session, house.mia), house, at=MONDAY + hours * HOUR)

    with reading(engine) as session:
        row = rows(session, house.lars)[f"Trin: Drøft bekymringen med din leder|{house.nord.name}"]

    assert (row["done"], row["median"], row["ninetieth"], row["longest"]) == (
        4,
        2 * HOUR,
        10 * HOUR,
        10 * HOUR,
    )
    assert row["share_on_time"] == 1.0


def test_an_open_overdue_step_counts_against_the_share_on_time(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        discuss(session, raised(session, house.mia), house, at=MONDAY + HOUR)
        raised(session, house.mia)

    with reading(engine) as session:
        row = rows(session, house.lars)[f"Trin: Drøft bekymringen med din leder|{house.nord.name}"]

    assert (row["done"], row["overdue"], row["share_on_time"]) == (1, 1, 0.5)


def test_an_adviser_and_another_team_see_only_their_own_figures(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        discuss(session, raised(session, house.mia), house, at=MONDAY + HOUR)

    with reading(engine) as session:
        assert rows(session, house.sofie) == {}
        assert rows(session, house.kim) == {}


def test_small_numbers_are_hidden_from_those_outside_the_team(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        for _ in range(4):
            discuss(session, raised(session, house.mia), house, at=MONDAY + HOUR)
    key = f"Trin: Drøft bekymringen med din leder|{house.nord.name}"

    with reading(engine) as session:
        few = rows(session, house.hanne)[key]
    with writing(engine) as session:
        discuss(session, raised(session, house.mia), house, at=MONDAY + HOUR)
    with reading(engine) as session:
        enough = rows(session, house.hanne)[key]

    assert few["done"] is None
    assert few["median"] is None
    assert (enough["done"], enough["median"]) == (5, timedelta(hours=1))
