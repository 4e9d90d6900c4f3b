"""The duty ledger keeps its promises whatever is written into it, on both databases."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, func, insert, select, update

from models import Case, DutyHolding, new_id
from models.session import reading, writing
from tests.house import House
from tests.make import DAY, HOUR, MONDAY, make_case, pass_duty
from tests.models.refusal import refused, table

MICROSECOND = timedelta(microseconds=1)
CASE, DUTY = table("case"), table("duty_holding")


@pytest.fixture
def case(engine: Engine, house: House) -> Case:
    """Mia's open case, received Monday."""
    with writing(engine) as session:
        return make_case(session, holder=house.mia)


@pytest.fixture
def passed(engine: Engine, house: House, case: Case) -> Case:
    """The same case after Otto took it over an hour later."""
    with writing(engine) as session:
        kept = session.get_one(Case, case.id)
        pass_duty(session, case=kept, to=house.otto, at=MONDAY + HOUR)
        return kept


def holding(case: Case, house: House, **columns: Any) -> dict[str, Any]:
    """What would be the next holding of `case` after one that ended an hour on."""
    return {
        "id": new_id(),
        "case_id": case.id,
        "opening": 1,
        "holder_id": house.otto.id,
        "since": MONDAY + HOUR,
        "previous_until": MONDAY + HOUR,
        "open_for": case.id,
    } | columns


def end_of_the_first(case: Case) -> Any:
    return update(DUTY).where(DUTY.c.case_id == case.id).values(until=MONDAY + HOUR, open_for=None)


def closing(case: Case, **columns: Any) -> Any:
    values = {"status": "closed", "open_for": None, "closed_at": MONDAY + HOUR} | columns
    return update(CASE).where(CASE.c.id == case.id).values(**values)


def test_the_duty_can_end_and_begin_again_in_one_transaction(
    engine: Engine, house: House, case: Case
) -> None:
    with engine.begin() as connection:
        connection.execute(end_of_the_first(case))
        connection.execute(insert(DUTY).values(**holding(case, house)))

    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(DutyHolding)) == 2


def test_two_open_holders_are_refused(engine: Engine, house: House, case: Case) -> None:
    with refused(engine, by="uq_duty_holding_open_for") as connection:
        connection.execute(insert(DUTY).values(**holding(case, house, opening=2, previous_until=None)))


def test_an_open_case_whose_holder_leaves_is_refused(engine: Engine, case: Case) -> None:
    with refused(engine, by="fk_case_open_for_duty_holding") as connection:
        connection.execute(end_of_the_first(case))


def test_an_open_case_whose_holding_is_deleted_is_refused(engine: Engine, case: Case) -> None:
    with refused(engine, by="fk_case_open_for_duty_holding") as connection:
        connection.execute(delete(DUTY).where(DUTY.c.case_id == case.id))


def test_a_new_case_without_a_holder_is_refused(engine: Engine, case: Case) -> None:
    with refused(engine, by="fk_case_open_for_duty_holding") as connection:
        row = dict(connection.execute(select(CASE)).mappings().one())
        other = new_id()
        connection.execute(
            insert(CASE).values(**row | {"id": other, "open_for": other, "reference": "2026-9"})
        )


def test_what_was_refused_leaves_the_ledger_as_it_was(engine: Engine, house: House, case: Case) -> None:
    with refused(engine, by="fk_case_open_for_duty_holding") as connection:
        connection.execute(end_of_the_first(case))

    with reading(engine) as session:
        held = session.execute(select(DUTY)).mappings().one()
        assert (held["holder_id"], held["until"], held["open_for"]) == (house.mia.id, None, case.id)


@pytest.mark.parametrize("shift", [-MICROSECOND, MICROSECOND, HOUR], ids=["overlap", "gap", "long gap"])
def test_a_holding_that_does_not_begin_where_the_last_ended_is_refused(
    engine: Engine, house: House, case: Case, shift: timedelta
) -> None:
    begins = MONDAY + HOUR + shift

    with refused(engine, by="ck_duty_holding_no_gap") as connection:
        connection.execute(end_of_the_first(case))
        connection.execute(insert(DUTY).values(**holding(case, house, since=begins)))

    with refused(engine, by="fk_duty_holding_previous") as connection:
        connection.execute(end_of_the_first(case))
        connection.execute(insert(DUTY).values(**holding(case, house, since=begins, previous_until=begins)))


def test_a_gap_cannot_hide_in_an_opening_the_case_does_not_count(
    engine: Engine, house: House, case: Case
) -> None:
    later = holding(case, house, opening=2, since=MONDAY + DAY, previous_until=None)

    with refused(engine, by="fk_case_open_for_duty_holding") as connection:
        connection.execute(end_of_the_first(case))
        connection.execute(insert(DUTY).values(**later))


def test_the_count_of_openings_cannot_run_ahead_of_the_ledger(engine: Engine, case: Case) -> None:
    with refused(engine, by="fk_duty_holding_open_for_case") as connection:
        connection.execute(update(CASE).where(CASE.c.id == case.id).values(openings=2))


@pytest.mark.parametrize("until", [MONDAY, MONDAY - MICROSECOND], ids=["at once", "before it began"])
def test_a_holding_that_does_not_last_is_refused(engine: Engine, case: Case, until: Any) -> None:
    with refused(engine, by="ck_duty_holding_until_after_since") as connection:
        connection.execute(update(DUTY).values(until=until, open_for=None))


def test_two_successors_of_one_holding_are_refused(engine: Engine, house: House, passed: Case) -> None:
    second = holding(passed, house, holder_id=house.kim.id, until=MONDAY + DAY, open_for=None)

    with refused(engine, by="uq_duty_holding_successor") as connection:
        connection.execute(insert(DUTY).values(**second))


def test_a_second_first_holding_is_refused(engine: Engine, house: House, passed: Case) -> None:
    earlier = holding(passed, house, since=MONDAY - DAY, until=MONDAY, previous_until=None, open_for=None)

    with refused(engine, by="uq_duty_holding_first") as connection:
        connection.execute(insert(DUTY).values(**earlier))


def test_history_cannot_be_moved_or_removed(engine: Engine, house: House, passed: Case) -> None:
    first = DUTY.c.holder_id == house.mia.id

    with refused(engine, by="fk_duty_holding_previous") as connection:
        connection.execute(update(DUTY).where(first).values(until=MONDAY + HOUR + MICROSECOND))

    with refused(engine, by="fk_duty_holding_previous") as connection:
        connection.execute(delete(DUTY).where(first))


@pytest.mark.parametrize("has_both", [True, False], ids=["both", "neither"])
def test_a_holding_has_a_member_of_staff_or_an_authority_and_never_both_or_neither(
    engine: Engine, house: House, case: Case, has_both: bool
) -> None:
    values = {"authority_sealed": b"\x01sealed"} if has_both else {"holder_id": None}

    with refused(engine, by="ck_duty_holding_one_holder") as connection:
        connection.execute(update(DUTY).values(**values))


@pytest.mark.parametrize(
    "values",
    [
        {"until": MONDAY + HOUR},
        {"open_for": None},
        {"open_for": "0" * 32},
    ],
    ids=["ended but open", "running but not open", "open for another case"],
)
def test_a_holding_is_open_for_its_own_case_exactly_while_it_runs(
    engine: Engine, case: Case, values: dict[str, Any]
) -> None:
    with refused(engine, by="ck_duty_holding_open_for") as connection:
        connection.execute(update(DUTY).values(**values))


def test_a_case_closes_when_its_duty_ends(engine: Engine, case: Case) -> None:
    with engine.begin() as connection:
        connection.execute(end_of_the_first(case))
        connection.execute(closing(case))

    with reading(engine) as session:
        assert session.scalar(select(CASE.c.status)) == "closed"


def test_closing_a_case_without_ending_the_duty_is_refused(engine: Engine, case: Case) -> None:
    with refused(engine, by="fk_duty_holding_open_for_case") as connection:
        connection.execute(closing(case))


@pytest.mark.parametrize("shift", [-MICROSECOND, MICROSECOND])
def test_closing_a_case_at_another_instant_than_its_duty_ended_is_refused(
    engine: Engine, case: Case, shift: timedelta
) -> None:
    with refused(engine, by="fk_case_closed_at_duty_holding") as connection:
        connection.execute(end_of_the_first(case))
        connection.execute(closing(case, closed_at=MONDAY + HOUR + shift))


def test_a_closed_case_opens_again_only_with_a_new_holder(engine: Engine, house: House, case: Case) -> None:
    opening = update(CASE).values(
        status="reopened", open_for=case.id, closed_at=None, openings=2, next_due_at=MONDAY + DAY
    )
    with engine.begin() as connection:
        connection.execute(end_of_the_first(case))
        connection.execute(closing(case))

    with refused(engine, by="fk_case_open_for_duty_holding") as connection:
        connection.execute(opening)
    with engine.begin() as connection:
        connection.execute(opening)
        new = holding(case, house, opening=2, since=MONDAY + DAY, previous_until=None)
        connection.execute(insert(DUTY).values(**new))

    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(DutyHolding)) == 2
