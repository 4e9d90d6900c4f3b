"""A linked person is sealed, has an order in the case, and is unlinked by somebody."""

import pytest
from sqlalchemy import Engine, insert, update

from models import LinkedPerson, new_id
from models.session import writing
from tests.house import House
from tests.make import MONDAY, added, make_case
from tests.models.refusal import refused, table

PERSON = table("linked_person")


@pytest.fixture(autouse=True)
def person(engine: Engine, house: House) -> None:
    """The first person of one case."""
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
        one = LinkedPerson(
            case_id=case.id, number=1, relation="sibling", linked_at=MONDAY, linked_by_id=house.mia.id or 0
        )
        one.name, one.facts = "Samir Opdigtet", {"in_danger": "yes"}
        added(session, one)


def test_two_people_of_a_case_never_have_the_same_number(engine: Engine) -> None:
    with refused(engine, by="uq_linked_person_case_id_number") as connection:
        row = dict(connection.execute(PERSON.select()).mappings().one())
        connection.execute(insert(PERSON).values(**row | {"id": new_id()}))


def test_somebody_unlinked_them_at_some_time_or_nobody_did(engine: Engine) -> None:
    with refused(engine, by="ck_linked_person_unlinked") as connection:
        connection.execute(update(PERSON).values(unlinked_at=MONDAY))


def test_name_and_facts_are_sealed(engine: Engine) -> None:
    with engine.connect() as connection:
        row = connection.execute(PERSON.select()).one()

    assert b"Samir" not in row.name_sealed
    assert b"in_danger" not in row.facts_sealed
