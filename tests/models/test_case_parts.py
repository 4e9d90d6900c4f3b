"""Requests to close need four eyes, and siblings are linked once."""

from typing import Any

import pytest
from sqlalchemy import Engine, insert, update

from models import Case, new_id
from models.session import writing
from tests.house import House
from tests.make import DAY, HOUR, MONDAY, make_case, make_close_request
from tests.models.refusal import refused, table

REQUEST, LINK = table("close_request"), table("sibling_link")


@pytest.fixture
def case(engine: Engine, house: House) -> Case:
    """Mia's open case, which she asks to close."""
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
        make_close_request(session, case=case, asked_at=MONDAY + DAY)
        return case


def approval(**columns: Any) -> Any:
    return update(REQUEST).values(**{"status": "approved", "decided_at": MONDAY + DAY + HOUR} | columns)


def test_another_person_approves(engine: Engine, house: House, case: Case) -> None:
    with engine.begin() as connection:
        approved = connection.execute(approval(decided_by_id=house.lars.id))

    assert approved.rowcount == 1


def test_whoever_asks_cannot_approve(engine: Engine, house: House, case: Case) -> None:
    with refused(engine, by="ck_close_request_four_eyes") as connection:
        connection.execute(approval(decided_by_id=house.mia.id))


def test_an_approval_by_nobody_is_refused(engine: Engine, case: Case) -> None:
    with refused(engine, by="ck_close_request_four_eyes") as connection:
        connection.execute(approval(decided_by_id=None))


def test_an_approval_at_no_time_is_refused(engine: Engine, house: House, case: Case) -> None:
    with refused(engine, by="ck_close_request_four_eyes") as connection:
        connection.execute(approval(decided_by_id=house.lars.id, decided_at=None))


def test_the_question_about_siblings_is_answered_yes_or_no(engine: Engine, case: Case) -> None:
    with refused(engine, by="ck_close_request_has_siblings") as connection:
        connection.execute(update(REQUEST).values(has_siblings="?"))


def test_two_waiting_requests_for_one_case_are_refused(engine: Engine, case: Case) -> None:
    with refused(engine, by="uq_close_request_waiting") as connection:
        row = dict(connection.execute(REQUEST.select()).mappings().one())
        connection.execute(insert(REQUEST).values(**row | {"id": new_id()}))


def test_siblings_are_linked_once_and_never_to_themselves(engine: Engine, house: House, case: Case) -> None:
    with writing(engine) as session:
        other = make_case(session, holder=house.kim)
    smaller, larger = sorted([case.id, other.id])
    link = {"case_id": smaller, "other_case_id": larger, "by_id": house.mia.id, "linked_at": MONDAY}

    with engine.begin() as connection:
        connection.execute(insert(LINK).values(id=new_id(), **link))

    with refused(engine, by="uq_sibling_link_case_id_other_case_id") as connection:
        connection.execute(insert(LINK).values(id=new_id(), **link))
    with refused(engine, by="ck_sibling_link_ordered") as connection:
        connection.execute(insert(LINK).values(id=new_id(), **link | {"case_id": larger}))
    with refused(engine, by="ck_sibling_link_ordered") as connection:
        turned = link | {"case_id": larger, "other_case_id": smaller}
        connection.execute(insert(LINK).values(id=new_id(), **turned))
