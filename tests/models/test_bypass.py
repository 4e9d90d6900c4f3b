"""A role is gone past once for each reason, and silence has an instant at which somebody tried."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from models import RoleBypass, SetAside, new_id
from models.session import writing
from tests.house import House
from tests.make import MONDAY, added, make_case
from tests.models.refusal import refused, table

BYPASS, ASIDE = table("role_bypass"), table("set_aside")


@pytest.fixture(autouse=True)
def bypass(engine: Engine, house: House) -> None:
    """A leader who is the concern."""
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
        made: RoleBypass = added(
            session,
            RoleBypass(
                case_id=case.id, opening=1, role="leader", reason="is_the_concern", at=MONDAY,
                by_id=house.mia.id or 0,
            ),
        )  # fmt: skip
        added(session, SetAside(case_id=case.id, staff_id=house.lars.id or 0, bypass_id=made.id))


@pytest.mark.parametrize(
    ("values", "by"),
    [({"reason": "no_answer"}, "ck_role_bypass_tried"), ({"reason": "bored"}, "ck_role_bypass_reason")],
)
def test_a_reason_is_one_there_is_and_silence_was_tried(
    engine: Engine, values: dict[str, Any], by: str
) -> None:
    with refused(engine, by=by) as connection:
        connection.execute(update(BYPASS).values(**values))


def test_a_role_is_gone_past_once_for_each_reason(engine: Engine) -> None:
    with refused(engine, by="uq_role_bypass_case_id_role_opening_reason") as connection:
        row = dict(connection.execute(BYPASS.select()).mappings().one())
        connection.execute(insert(BYPASS).values(**row | {"id": new_id()}))


def test_nobody_is_set_aside_twice_in_a_case(engine: Engine) -> None:
    with refused(engine, by="pk_set_aside") as connection:
        row = dict(connection.execute(ASIDE.select()).mappings().one())
        connection.execute(insert(ASIDE).values(**row))
