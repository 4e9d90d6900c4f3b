"""The demo shows every status on every track, is marked, and is the same each time."""

from collections import Counter
from itertools import pairwise

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from handlepligt.cases.chronicle import duty_periods
from handlepligt.cases.queries import case_list, offers_to
from handlepligt.demo import PASSPHRASE, demo_logins, fill_demo
from handlepligt.demo.people import PEOPLE
from handlepligt.domain.duty import gaps
from handlepligt.domain.vocabulary import CaseStatus, StaffRole
from handlepligt.errors import ConfigurationError
from handlepligt.identity import log_in
from models import Case, Citizen, Deadline, InstallationFact, Notification, Staff, Team
from models.sealing import KeyRing
from models.session import reading, writing
from tests.databases import empty
from tests.make import MONDAY

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """One filled demo for the whole module: filling it is the slow part."""
    from models.sealing import install_keys
    from models.session import make_engine
    from tests.databases import KEYS, migrate

    install_keys(KEYS)
    url = f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}"
    migrate(url)
    engine = make_engine(url)
    fill_demo(engine, MONDAY)
    return engine


def test_there_are_sixty_cases_in_every_status_and_track(filled: Engine) -> None:
    with reading(filled) as session:
        cases = session.exec(select(Case)).all()

    assert len(cases) >= 60
    assert {case.status for case in cases} == set(CaseStatus)
    assert len({case.track for case in cases}) == 3
    assert sum(case.is_acute for case in cases) >= 5
    assert all(count >= 15 for count in Counter(case.track for case in cases).values())


def test_there_are_three_teams_and_at_least_twelve_staff_of_all_roles(filled: Engine) -> None:
    with reading(filled) as session:
        teams, staff = session.exec(select(Team)).all(), session.exec(select(Staff)).all()

    assert len(teams) == 3
    assert len(staff) >= 12
    assert {one.role for one in staff} == set(StaffRole)
    assert all(one.email.endswith(".invalid") for one in staff)


def test_deadlines_lie_around_now(filled: Engine) -> None:
    with reading(filled) as session:
        running = session.exec(select(Deadline).where(col(Deadline.settled_at).is_(None))).all()

    assert sum(one.due_at < MONDAY for one in running) >= 5
    assert sum(0 < (one.due_at - MONDAY).total_seconds() < 86_400 for one in running) >= 5
    assert all(one.status == "breached" for one in running if one.due_at < MONDAY)


def test_every_front_page_has_something_on_it(filled: Engine) -> None:
    with reading(filled) as session:
        everybody = session.exec(
            select(Staff).where(col(Staff.role).in_(["adviser", "professional", "leader"]))
        )
        for staff in everybody:
            assert case_list(session, by=staff, now=MONDAY, status="open").rows, staff.username
        offered = [one for staff in session.exec(select(Staff)) for one in offers_to(session, staff)]
        told = {one.staff_id for one in session.exec(select(Notification))}

    assert len(offered) >= 3
    assert len(told) >= 9


def test_the_made_up_ledgers_are_whole(filled: Engine) -> None:
    with reading(filled) as session:
        for case in session.exec(select(Case)):
            periods = duty_periods(session, case)

            assert gaps(periods) == []
            assert sum(one.until is None for one in periods) == (case.closed_at is None)


def test_everybody_made_up_is_marked_as_made_up(filled: Engine) -> None:
    with reading(filled) as session:
        mode = session.get_one(InstallationFact, "mode")
        citizens = session.exec(select(Citizen)).all()
        names = [one.name for one in citizens]
        summaries = [case.summary for case in session.exec(select(Case))]

    assert mode.value == "demo"
    assert all("(opdigtet)" in name for name in names)
    assert all(one.cpr_sealed is None for one in citizens)
    assert all(text.startswith(("Opdigtet", "Søskende til sag")) for text in summaries)


def test_the_printed_log_ins_work(filled: Engine) -> None:
    logins = demo_logins(filled)

    assert [username for username, _, _ in logins] == [one.username for one in PEOPLE]
    with writing(filled) as session:
        staff = log_in(session, username="mia", passphrase=PASSPHRASE, source="127.0.0.1", now=MONDAY)
    assert staff is not None


def test_no_two_reminders_of_one_rung_reach_the_same_person(filled: Engine) -> None:
    with reading(filled) as session:
        keys = sorted(one.dedupe for one in session.exec(select(Notification)))

    assert all(first != second for first, second in pairwise(keys))


def test_the_same_present_gives_the_same_cases(filled: Engine, sqlite_engine: Engine) -> None:
    fill_demo(sqlite_engine, MONDAY)

    def shown(engine: Engine) -> list[tuple[object, ...]]:
        with reading(engine) as session:
            cases = session.exec(select(Case).order_by(col(Case.reference)))
            return [
                (one.reference, one.track, one.status, one.is_acute, one.received_at, one.next_due_at)
                for one in cases
            ]

    assert shown(filled) == shown(sqlite_engine)


def test_demo_and_real_people_are_never_mixed(sqlite_engine: Engine, keys: KeyRing) -> None:
    empty(sqlite_engine)
    with writing(sqlite_engine) as session:
        session.add(Staff(username="bo", name="Bo", role="adviser", created_at=MONDAY))

    with pytest.raises(ConfigurationError, match="empty installation only"):
        fill_demo(sqlite_engine, MONDAY)

    with reading(sqlite_engine) as session:
        assert session.exec(select(Staff.username)).all() == ["bo"]
        assert session.get(InstallationFact, "mode") is None
