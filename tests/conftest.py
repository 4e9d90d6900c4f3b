"""What every room's tests may ask for: a real PostgreSQL and a real browser."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.chromium import ARGUMENTS, find_chromium
from tests.databases import (  # noqa: F401 - fixtures are found here by their names
    engine,
    house,
    keys,
    postgres_engine,
    shared_postgres_engine,
    sqlite_engine,
    sqlite_template,
    sqlite_url,
)
from tests.postgres_server import PostgresServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

MakeDatabase = Callable[..., str]
# A test that asks for one of these is marked by it, so that nobody has to remember the marker.
MARKED_BY_FIXTURE = {
    "postgres_server": "postgres",
    "postgres_url": "postgres",
    "fresh_postgres_url": "postgres",
    "make_postgres": "postgres",
    "postgres_engine": "postgres",
    "chromium_path": "browser",
    "browser": "browser",
    "page": "browser",
}
# What `make check` leaves to `make test`, so that it stays under a minute: each room still has fast tests
# of its rules below it (domain, cases), and the faces are tried whole.
LEFT_TO_MAKE_TEST = (
    "tests/web/",
    "tests/flows/",
    "tests/migrations/",
    "tests/cases/test_gates",
    "tests/cases/test_rights_are_asked_of_one_table.py",
    "tests/cases/test_two_browsers_at_once.py",
    "tests/notifications/test_dispatch_at_once.py",
    "tests/protocols/test_definitions_rounds.py",
    "tests/test_cli",
    "tests/test_postgres_server.py",
    "tests/test_installation.py",
)
# Each of these needs a costly process, so under xdist all of a kind run in one worker.
RUN_TOGETHER = ("browser", "prefect")


@pytest.fixture(autouse=True)
def _what_ships_is_in_force() -> Iterator[None]:
    """Each test has a database of its own: what one test's database says of versions ends with it."""
    yield
    # A test that never came near the cases is not made to load them.
    definitions = sys.modules.get("handlepligt.cases.definitions")
    if definitions is not None:
        definitions.forget()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(LEFT_TO_MAKE_TEST):
            item.add_marker(pytest.mark.slow)
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARKED_BY_FIXTURE:
                item.add_marker(MARKED_BY_FIXTURE[fixture])
        for marker in RUN_TOGETHER:
            if item.get_closest_marker(marker) and not item.get_closest_marker("xdist_group"):
                item.add_marker(pytest.mark.xdist_group(marker))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The throwaway server, started when the first test asks for it."""
    with PostgresServer() as server:
        yield server


@pytest.fixture
def make_postgres(postgres_server: PostgresServer) -> Iterator[MakeDatabase]:
    """A function that makes a fresh database and returns its address.

    `make_postgres(fill)` copies a template that `fill(url)` prepared once in the session, say by migrating.
    """
    made: list[str] = []

    def make(fill: Callable[[str], None] | None = None) -> str:
        made.append(postgres_server.create_database(fill))
        return made[-1]

    yield make
    for url in made:
        postgres_server.drop_database(url)


@pytest.fixture(scope="session")
def postgres_url(postgres_server: PostgresServer) -> str:
    """The address of one database that is empty at first and shared by all tests of the session."""
    return postgres_server.create_database()


@pytest.fixture
def fresh_postgres_url(make_postgres: MakeDatabase) -> str:
    """The address of an empty PostgreSQL database of this test's own."""
    return make_postgres()


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """The program to drive; without it the test fails, for a page nobody looked at is not known to work."""
    path = find_chromium()
    if path is None:
        pytest.fail("No Chromium found: run `make test`, or install Debian's package chromium.")
    return path


@pytest.fixture(scope="module")
def browser(chromium_path: Path) -> "Iterator[Browser]":
    """One Chromium for the module: while it runs, so does an event loop, in which no other can be started."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """An empty page in a profile of its own, as a Danish member of staff would have it."""
    context = browser.new_context(locale="da-DK", timezone_id="Europe/Copenhagen")
    yield context.new_page()
    context.close()
