"""A concern is raised whole, with its holder, its first steps and everything that will remind of them."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from handlepligt.cases.raise_concern import raise_concern
from handlepligt.domain.vocabulary import CaseStatus, EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError
from models import Case, Citizen, DueRow, Staff
from models.sealing import blind_index
from models.session import writing
from tests.cases.acting import ADULT, CHILD, Stage, dump
from tests.make import DAY, HOUR, MONDAY, WEEK

GOOD: dict[str, Any] = {"citizen_name": "Amira Opdigtet", "summary": "Hun er bange.", "birth_date": CHILD}


def test_a_concern_has_everything_from_the_first_instant(stage: Stage) -> None:
    mia = stage.house.mia

    case = stage.raised(received_at=MONDAY - HOUR)

    kept = stage.case(case)
    assert kept.reference == "2026-000001"
    assert (kept.track, kept.protocol_version, kept.status) == (
        "adviser_under_18", "2026-1", CaseStatus.RECEIVED,
    )  # fmt: skip
    assert (kept.received_at, kept.raised_at) == (MONDAY - HOUR, MONDAY)
    assert (kept.raised_by_id, kept.keeper_id, kept.team_id) == (mia.id, mia.id, stage.house.nord.id)
    assert kept.wake == 1
    holding = stage.holdings(case)[0]
    assert (holding.holder_id, holding.since, holding.until) == (mia.id, MONDAY, None)
    assert stage.open_steps(case) == ["discuss", "danger_assessment", "acknowledge_underretning"]
    assert stage.deadlines(case)["danger_24h", 1].due_at == MONDAY - HOUR + DAY
    assert kept.next_due_at == min(one.due_at for one in stage.deadlines(case).values())
    assert kept.next_followup_on == date(2026, 11, 30)
    assert stage.kinds(case)[0] == EventKind.CONCERN_RAISED
    assert json.loads(stage.events(case)[0].about) == {"track": "adviser_under_18"}
    assert stage.told("concern_raised") == {stage.house.lars.id}
    kinds = stage.rows(select(DueRow.kind).where(DueRow.case_id == case.id))
    assert kinds.count("breach") == 3
    assert kinds.count("followup") == 2


def test_what_was_written_is_kept_as_it_was_written(stage: Stage) -> None:
    text = "Hun sagde: »hjælp« 😟\n\nÆblegrød – 100 %"

    case = stage.raised(
        citizen_name="Ámira Øst-Opdigtet", summary=f"  {text}\r\n", citizen_notes="Taler dansk",
        cpr="010509-4345", birth_date=None,
    )  # fmt: skip

    citizen = stage.rows(select(Citizen))[0]
    assert stage.case(case).summary == text
    assert (citizen.name, citizen.cpr, citizen.birth_date, citizen.notes) == (
        "Ámira Øst-Opdigtet", "0105094345", "2009-05-01", "Taler dansk",
    )  # fmt: skip
    assert citizen.cpr_index == blind_index("0105094345", purpose="cpr")


def test_nothing_of_the_citizen_lies_in_the_database_in_clear(stage: Stage) -> None:
    stage.raised(summary="Kanariefuglen synger", citizen_notes="Kanariefuglen", cpr="0105094345")

    everything = repr(dump(stage.engine))

    for secret in ("Amira", "Opdigtet", "Kanariefuglen", "0105094345", "2009-05-01"):
        assert secret not in everything


@pytest.mark.parametrize(
    ("who", "born", "track"),
    [
        ("mia", CHILD, "adviser_under_18"),
        ("mia", None, "adviser_under_18"),
        ("mia", date(2008, 11, 24), "adviser_under_18"),
        ("mia", date(2008, 11, 23), "adviser_over_18"),
        ("otto", ADULT, "adviser_over_18"),
        ("frida", CHILD, "professional"),
        ("frida", ADULT, "professional"),
        ("frida", None, "professional"),
    ],
)
def test_the_track_follows_from_who_is_concerned_about_whom(
    stage: Stage, who: str, born: date | None, track: str
) -> None:
    case = stage.raised(by=getattr(stage.house, who), birth_date=born)

    assert case.track == track


def test_references_are_consecutive_and_begin_anew_each_year(stage: Stage) -> None:
    references = [stage.raised().reference for _ in range(3)]
    stage.now = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    references += [stage.raised().reference for _ in range(2)]

    assert references == ["2026-000001", "2026-000002", "2026-000003", "2027-000001", "2027-000002"]


def test_a_refused_concern_uses_no_reference(stage: Stage) -> None:
    stage.refused(InvalidInputError, raise_concern, by=stage.house.mia, **GOOD | {"summary": ""})

    assert stage.raised().reference == "2026-000001"


def test_a_concern_received_long_ago_has_its_deadlines_in_the_past(stage: Stage) -> None:
    case = stage.raised(received_at=datetime(2000, 2, 1, tzinfo=UTC))

    assert stage.deadlines(case)["danger_24h", 1].due_at == datetime(2000, 2, 2, tzinfo=UTC)
    assert stage.case(case).next_due_at < MONDAY


def test_a_child_born_today_is_known_just_after_midnight(stage: Stage) -> None:
    stage.now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)

    case = stage.raised(birth_date=date(2026, 11, 24))

    assert case.track == "adviser_under_18"


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"citizen_name": ""}, {"citizen_name"}),
        ({"citizen_name": " \n "}, {"citizen_name"}),
        ({"citizen_name": "x" * 201}, {"citizen_name"}),
        ({"citizen_name": "To\nlinjer"}, {"citizen_name"}),
        ({"summary": ""}, {"summary"}),
        ({"summary": "x" * 10_000_000}, {"summary"}),
        ({"summary": "a\x00b"}, {"summary"}),
        ({"summary": "vendt \u202e om"}, {"summary"}),
        ({"summary": "\u200fom"}, {"summary"}),
        ({"summary": "\x1b[31m"}, {"summary"}),
        ({"summary": "\ud800"}, {"summary"}),
        ({"citizen_notes": "\u2066"}, {"citizen_notes"}),
        ({"cpr": "310209-1234"}, {"cpr"}),
        ({"cpr": "123"}, {"cpr"}),
        ({"cpr": "1" * 1_000_000}, {"cpr"}),
        ({"cpr": "\x00"}, {"cpr"}),
        ({"cpr": "010509-4345", "birth_date": ADULT}, {"birth_date"}),
        ({"birth_date": date(2026, 11, 24)}, {"birth_date"}),
        ({"birth_date": date(1899, 12, 31)}, {"birth_date"}),
        ({"received_at": MONDAY + timedelta(microseconds=1)}, {"received_at"}),
        ({"received_at": datetime(1999, 12, 31, 23, 59, 59, tzinfo=UTC)}, {"received_at"}),
        ({"received_at": datetime(2026, 11, 23, 8, 0)}, {"received_at"}),  # noqa: DTZ001 - what is refused
        ({"track": "no_such_track"}, {"track"}),
        ({"track": ""}, {"track"}),
        ({"track": "professional"}, {"track"}),
        ({"track": "adviser_over_18"}, {"track"}),
        ({"team_id": 999_999}, {"team"}),
        ({"team_id": 10**30}, {"team"}),
        ({"facts": {"no_such_fact": "yes"}}, {"no_such_fact"}),
        ({"facts": {"minor": "no"}}, {"minor"}),
        ({"facts": {"underretning_received": "maybe"}}, {"underretning_received"}),
        ({"facts": {"underretning_received": ["yes"]}}, {"underretning_received"}),
        ({"citizen_name": "", "summary": "", "track": "x"}, {"citizen_name", "summary", "track"}),
    ],
)
def test_what_cannot_be_used_is_named_and_nothing_is_written(
    stage: Stage, given: dict[str, Any], fields: set[str]
) -> None:
    error = stage.refused(InvalidInputError, raise_concern, by=stage.house.mia, **GOOD | given)

    assert set(error.problems) == fields
    assert all(sentence.endswith(".") for sentence in error.problems.values())


@pytest.mark.parametrize("who", ["hanne", "selma", "erik", "tine", "ada"])
def test_roles_that_work_no_cases_raise_none(stage: Stage, who: str) -> None:
    stage.refused(NotAllowedError, raise_concern, by=getattr(stage.house, who), **GOOD)


@pytest.mark.parametrize("who", ["lars", "karin"])
def test_no_track_begins_with_a_leader(stage: Stage, who: str) -> None:
    error = stage.refused(InvalidInputError, raise_concern, by=getattr(stage.house, who), **GOOD)

    assert list(error.problems) == ["track"]


def test_somebody_who_left_raises_nothing(stage: Stage) -> None:
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.mia.id).is_active = False

    stage.refused(NotAllowedError, raise_concern, by=stage.house.mia, **GOOD)


def test_somebody_without_a_team_is_told_so(stage: Stage) -> None:
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.mia.id).team_id = None

    error = stage.refused(InvalidInputError, raise_concern, by=stage.house.mia, **GOOD)

    assert list(error.problems) == ["team"]


def test_a_concern_received_on_the_weekend_is_due_by_the_clock(stage: Stage) -> None:
    stage.now = MONDAY + WEEK

    case = stage.raised(received_at=datetime(2026, 11, 27, 15, 55, tzinfo=UTC))

    danger = stage.deadlines(case)["danger_24h", 1]
    assert danger.due_at == datetime(2026, 11, 28, 15, 55, tzinfo=UTC)
    assert "27-11-2026 16.55" in danger.explanation
    assert isinstance(stage.case(case), Case)
