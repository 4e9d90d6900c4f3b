"""A case is always somewhere, and an open one always has a time at which something is due."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from models import Case, new_id
from models.session import reading, writing
from tests.house import House
from tests.make import DAY, MONDAY, make_case
from tests.models.refusal import refused, table

CASE = table("case")


@pytest.fixture
def case(engine: Engine, house: House) -> Case:
    with writing(engine) as session:
        return make_case(session, holder=house.mia)


def test_an_open_case_with_nothing_due_is_refused(engine: Engine, case: Case) -> None:
    with refused(engine, by="ck_case_next_due") as connection:
        connection.execute(update(CASE).values(next_due_at=None))


def test_a_status_nobody_knows_is_refused(engine: Engine, case: Case) -> None:
    with refused(engine, by="ck_case_status") as connection:
        connection.execute(update(CASE).values(status="forgotten"))


@pytest.mark.parametrize(
    "values",
    [
        {"open_for": None},
        {"open_for": "0" * 32},
        {"closed_at": MONDAY + DAY},
        {"status": "closed"},
        {"status": "closed", "open_for": None},
        {"status": "closed", "closed_at": MONDAY + DAY},
    ],
    ids=[
        "not open for itself",
        "open for another",
        "closed when",
        "only closed",
        "without when",
        "still open",
    ],
)
def test_a_case_that_is_neither_open_nor_closed_is_refused(
    engine: Engine, case: Case, values: dict[str, Any]
) -> None:
    with refused(engine, by="ck_case_open_for") as connection:
        connection.execute(update(CASE).values(**values))


def test_a_reference_is_given_out_once(engine: Engine, case: Case) -> None:
    with refused(engine, by="uq_case_reference") as connection:
        row = dict(connection.execute(select(CASE)).mappings().one())
        other = new_id()
        connection.execute(insert(CASE).values(**row | {"id": other, "open_for": other}))


def test_what_is_told_about_a_case_comes_back_in_clear(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        made = make_case(session, holder=house.mia, summary="Ærø 😀", facts={"age": 17, "kind": "å"})

    with reading(engine) as session:
        case = session.get_one(Case, made.id)
        assert (case.summary, case.facts) == ("Ærø 😀", {"age": 17, "kind": "å"})
