"""Outages, broken cases and absent people: the sweep loses nothing and stops for nobody."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from handlepligt.followups.due import next_fire_at
from handlepligt.followups.sweep import sweep
from models import Case, Staff
from models.session import writing
from tests.followups.told import (
    case_of,
    deadline,
    due_rows_of,
    events,
    forget_messages,
    lines_to,
    only,
    raised,
    told,
)
from tests.house import House
from tests.make import DAY, HOUR, MINUTE, MONDAY, make_absence, make_due_row

NOTE = {"situation": "S", "risk": "R", "next_action": "N", "avoid": "A"}


def staff(session: object, person: Staff) -> Staff:
    found: Staff = session.get_one(Staff, person.id)  # type: ignore[attr-defined]
    return found


def test_two_processes_after_a_weekend_merge_each_thing_once(engine: Engine, house: House) -> None:
    cases = [raised(engine, house.mia, MONDAY) for _ in range(6)]
    for case_id in cases:
        only(engine, case_id, "danger_24h")
    forget_messages(engine)

    with ThreadPoolExecutor(3) as processes:
        list(processes.map(lambda _: sweep(engine, MONDAY + 3 * DAY), range(3)))

    assert all(len(events(engine, case_id, "deadline_breached")) == 1 for case_id in cases)
    assert told(engine).count(("missed_while_down", "mia")) == 1
    assert len(lines_to(engine, house.mia)) == 6 * 4


def test_repeats_that_fell_into_a_gap_are_skipped(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    only(engine, case_id, "danger_24h")
    for at in (2 * HOUR, 16 * HOUR, 22 * HOUR, DAY):
        sweep(engine, MONDAY + at)
    forget_messages(engine)

    sweep(engine, MONDAY + 3 * DAY + 10 * MINUTE)

    assert len(lines_to(engine, house.lars)) == 1
    assert next_fire_at(engine) == MONDAY + 3 * DAY + HOUR


def test_a_late_weekend_gives_each_person_one_message(engine: Engine, house: House) -> None:
    friday = MONDAY + 4 * DAY
    first, second = raised(engine, house.mia, friday), raised(engine, house.mia, friday + HOUR)
    for case_id in (first, second):
        only(engine, case_id, "danger_24h")
    forget_messages(engine)
    back_up = friday + 3 * DAY

    sweep(engine, back_up)

    assert told(engine) == [("missed_while_down", name) for name in ("hanne", "karin", "lars", "mia")]
    lines = lines_to(engine, house.mia)
    assert [line[2] for line in lines] == sorted(line[2] for line in lines)
    assert {line[0] for line in lines} == {case_of(engine, one).reference for one in (first, second)}
    assert len(lines) == 8
    assert len(lines_to(engine, house.hanne)) == 2
    assert deadline(engine, first, "danger_24h").breached_at == friday + DAY


def test_half_an_hour_late_is_not_yet_an_outage(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    only(engine, case_id, "danger_24h")
    forget_messages(engine)

    sweep(engine, MONDAY + 2 * HOUR + 30 * MINUTE)

    assert told(engine) == [("reminder", "mia")]


def test_a_broken_case_stops_no_other_and_comes_back(engine: Engine, house: House) -> None:
    broken, well = raised(engine, house.mia, MONDAY), raised(engine, house.mia, MONDAY)
    for case_id in (broken, well):
        only(engine, case_id, "danger_24h")
    with writing(engine) as session:
        session.get_one(Case, broken).protocol_version = "1999-1"
    forget_messages(engine)

    result = sweep(engine, MONDAY + 2 * HOUR)

    assert (result.done, result.failed) == (1, 1)
    assert told(engine) == [("reminder", "mia")]
    waiting = due_rows_of(engine, broken)[0]
    assert waiting.attempts == 1
    assert MONDAY + 2 * HOUR < waiting.fire_at <= MONDAY + 2 * HOUR + MINUTE
    with writing(engine) as session:
        session.get_one(Case, broken).protocol_version = "2026-1"
    assert sweep(engine, MONDAY + 2 * HOUR + MINUTE).done == 1
    assert told(engine) == [("reminder", "mia")] * 2


def test_a_broken_case_comes_back_ever_more_slowly(engine: Engine, house: House) -> None:
    broken = raised(engine, house.mia, MONDAY)
    only(engine, broken, "danger_24h")
    with writing(engine) as session:
        session.get_one(Case, broken).protocol_version = "1999-1"
    at, pauses = MONDAY + 2 * HOUR, []
    for _ in range(12):
        sweep(engine, at)
        row = next(row for row in due_rows_of(engine, broken) if row.rung == 1)
        pauses.append(row.fire_at - at)
        at = row.fire_at

    assert pauses[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert pauses[-1] == 15 * MINUTE


def test_a_broken_case_stops_no_other_after_an_outage(engine: Engine, house: House) -> None:
    broken, well = raised(engine, house.mia, MONDAY), raised(engine, house.mia, MONDAY)
    for case_id in (broken, well):
        only(engine, case_id, "danger_24h")
    with writing(engine) as session:
        session.get_one(Case, broken).protocol_version = "1999-1"
    forget_messages(engine)

    result = sweep(engine, MONDAY + 3 * DAY)

    assert result.failed == 5
    assert {line[0] for line in lines_to(engine, house.mia)} == {case_of(engine, well).reference}


@pytest.mark.parametrize(
    "what", [{"kind": "of_another_version"}, {"roles": "no list"}, {"roles": '["nobody"]'}]
)
def test_a_row_that_makes_no_sense_fails_alone(engine: Engine, house: House, what: dict[str, str]) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    chosen = only(engine, case_id, "danger_24h")
    with writing(engine) as session:
        case = session.get_one(Case, case_id)
        make_due_row(
            session, case=case, fire_at=MONDAY + HOUR, deadline_id=chosen.id,
            **({"message": "reminder", "roles": '["holder"]'} | what),
        )  # fmt: skip
    forget_messages(engine)

    result = sweep(engine, MONDAY + 2 * HOUR)

    assert (result.done, result.failed) == (1, 1)
    assert told(engine) == [("reminder", "mia")]


def test_the_next_above_is_alarmed_when_nobody_can_be_reached(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    only(engine, case_id, "danger_24h")
    with writing(engine) as session:
        make_absence(session, staff=house.mia, since=MONDAY)
    forget_messages(engine)

    sweep(engine, MONDAY + 2 * HOUR)

    assert told(engine) == [("nobody_reachable", "lars"), ("reminder", "mia")]


def test_with_everybody_up_to_the_leader_away_the_head_is_alarmed(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    only(engine, case_id, "danger_24h")
    with writing(engine) as session:
        for person in (house.mia, house.lars, house.karin):
            make_absence(session, staff=person, since=MONDAY)
    forget_messages(engine)

    sweep(engine, MONDAY + 22 * HOUR)

    assert ("nobody_reachable", "hanne") in told(engine)


def test_a_holder_who_has_left_still_alarms_the_leader(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    only(engine, case_id, "danger_24h")
    with writing(engine) as session:
        staff(session, house.mia).is_active = False
    forget_messages(engine)

    sweep(engine, MONDAY + 2 * HOUR)

    assert told(engine) == [("nobody_reachable", "lars")]
