"""A round of a step is opened once and settled at a time."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from models import new_id
from models.session import writing
from tests.house import House
from tests.make import HOUR, MONDAY, make_case, make_step
from tests.models.refusal import refused, table

STEP = table("case_step")


@pytest.fixture(autouse=True)
def step(engine: Engine, house: House) -> None:
    """The first round of one open step."""
    with writing(engine) as session:
        make_step(session, case=make_case(session, holder=house.mia))


def test_the_same_round_is_not_opened_twice(engine: Engine) -> None:
    with refused(engine, by="uq_case_step_case_id_key_round_person") as connection:
        row = dict(connection.execute(STEP.select()).mappings().one())
        connection.execute(insert(STEP).values(**row | {"id": new_id()}))


@pytest.mark.parametrize(
    "values",
    [{"status": "done"}, {"status": "not_applicable"}, {"settled_at": MONDAY + HOUR}],
    ids=["done at no time", "not applicable since never", "settled but open"],
)
def test_a_step_is_settled_exactly_when_it_has_a_time_for_it(engine: Engine, values: dict[str, Any]) -> None:
    with refused(engine, by="ck_case_step_settled") as connection:
        connection.execute(update(STEP).values(**values))
