"""What the tests of the verbs share."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from models import Case
from tests.cases.acting import Stage
from tests.cases.clockwork import clockwork_in_force
from tests.cases.family import family_in_force
from tests.house import House


@pytest.fixture
def stage(engine: Engine, house: House) -> Stage:
    """The usual people on Monday morning, on either database."""
    return Stage(engine, house)


@pytest.fixture
def family_case(stage: Stage) -> Iterator[Case]:
    """A case of Mia's on the invented protocol of tests/cases/family.py, nothing done yet."""
    with family_in_force():
        yield stage.raised(track="family")


@pytest.fixture
def talked_case(stage: Stage, family_case: Case) -> Case:
    """The same once they have talked, and are not worried."""
    stage.complete(family_case, "talk", by=stage.house.mia, worried="no")
    return family_case


@pytest.fixture
def clockwork_case(stage: Stage) -> Iterator[Case]:
    """A case of Mia's on the invented protocol of tests/cases/clockwork.py, nothing done yet."""
    with clockwork_in_force():
        yield stage.raised(track="clockwork")
