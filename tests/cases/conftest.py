"""What the tests of the verbs share."""

import pytest
from sqlalchemy import Engine

from tests.cases.acting import Stage
from tests.house import House


@pytest.fixture
def stage(engine: Engine, house: House) -> Stage:
    """The usual people on Monday morning, on either database."""
    return Stage(engine, house)
