"""What the tests of the API share."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from handlepligt import clock as product_clock
from models.session import writing
from tests.house import House, make_house
from tests.web.api.calling import Api, Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ticking = Clock()
    monkeypatch.setattr(product_clock, "now", ticking.now)
    return ticking


@pytest.fixture
def api(sqlite_engine: Engine, clock: Clock, tmp_path: Path) -> Api:
    """The API on SQLite, with the usual people."""
    return _api(sqlite_engine, clock, tmp_path)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def api_on_both(request: pytest.FixtureRequest, clock: Clock, tmp_path: Path) -> Api:
    """The API once on SQLite and once on PostgreSQL."""
    # Asked for by name: the pages' tests, in the folder above, mean SQLite when they say engine.
    return _api(request.getfixturevalue(f"{request.param}_engine"), clock, tmp_path)


def _api(engine: Engine, clock: Clock, data: Path) -> Api:
    with writing(engine) as session:
        house: House = make_house(session)
    return Api(engine, house, clock, data)
