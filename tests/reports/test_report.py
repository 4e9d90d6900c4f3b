"""Reports are found by folder, and each says what its numbers mean."""

import pytest
from sqlalchemy import Engine

from handlepligt.errors import InvalidInputError
from handlepligt.reports import reports
from handlepligt.reports.report import Scope, read_scope
from models.session import reading, writing
from tests.house import House
from tests.make import MONDAY, make_case


def test_every_file_in_the_folder_is_a_report() -> None:
    assert set(reports()) == {"open_cases", "overdue_steps", "response_times"}


@pytest.mark.parametrize("key", sorted(reports()))
def test_a_row_has_every_column_and_nothing_else(key: str, engine: Engine, house: House) -> None:
    with writing(engine) as session:
        make_case(session, holder=house.mia)
    report = reports()[key]

    with reading(engine) as session:
        rows = report.rows(session, Scope(by=house.lars, now=MONDAY))

    assert report.title
    assert report.about
    assert all(set(row) == {column.key for column in report.columns} for row in rows)


def test_an_unknown_team_or_track_is_refused_in_danish(engine: Engine, house: House) -> None:
    with reading(engine) as session, pytest.raises(InvalidInputError) as refused:
        read_scope(session, by=house.lars, now=MONDAY, team="findes-ikke")
    assert "findes ikke" in refused.value.problems["team"]

    with reading(engine) as session, pytest.raises(InvalidInputError) as refused:
        read_scope(session, by=house.lars, now=MONDAY, track="ukendt", tracks=["adviser_under_18"])
    assert "findes ikke" in refused.value.problems["track"]
