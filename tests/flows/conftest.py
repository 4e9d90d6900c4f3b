"""One real installation with one real Prefect server for all contract tests of the session."""

import os
import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.flows.installation import Installation


# Prefect looks for a folder of its own when it is imported: never the one of whoever runs the tests.
HOME = tempfile.TemporaryDirectory(prefix="handlepligt-prefect-")
os.environ |= {"PREFECT_HOME": HOME.name, "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1"}


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Installation]":
    """The installation with its server answering; no worker runs until a test asks for one."""
    # Prefect takes two seconds to import, which the other rooms' tests need not wait for.
    from tests.flows.installation import Installation

    made = Installation(tmp_path_factory.mktemp("installation"))
    made.server.start()
    try:
        assert made.server.wait_until_ready(90), made.server.log_path.read_text()
        yield made
    finally:
        made.rest()
        made.server.stop()
        made.engine.dispose()


@pytest.fixture(autouse=True)
def _keys_and_versions_of_the_installation(request: pytest.FixtureRequest) -> Iterator[None]:
    """Other tests install keys of their own in this process, and follow what their database publishes."""
    if "installation" not in request.fixturenames:
        yield
        return
    from handlepligt.cases.definitions import forget
    from models.sealing import install_keys

    install_keys(request.getfixturevalue("installation").keys)
    yield
    forget()
