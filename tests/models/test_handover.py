"""An offer of the duty waits alone, goes to one recipient, and names who answered it."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from models import Case, new_id
from models.session import writing
from tests.house import House
from tests.make import HOUR, MONDAY, make_case, make_offer
from tests.models.refusal import refused, table

OFFER = table("handover_offer")


@pytest.fixture
def case(engine: Engine, house: House) -> Case:
    """Mia's open case, offered to Otto."""
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
        make_offer(session, case=case, to=house.otto)
        return case


def test_two_waiting_offers_for_one_case_are_refused(engine: Engine, case: Case) -> None:
    with refused(engine, by="uq_handover_offer_waiting") as connection:
        row = dict(connection.execute(OFFER.select()).mappings().one())
        connection.execute(insert(OFFER).values(**row | {"id": new_id()}))


def test_a_new_offer_can_follow_one_that_was_answered(engine: Engine, house: House, case: Case) -> None:
    with engine.begin() as connection:
        row = dict(connection.execute(OFFER.select()).mappings().one())
        connection.execute(update(OFFER).values(status="expired"))
        connection.execute(insert(OFFER).values(**row | {"id": new_id()}))

    with engine.connect() as connection:
        assert sorted(connection.scalars(select(OFFER.c.status))) == ["expired", "offered"]


@pytest.mark.parametrize("values", [{"to_pool": "over_18"}, {"to_id": None}], ids=["both", "neither"])
def test_an_offer_goes_to_a_person_or_a_pool(engine: Engine, case: Case, values: dict[str, Any]) -> None:
    with refused(engine, by="ck_handover_offer_one_recipient") as connection:
        connection.execute(update(OFFER).values(**values))


def test_nobody_cannot_accept(engine: Engine, house: House, case: Case) -> None:
    with refused(engine, by="ck_handover_offer_accepted_by_somebody") as connection:
        connection.execute(update(OFFER).values(status="accepted", answered_at=MONDAY + HOUR))
    with refused(engine, by="ck_handover_offer_accepted_by_somebody") as connection:
        connection.execute(update(OFFER).values(status="accepted", answered_by_id=house.otto.id))


def test_a_rejection_needs_its_reason(engine: Engine, house: House, case: Case) -> None:
    with refused(engine, by="ck_handover_offer_rejected_with_reason") as connection:
        connection.execute(
            update(OFFER).values(status="rejected", answered_by_id=house.otto.id, answered_at=MONDAY + HOUR)
        )
