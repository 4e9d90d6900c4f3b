"""Everything that looks at a case goes on working when its history knows steps that its version does not."""

from datetime import timedelta

import pytest

from flows.mirrored_cases import read_case
from flows.steps import open_the_rest
from flows.way import way_of
from handlepligt.cases.open_case import lock_case
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.queries import case_list, look_at_case
from handlepligt.cases.reopen_case import reopen_case
from handlepligt.cases.view_case import view_case
from handlepligt.followups.consistency import look_for_disorder
from handlepligt.followups.sweep import sweep
from handlepligt.web.api.whole_case import whole_case
from models import Case, Staff
from models.session import reading, writing
from tests.make import DAY, HOUR
from tests.protocol_versions.publishing import CHANGES, WORRIED, Office


@pytest.fixture
def moved(office: Office) -> Case:
    """Mia's case: the visit was done under the first version, which the case has left."""
    case = office.in_small()
    office.later(HOUR)
    office.complete(case, "talk", by=office.house.mia, **WORRIED)
    office.later(HOUR)
    office.complete(case, "visit", by=office.house.mia, visit_note="Roligt i dag.")
    office.moved(case)
    return case


def test_the_page_shows_history_in_the_words_of_its_time(office: Office, moved: Case) -> None:
    with reading(office.engine) as session:
        by = session.get_one(Staff, office.house.lars.id)
        view = view_case(session, session.get_one(Case, moved.id), by=by, now=office.now)

    settled = {one.row.key: one for one in view.settled_steps}
    assert settled["visit"].title == "Tag på besøg"
    assert [(line.question, line.answer) for line in settled["visit"].answers] == [
        ("Hvad så du?", "Roligt i dag.")
    ]
    assert {one.row.key for one in view.open_steps} == {"call", "finish"}
    told = [line.about for line in view.events if "Flyttet" in line.what]
    assert told == ["fra version 2026-1 til version 2026-2"]
    assert "Tag på besøg" in [line.about for line in view.events]


def test_the_api_lists_and_the_way_in_prefect_show_the_case(office: Office, moved: Case) -> None:
    with writing(office.engine) as session:
        lars = session.get_one(Staff, office.house.lars.id)
        look = look_at_case(session, reference=moved.reference, by=lars, now=office.now, face="api")
        whole = whole_case(session, look, office.now)
        rows = case_list(session, by=lars, now=office.now, status="open").rows
        way = way_of(session, session.get_one(Case, moved.id))

    assert whole.protocol_version == "2026-2"
    assert moved.reference in [row.reference for row in rows]
    assert "version `2026-2`" in way
    assert "| visit | 1 |" in way


def test_the_run_is_woken_and_bears_the_new_version(office: Office, moved: Case) -> None:
    mirrored = read_case(office.engine, moved.id)

    assert mirrored is not None
    assert mirrored.is_woken
    assert "version:2026-2" in mirrored.tags
    assert "version:2026-1" not in mirrored.tags


def test_a_task_that_comes_late_finds_everything_done(office: Office, moved: Case) -> None:
    before = office.open_steps(moved)

    with writing(office.engine) as session:
        open_the_rest(session, lock_case(session, moved.id), office.later(HOUR))

    assert office.open_steps(moved) == before


def test_whoever_sweeps_reminds_and_examines_goes_on(office: Office, moved: Case) -> None:
    office.later(timedelta(days=100))

    result = sweep(office.engine, office.now)

    assert result.failed == 0
    assert result.done > 0
    with reading(office.engine) as session:
        assert look_for_disorder(session, office.now).broken_rows == 0


def test_acute_can_be_pressed_and_ended(office: Office, moved: Case) -> None:
    office.do(press_acute, by=office.house.mia, case_id=moved.id)
    assert "alarm" in office.open_steps(moved)

    office.complete(moved, "alarm", by=office.house.mia, calm="yes")

    assert not office.case(moved).is_acute


def test_it_closes_and_a_reopened_case_goes_on_under_the_version_it_had(office: Office, moved: Case) -> None:
    office.complete(moved, "call", by=office.house.mia)
    office.close(moved, by=office.house.mia, leader=office.house.lars, end="over", answers={})
    office.published(("2026-1", "2026-3"), *CHANGES[1:])
    office.later(DAY)

    with reading(office.engine) as session:
        entries = session.get_one(Case, moved.id).protocol_version
    assert entries == "2026-2"
    # The small protocol has no way back in; what is asked is asked of the version the case has.
    error = office.refused(
        Exception,
        reopen_case,
        by=office.house.lars,
        case_id=moved.id,
        reason="Nyt.",  # type: ignore[arg-type]
    )
    assert "længe" in error.user_message
