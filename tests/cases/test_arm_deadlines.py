"""Which reminders are armed for a deadline, and when."""

from datetime import timedelta

from sqlalchemy import Engine

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.press_acute import press_acute
from models import Staff
from models.session import writing
from tests.followups.told import deadline, due_rows_of, events, raised
from tests.house import House
from tests.make import DAY, HOUR, MONDAY


def rungs(engine: Engine, case_id: str, key: str) -> list[tuple[int, timedelta]]:
    """The armed rungs of a deadline: number, and how long after the deadline."""
    of = deadline(engine, case_id, key)
    return [
        (row.rung, row.fire_at - of.due_at)
        for row in due_rows_of(engine, case_id)
        if row.deadline_id == of.id and row.kind != "breach"
    ]


def test_a_fresh_concern_arms_every_rung(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)

    assert rungs(engine, case_id, "danger_24h") == [
        (1, -22 * HOUR), (2, -8 * HOUR), (3, -2 * HOUR), (4, timedelta()),
    ]  # fmt: skip


def test_a_rung_that_has_passed_already_is_not_armed(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY, received_at=MONDAY - 17 * HOUR)

    assert rungs(engine, case_id, "danger_24h") == [(3, -2 * HOUR), (4, timedelta())]


def test_of_a_deadline_that_has_passed_already_the_overdue_rung_fires_at_once(
    engine: Engine, house: House
) -> None:
    case_id = raised(engine, house.mia, MONDAY, received_at=MONDAY - 30 * HOUR)

    assert rungs(engine, case_id, "danger_24h") == [(4, timedelta())]


def test_of_several_passed_overdue_rungs_only_the_last_is_armed(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY, received_at=MONDAY - 21 * DAY)

    assert [number for number, _ in rungs(engine, case_id, "discussed")] == [3]


def test_with_quiet_hours_the_day_after_is_a_day_after_the_morning(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)

    # Due Tuesday 23.59: told Wednesday at 7.00, and those above Thursday at 7.00.
    (_, told), (_, above) = rungs(engine, case_id, "discussed")[-2:]
    assert timedelta() < told < 8 * HOUR
    assert above - told == DAY


def test_ladders_in_minutes_ring_at_night(engine: Engine, house: House) -> None:
    night = MONDAY + 15 * HOUR
    case_id = raised(engine, house.mia, MONDAY)
    with writing(engine) as session:
        press_acute(session, case_id=case_id, by=session.get_one(Staff, house.mia.id), now=night)

    assert [after for _, after in rungs(engine, case_id, "reached")] == [
        timedelta(minutes=minutes) for minutes in (-20, 0, 15, 30)
    ]


def test_a_breach_that_was_made_good_before_anybody_noticed_is_on_record(
    engine: Engine, house: House
) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    with writing(engine) as session:
        complete_step(
            session, case_id=case_id, step_key="discuss", by=session.get_one(Staff, house.mia.id),
            now=MONDAY + 3 * DAY,
            answers={"discussed_with": {"role": "leader", "staff": house.lars.id}, "sparring_needed": "no"},
        )  # fmt: skip

    late = deadline(engine, case_id, "discussed")
    assert (late.status, late.breached_at) == ("met_late", late.due_at)
    assert [event.at for event in events(engine, case_id, "deadline_breached")] == [late.due_at]
