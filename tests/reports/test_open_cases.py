"""How many cases are open, by team and status."""

from sqlalchemy import Engine

from handlepligt.reports.open_cases import OpenCases
from handlepligt.reports.report import Scope
from models.session import reading, writing
from tests.house import House
from tests.make import DAY, MONDAY, make_case


def test_open_cases_are_counted_by_status_with_their_age(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        make_case(session, holder=house.mia, received_at=MONDAY - 3 * DAY)
        make_case(session, holder=house.mia, received_at=MONDAY - DAY)
        make_case(session, holder=house.mia, status="closed", received_at=MONDAY - 2 * DAY, closed_at=MONDAY)

    with reading(engine) as session:
        rows = OpenCases().rows(session, Scope(by=house.lars, now=MONDAY))

    assert [(row["status"], row["open"], row["median_age"], row["oldest"]) for row in rows] == [
        ("Modtaget", 2, DAY, 3 * DAY)
    ]


def test_there_are_no_rows_when_nothing_is_open(engine: Engine, house: House) -> None:
    with reading(engine) as session:
        assert OpenCases().rows(session, Scope(by=house.lars, now=MONDAY)) == []
