"""A browser without a screen: the web face over a database of the test's own."""

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from html import unescape

import pytest
from sqlalchemy import Engine
from starlette.testclient import TestClient

from handlepligt import clock, identity
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.settings import Settings
from handlepligt.web.app import create_app
from models import Case, Staff
from models.session import writing
from tests.cases.acting import Stage
from tests.cases.family import family_in_force
from tests.house import House, make_house

ADDRESS = "http://127.0.0.1:8080"
PASSPHRASE = "korrekt hest batteri hæfteklamme"
# One costly hash serves everybody.
HASHED = identity.hash_passphrase(PASSPHRASE)
# What a browser says of a form on our own page.
OWN_SITE = {"Sec-Fetch-Site": "same-origin", "Origin": "null"}


class Browser:
    """A client that fills the token of its session into every form."""

    def __init__(self, client: TestClient) -> None:
        self.client = client
        self.csrf = ""

    def log_in(self, username: str, passphrase: str = PASSPHRASE) -> None:
        answer = self.client.post("/log-ind", data={"username": username, "passphrase": passphrase})
        assert answer.status_code == 200, answer.text
        self.csrf = self.field("csrf", self.get("/"))

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def post(self, path: str, **data: object):
        follow = data.pop("follow", True)
        return self.client.post(path, data={"csrf": self.csrf, **data}, follow_redirects=bool(follow))

    @staticmethod
    def field(name: str, page: str) -> str:
        found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
        assert found is not None, name
        return unescape(found[1])


OpenBrowser = Callable[..., Browser]


@pytest.fixture
def engine(sqlite_engine: Engine) -> Engine:
    """The pages are the same on both databases; the queries are tested on both in their own rooms."""
    return sqlite_engine


@pytest.fixture
def house(engine: Engine) -> House:
    with writing(engine) as session:
        house = make_house(session)
        for person in vars(house).values():
            if isinstance(person, Staff):
                person.password_hash = HASHED
        return house


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def open_browser(engine: Engine, house: House, settings: Settings) -> Iterator[OpenBrowser]:
    """`open_browser("mia")` is a browser in which Mia is logged in; without a name nobody is."""
    app = create_app(settings, engine)
    opened: list[TestClient] = []

    def open_one(username: str = "") -> Browser:
        client = TestClient(app, base_url=ADDRESS, headers=OWN_SITE)
        opened.append(client)
        browser = Browser(client)
        if username:
            browser.log_in(username)
        return browser

    yield open_one
    for client in opened:
        client.close()


@pytest.fixture
def now() -> datetime:
    return clock.now()


@pytest.fixture
def case(engine: Engine, house: House) -> Case:
    """Mia's case, raised two hours ago."""
    with writing(engine) as session:
        return raise_concern(
            session,
            by=house.mia,
            now=clock.now() - timedelta(hours=2),
            citizen_name="Amira Opdigtet",
            birth_date=date(2011, 3, 12),
            summary="Hun er holdt hjemme.",
            facts={"underretning_received": "yes"},
        )


@pytest.fixture
def stage(engine: Engine, house: House) -> Stage:
    """The same people and database, for what has happened before the page is opened."""
    made = Stage(engine, house)
    made.now = clock.now() - timedelta(hours=2)
    return made


@pytest.fixture
def family_case(stage: Stage) -> Iterator[Case]:
    """Mia's case on the invented protocol of tests/cases/family.py, after they have talked."""
    with family_in_force():
        case = stage.raised(track="family")
        stage.complete(case, "talk", by=stage.house.mia, worried="no")
        yield case
