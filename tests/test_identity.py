"""Who somebody is: sessions end, tokens expire, links work once, guessing is slowed and never locks out."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlepligt import identity
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.errors import InvalidInputError, NotFoundError
from models import LoginAttempt, Staff
from models.session import reading, writing
from tests.house import House
from tests.make import DAY, HOUR, MINUTE, MONDAY

PASSPHRASE = "fire ord om en hæfteklamme"
SECOND = timedelta(seconds=1)
USUAL = {"idle": 15 * MINUTE, "lifetime": 8 * HOUR}


@pytest.fixture
def mia(engine: Engine, house: House) -> Staff:
    with writing(engine) as session:
        person = session.get_one(Staff, house.mia.id)
        person.password_hash = identity.hash_passphrase(PASSPHRASE)
        return person


def log_in(engine: Engine, passphrase: str = PASSPHRASE, username: str = "mia") -> identity.StartedSession:
    with writing(engine) as session:
        return identity.log_in(
            session, username=username, passphrase=passphrase, source="10.0.0.1", now=MONDAY
        )


def test_a_session_ends_when_idle_and_when_its_time_is_over(engine: Engine, mia: Staff) -> None:
    secret = log_in(engine).secret

    with writing(engine) as session:
        fresh = identity.session_of(session, secret, now=MONDAY + 15 * MINUTE, **USUAL)
        idle = identity.session_of(session, secret, now=MONDAY + 16 * MINUTE, **USUAL)
        assert fresh is not None
        identity.touch_session(session, fresh[0].id, now=MONDAY + 8 * HOUR - MINUTE)
        in_use = identity.session_of(session, secret, now=MONDAY + 8 * HOUR, **USUAL)
        over = identity.session_of(session, secret, now=MONDAY + 8 * HOUR + SECOND, **USUAL)

    assert (idle, over) == (None, None)
    assert in_use is not None


def test_a_deactivated_person_is_out_at_once(engine: Engine, mia: Staff) -> None:
    secret = log_in(engine).secret

    with writing(engine) as session:
        session.get_one(Staff, mia.id).is_active = False
        session.flush()
        found = identity.session_of(session, secret, now=MONDAY, **USUAL)

    assert found is None


@pytest.mark.parametrize(
    ("username", "passphrase"), [("mia", "forkert"), ("ukendt", PASSPHRASE), ("\x00", PASSPHRASE), ("", "")]
)
def test_a_refused_log_in_leaves_its_trace_but_not_what_was_typed(
    engine: Engine, mia: Staff, username: str, passphrase: str
) -> None:
    with pytest.raises(identity.LogInRefusedError):
        log_in(engine, passphrase, username)

    with reading(engine) as session:
        attempt = session.exec(select(LoginAttempt)).one()
    assert attempt.source == "10.0.0.1"
    assert username not in attempt.username or not username


def test_guessing_is_slowed_more_and_more_and_never_locks_out(engine: Engine, mia: Staff) -> None:
    delays: list[timedelta] = []

    for _ in range(9):
        with reading(engine) as session:
            delays.append(
                identity.delay_before_answer(session, username="mia", source="10.0.0.1", now=MONDAY)
            )
        with pytest.raises(identity.LogInRefusedError):
            log_in(engine, "forkert")

    assert delays[:3] == [timedelta()] * 3
    assert delays[3:] == sorted(delays[3:])
    assert delays[-1] == identity.LONGEST_DELAY
    assert log_in(engine).staff.id == mia.id


def test_failures_from_elsewhere_slow_the_owner_by_two_seconds_at_most(engine: Engine, mia: Staff) -> None:
    for _ in range(12):
        with pytest.raises(identity.LogInRefusedError):
            log_in(engine, "forkert")

    with reading(engine) as session:
        delay = identity.delay_before_answer(session, username="mia", source="10.9.9.9", now=MONDAY)
        later = identity.delay_before_answer(session, username="mia", source="10.0.0.1", now=MONDAY + HOUR)

    assert timedelta() < delay <= timedelta(seconds=2)
    assert later == timedelta()


def test_a_token_works_until_it_expires(engine: Engine, mia: Staff) -> None:
    assert mia.id is not None
    with writing(engine) as session:
        token = identity.make_token(session, mia.id, "regneark", MONDAY, days=7)

    with reading(engine) as session:
        owner = identity.verify_token(session, token, MONDAY + 6 * DAY)
        expired = identity.verify_token(session, token, MONDAY + 7 * DAY)
        unknown = identity.verify_token(session, token + "x", MONDAY)

    assert owner is not None
    assert owner.username == "mia"
    assert (expired, unknown) == (None, None)


def test_the_first_link_makes_the_first_administrator_once(engine: Engine) -> None:
    with writing(engine) as session:
        first = identity.make_setup_link(session, staff_id=None, now=MONDAY)
        second = identity.make_setup_link(session, staff_id=None, now=MONDAY)

    with writing(engine) as session:
        made = identity.use_setup_link(
            session, first, passphrase=PASSPHRASE, now=MONDAY, username="Ada", name="Ada Ring"
        )

    assert (made.role, made.username) == (StaffRole.ADMIN, "ada")
    for link in (first, second, "ukendt"):
        with pytest.raises(NotFoundError), writing(engine) as session:
            identity.use_setup_link(session, link, passphrase=PASSPHRASE, now=MONDAY, username="x2", name="X")


def test_a_link_expires_and_refuses_a_short_passphrase(engine: Engine, mia: Staff) -> None:
    with writing(engine) as session:
        link = identity.make_setup_link(session, staff_id=mia.id, now=MONDAY)

    with pytest.raises(InvalidInputError) as short, writing(engine) as session:
        identity.use_setup_link(session, link, passphrase="for kort", now=MONDAY)
    with pytest.raises(NotFoundError), writing(engine) as session:
        identity.use_setup_link(session, link, passphrase=PASSPHRASE, now=MONDAY + 24 * HOUR)

    assert "mindst 15" in short.value.problems["passphrase"]
