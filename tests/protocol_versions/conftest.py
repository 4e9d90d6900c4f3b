"""What the tests of versions share: the people, and a library that ends with the test."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from handlepligt.cases.definitions import forget
from tests.house import House
from tests.protocol_versions.publishing import Office


@pytest.fixture(autouse=True)
def _own_library() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.fixture
def office(engine: Engine, house: House) -> Office:
    """The usual people on Monday morning, on either database, with two who write protocols."""
    return Office(engine, house)
