"""A deadline and what wakes somebody exist once, however often they are armed."""

import pytest
from sqlalchemy import Engine, insert, select, update

from models import Case, new_id
from models.session import reading, writing
from tests.house import House
from tests.make import DAY, HOUR, MONDAY, make_case, make_deadline, make_due_row
from tests.models.refusal import refused, table

DEADLINE, DUE = table("deadline"), table("due_row")


@pytest.fixture
def case(engine: Engine, house: House) -> Case:
    """A case with one deadline and one row that wakes somebody."""
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
        make_deadline(session, case=case)
        make_due_row(session, case=case)
        return case


def test_a_deadline_is_computed_once_a_round(engine: Engine, case: Case) -> None:
    with refused(engine, by="uq_deadline_case_id_key_step_round_step_key_person") as connection:
        row = dict(connection.execute(DEADLINE.select()).mappings().one())
        connection.execute(insert(DEADLINE).values(**row | {"id": new_id()}))


def test_a_status_of_a_deadline_that_nobody_knows_is_refused(engine: Engine, case: Case) -> None:
    with refused(engine, by="ck_deadline_status") as connection:
        connection.execute(update(DEADLINE).values(status="perhaps"))


def test_arming_twice_is_arming_once(engine: Engine, case: Case) -> None:
    with refused(engine, by="uq_due_row_dedupe") as connection:
        row = dict(connection.execute(DUE.select()).mappings().one())
        connection.execute(insert(DUE).values(**row | {"id": new_id(), "fire_at": MONDAY + 2 * DAY}))


def test_a_row_that_wakes_somebody_can_be_put_off(engine: Engine, case: Case) -> None:
    with engine.begin() as connection:
        connection.execute(update(DUE).values(fire_at=MONDAY + DAY + HOUR))

    with reading(engine) as session:
        assert session.scalar(select(DUE.c.fire_at)) == MONDAY + DAY + HOUR


def test_what_is_due_is_read_from_the_start_of_the_table(sqlite_engine: Engine) -> None:
    asked = "EXPLAIN QUERY PLAN SELECT id FROM due_row WHERE fire_at <= '2026-11-24' ORDER BY fire_at LIMIT 9"

    with sqlite_engine.connect() as connection:
        plan = [str(row[3]) for row in connection.exec_driver_sql(asked)]

    assert plan == ["SEARCH due_row USING PRIMARY KEY (fire_at<?)"]
