"""Instants are stored and read as aware UTC to the microsecond, and ids say nothing."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.exc import StatementError

from models import Heartbeat, new_id
from models.session import reading, writing
from tests.make import MONDAY

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def stored(engine: Engine, at: datetime) -> datetime:
    with writing(engine) as session:
        session.add(Heartbeat(name="sweep", at=at))
    with reading(engine) as session:
        return session.get_one(Heartbeat, "sweep").at


@pytest.mark.parametrize(
    "at",
    [
        MONDAY,
        MONDAY + timedelta(microseconds=1),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
)
def test_an_instant_comes_back_to_the_microsecond(engine: Engine, at: datetime) -> None:
    assert stored(engine, at) == at


@pytest.mark.parametrize(
    "at",
    [
        MONDAY.astimezone(COPENHAGEN),
        MONDAY.astimezone(timezone(timedelta(hours=-9, minutes=-30))),
        # The hour that comes twice, the second time: 02.30 winter time.
        datetime(2026, 10, 25, 2, 30, tzinfo=COPENHAGEN, fold=1),
    ],
    ids=["Denmark", "half an hour", "autumn night"],
)
def test_an_instant_comes_back_in_utc_whatever_zone_it_was_told_in(engine: Engine, at: datetime) -> None:
    found = stored(engine, at)

    assert found == at.astimezone(UTC)
    assert found.tzinfo is UTC


def test_a_naive_time_is_refused(engine: Engine) -> None:
    with pytest.raises((StatementError, ValueError), match=r"naive|timezone"):
        stored(engine, MONDAY.replace(tzinfo=None))


def test_a_naive_time_is_refused_in_a_question_too(engine: Engine) -> None:
    naive = MONDAY.replace(tzinfo=None)

    with pytest.raises(StatementError, match="naive"), reading(engine) as session:
        session.execute(select(Heartbeat.name).where(Heartbeat.at < naive))


def test_the_database_orders_instants_as_they_happened(engine: Engine) -> None:
    moments = [MONDAY + timedelta(microseconds=shift) for shift in (0, 1, 10, 999_999, 1_000_000)]
    with writing(engine) as session:
        session.add_all(Heartbeat(name=f"{n}", at=at) for n, at in enumerate(reversed(moments)))

    with reading(engine) as session:
        found = session.scalars(select(Heartbeat.at).order_by(Heartbeat.at)).all()  # type: ignore[arg-type]
        assert list(found) == moments


def test_ids_are_hexadecimal_and_never_the_same() -> None:
    ids = {new_id() for _ in range(1000)}

    assert len(ids) == 1000
    assert all(len(one) == 32 and int(one, 16) >= 0 for one in ids)
