"""Every page opens for those it is for, in the frame that belongs around it."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from handlepligt import clock
from models import Heartbeat, InstallationFact
from models.session import writing
from tests.web.conftest import OpenBrowser

PAGES = {
    "mia": ["/", "/bekymringer", "/akut", "/indbakke", "/protokoller"],
    "frida": ["/", "/bekymringer", "/akut", "/indbakke", "/protokoller/professional/2026-1"],
    "lars": ["/", "/svartider", "/svartider?rapport=open_cases", "/systemtilstand", "/akut"],
    "karin": ["/", "/svartider", "/indbakke"],
    "hanne": ["/", "/svartider", "/systemtilstand"],
    "ada": ["/", "/systemtilstand", "/protokoller", "/indbakke"],
    "tine": ["/", "/protokoller"],
    "erik": ["/", "/protokoller/adviser_under_18/2026-1", "/protokoller/adviser_over_18/2026-1"],
    "selma": ["/", "/indbakke"],
}
HIDDEN = {
    "mia": ["/svartider", "/systemtilstand", "/protokoller/findes/2026-1", "/svartider?rapport=x"],
    "tine": ["/svartider", "/systemtilstand"],
}


@pytest.mark.parametrize("who", PAGES)
def test_the_pages_of_a_role_open_with_a_neutral_title(open_browser: OpenBrowser, who: str) -> None:
    browser = open_browser(who)

    for path in PAGES[who]:
        page = browser.get(path)
        assert "<title>Handlepligt</title>" in page, path
        assert 'class="skipnav" href="#main-content"' in page, path
        assert "style=" not in page, path
        assert "<script>" not in page, path


@pytest.mark.parametrize("who", HIDDEN)
def test_what_is_not_for_a_role_does_not_exist(open_browser: OpenBrowser, who: str) -> None:
    browser = open_browser(who)

    for path in HIDDEN[who]:
        assert browser.client.get(path).status_code == 404, path


def test_the_menu_leads_only_to_pages_that_open(open_browser: OpenBrowser) -> None:
    import re

    for who in PAGES:
        browser = open_browser(who)
        menu = re.search(r'<nav class="app-nav".*?</nav>', browser.get("/"), re.DOTALL)
        assert menu is not None
        for path in re.findall(r'href="([^"]+)"', menu[0]):
            browser.get(path)


def test_demo_data_is_said_on_every_page(open_browser: OpenBrowser, engine: Engine) -> None:
    browser = open_browser("mia")
    assert "DEMO" not in browser.get("/")

    with writing(engine) as session:
        session.add(InstallationFact(key="mode", value="demo"))

    assert all("DEMO" in browser.get(path) for path in PAGES["mia"])
    assert "DEMO" in open_browser().get("/log-ind")


@pytest.mark.parametrize(("minutes", "is_late"), [(4, False), (6, True), (None, True)])
def test_a_sweep_that_stands_still_is_said_on_every_page(
    open_browser: OpenBrowser, engine: Engine, minutes: int | None, is_late: bool
) -> None:
    if minutes is not None:
        with writing(engine) as session:
            session.add(Heartbeat(name="sweep", at=clock.now() - timedelta(minutes=minutes)))

    page = open_browser("mia").get("/indbakke")

    assert ("Påmindelser er gået i stå" in page) is is_late


@pytest.mark.parametrize(("minutes", "status"), [(1, 200), (6, 503)])
def test_readiness_follows_the_sweep(
    open_browser: OpenBrowser, engine: Engine, minutes: int, status: int
) -> None:
    with writing(engine) as session:
        session.add(Heartbeat(name="sweep", at=clock.now() - timedelta(minutes=minutes)))

    answer = open_browser().client.get("/readyz")

    assert answer.status_code == status
    assert answer.json()["migrations"]["is_head"]
    assert open_browser().client.get("/healthz").json() == {"status": "ok"}
