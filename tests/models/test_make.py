"""What the tests build, the database accepts."""

from sqlalchemy import Engine
from sqlmodel import col, select

from handlepligt.domain.vocabulary import CaseStatus, StepStatus
from models import Case, DutyHolding
from models.session import reading, writing
from tests.house import House
from tests.make import (
    DAY,
    HOUR,
    MONDAY,
    make_absence,
    make_case,
    make_close_request,
    make_deadline,
    make_due_row,
    make_offer,
    make_step,
    pass_duty,
)


def test_an_open_case_with_everything_in_it_is_accepted(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia, facts={"age": 17})
        make_step(session, case=case, status=StepStatus.DONE, answers={"sparring_needed": "no"})
        make_deadline(session, case=case)
        make_due_row(session, case=case)
        make_offer(session, case=case, to=house.otto)
        make_close_request(session, case=case)
        make_absence(session, staff=house.lars)

    with reading(engine) as session:
        found = session.exec(select(Case)).one()
        assert found.facts == {"age": 17}
        assert found.next_due_at == MONDAY + DAY


def test_a_closed_case_has_a_ledger_that_ends_when_it_closed(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        make_case(session, holder=house.mia, status=CaseStatus.CLOSED, closed_at=MONDAY + DAY)

    with reading(engine) as session:
        assert session.exec(select(DutyHolding)).one().until == MONDAY + DAY


def test_the_duty_passes_on_without_a_gap(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia)
        pass_duty(session, case=case, to=house.otto, at=MONDAY + HOUR)
        pass_duty(session, case=case, authority="Politiet, journal 12", at=MONDAY + DAY)

    with reading(engine) as session:
        held = session.exec(select(DutyHolding).order_by(col(DutyHolding.since))).all()
        assert [row.holder_id for row in held] == [house.mia.id, house.otto.id, None]
        assert held[2].authority == "Politiet, journal 12"
