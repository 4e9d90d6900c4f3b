"""Log-in and log-out as a browser meets them."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, update
from sqlmodel import col
from starlette.testclient import TestClient

from handlepligt import clock, identity
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.settings import Settings
from handlepligt.web.app import create_app
from models import LoginSession, Staff
from models.session import writing
from tests.house import House
from tests.web.conftest import OWN_SITE, PASSPHRASE, OpenBrowser


def test_nobody_sees_a_page_without_logging_in(open_browser: OpenBrowser) -> None:
    browser = open_browser()

    for path in ("/", "/sager/2026-000001", "/indbakke", "/svartider", "/overdragelser/x", "/akut"):
        answer = browser.client.get(path, follow_redirects=False)
        assert answer.status_code == 303, path
        assert answer.headers["location"].startswith("/log-ind"), path


def test_the_unknown_user_and_the_wrong_passphrase_get_the_same_page(open_browser: OpenBrowser) -> None:
    browser = open_browser()

    unknown = browser.client.post("/log-ind", data={"username": "findes", "passphrase": PASSPHRASE})
    wrong = browser.client.post("/log-ind", data={"username": "findes", "passphrase": "noget andet"})
    known = browser.client.post("/log-ind", data={"username": "mia", "passphrase": "noget andet"})

    assert unknown.status_code == wrong.status_code == known.status_code == 401
    assert unknown.text == known.text.replace('value="mia"', 'value="findes"')


def test_logging_in_gives_a_new_session_each_time_and_ends_the_old(open_browser: OpenBrowser) -> None:
    browser = open_browser("mia")
    old = browser.client.cookies["handlepligt"]

    browser.log_in("mia")

    new = browser.client.cookies["handlepligt"]
    assert new != old
    stolen = open_browser()
    stolen.client.cookies.set("handlepligt", old)
    assert stolen.client.get("/", follow_redirects=False).status_code == 303


def test_logging_out_clears_the_browser_and_ends_the_session(open_browser: OpenBrowser) -> None:
    browser = open_browser("mia")
    secret = browser.client.cookies["handlepligt"]

    answer = browser.post("/log-ud", follow=False)

    assert "cookies" in answer.headers["clear-site-data"]
    again = open_browser()
    again.client.cookies.set("handlepligt", secret)
    assert again.client.get("/", follow_redirects=False).status_code == 303


def test_an_idle_session_ends(open_browser: OpenBrowser, engine: Engine) -> None:
    browser = open_browser("mia")
    long_ago = clock.now() - timedelta(minutes=16)

    with writing(engine) as session:
        session.exec(update(LoginSession).values(last_seen_at=long_ago).where(col(LoginSession.id) != ""))

    assert browser.client.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("to", ["//ond.example/", "https://ond.example/", "/\\ond.example", "javascript:x"])
def test_the_log_in_never_leads_to_another_site(open_browser: OpenBrowser, to: str) -> None:
    browser = open_browser()

    answer = browser.client.post(
        "/log-ind", data={"username": "mia", "passphrase": PASSPHRASE, "to": to}, follow_redirects=False
    )

    assert answer.headers["location"] == "/"


def test_the_first_administrator_is_made_behind_the_link(engine: Engine, open_browser: OpenBrowser) -> None:
    with writing(engine) as session:
        session.exec(update(Staff).values(password_hash="").where(col(Staff.role) == StaffRole.ADMIN))
        link = identity.make_setup_link(session, staff_id=None, now=clock.now())
    browser = open_browser()
    typed = {"username": "chef2", "name": "Åse Ørsted", "passphrase": PASSPHRASE}

    differing = browser.client.post(f"/opsaetning/{link}", data={**typed, "again": "noget andet her"})
    made = browser.client.post(f"/opsaetning/{link}", data={**typed, "again": PASSPHRASE})
    used = browser.client.get(f"/opsaetning/{link}")

    assert differing.status_code == 422
    assert 'value="Åse Ørsted"' in differing.text
    assert "administrator" in made.text
    assert used.status_code == 404


def test_over_https_the_cookie_is_bound_to_the_host(engine: Engine, house: House) -> None:
    app = create_app(Settings(public_url="https://hp.kommunen.example"), engine)
    with TestClient(app, base_url="https://hp.kommunen.example", headers=OWN_SITE) as client:
        answer = client.post(
            "/log-ind", data={"username": "mia", "passphrase": PASSPHRASE}, follow_redirects=False
        )

    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-handlepligt=")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=strict"} <= set(cookie.split("; "))
    assert "max-age" in answer.headers["strict-transport-security"]
