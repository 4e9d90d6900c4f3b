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


def fall_asleep(engine: Engine) -> None:
    """Nobody has touched any browser for a quarter of an hour."""
    long_ago = clock.now() - timedelta(minutes=16)
    with writing(engine) as session:
        session.exec(update(LoginSession).values(last_seen_at=long_ago).where(col(LoginSession.id) != ""))


def test_an_idle_session_ends(open_browser: OpenBrowser, engine: Engine) -> None:
    browser = open_browser("mia")

    fall_asleep(engine)

    assert browser.client.get("/", follow_redirects=False).status_code == 303


def test_what_was_typed_when_the_session_ended_is_saved_after_a_new_log_in(
    open_browser: OpenBrowser, engine: Engine
) -> None:
    browser = open_browser("mia")
    typed = {"citizen_name": "Amira Opdigtet", "summary": "Linje 1\nLinje <2>", "track": "adviser_under_18"}
    fall_asleep(engine)

    asked = browser.client.post("/bekymringer", data={"csrf": browser.csrf, **typed})
    hidden = {f"resume.{name}": value for name, value in typed.items()}
    proof = {"username": "mia", "passphrase": PASSPHRASE, "resume_path": "/bekymringer"}
    resumed = browser.client.post("/log-ind", data={**proof, **hidden})
    token = browser.field("csrf", resumed.text)
    saved = browser.client.post("/bekymringer", data={"csrf": token, **typed})

    assert asked.status_code == 401
    assert "Linje 1\nLinje &lt;2&gt;" in asked.text
    assert 'action="/bekymringer"' in resumed.text
    assert "Linje 1\nLinje &lt;2&gt;" in resumed.text
    assert "Bekymringen er rejst" in saved.text


def test_what_one_person_typed_is_not_handed_to_the_next(open_browser: OpenBrowser, engine: Engine) -> None:
    browser = open_browser("mia")
    fall_asleep(engine)
    proof = {"username": "kim", "passphrase": PASSPHRASE, "resume_path": "/bekymringer"}

    answer = browser.client.post("/log-ind", data={**proof, "resume.summary": "Mias ord"})

    assert answer.status_code == 200
    assert "Mias ord" not in answer.text


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
