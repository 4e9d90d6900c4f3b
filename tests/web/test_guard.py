"""What stands around every request holds for every page."""

import re
import sqlite3
from contextlib import closing

import pytest

from models.session import make_engine
from tests.web.conftest import OpenBrowser

TEN_MEGABYTES = 10_000_000


@pytest.mark.parametrize("path", ["/log-ind", "/healthz", "/findes-ikke", "/api/v1/cases"])
def test_every_answer_carries_the_headers(open_browser: OpenBrowser, path: str) -> None:
    answer = open_browser().client.get(path)

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"


def test_static_files_are_kept_for_a_year_under_the_name_of_their_content(open_browser: OpenBrowser) -> None:
    browser = open_browser()
    addresses = re.findall(r'"(/static/[^"]+)"', browser.client.get("/log-ind").text)

    answers = [browser.client.get(address) for address in addresses]

    assert len(answers) >= 4
    assert all(answer.status_code == 200 for answer in answers)
    assert all("immutable" in answer.headers["cache-control"] for answer in answers)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://ond.example"},
        {"Sec-Fetch-Site": "same-site", "Origin": "null"},
        {"Sec-Fetch-Site": "", "Origin": "https://ond.example"},
    ],
)
def test_a_form_from_another_site_is_refused(open_browser: OpenBrowser, headers: dict[str, str]) -> None:
    browser = open_browser("mia")

    answer = browser.client.post("/log-ud", data={"csrf": browser.csrf}, headers=headers)

    assert answer.status_code == 403
    assert browser.client.get("/", follow_redirects=False).status_code == 200


@pytest.mark.parametrize("token", ["", "x", "\x00", "æ" * 50])
def test_a_form_without_the_token_of_its_session_is_refused(open_browser: OpenBrowser, token: str) -> None:
    browser = open_browser("mia")

    answer = browser.client.post("/log-ud", data={"csrf": token})

    assert answer.status_code == 403
    assert "Hent siden igen" in answer.text


@pytest.mark.parametrize("chunked", [False, True])
def test_ten_megabytes_get_a_danish_page_and_no_more(open_browser: OpenBrowser, chunked: bool) -> None:
    browser = open_browser("mia")
    body = b"csrf=" + b"x" * TEN_MEGABYTES
    kind = {"Content-Type": "application/x-www-form-urlencoded"}

    answer = browser.client.post("/bekymringer", content=iter([body]) if chunked else body, headers=kind)

    assert answer.status_code == 413
    assert "Forkort den, og send igen" in answer.text


def test_a_broken_form_is_refused_in_danish(open_browser: OpenBrowser) -> None:
    browser = open_browser("mia")
    kind = {"Content-Type": "multipart/form-data; boundary=x"}

    answer = browser.client.post("/bekymringer", content="--x\r\nvrøvl".encode(), headers=kind)

    assert answer.status_code in (400, 403)
    assert "Handlepligt" in answer.text


def test_a_locked_database_is_said_calmly_and_saves_nothing(
    sqlite_url: str, open_browser: OpenBrowser
) -> None:
    browser = open_browser("mia")
    browser.client.app.state.engine = make_engine(sqlite_url, busy_seconds=0.05)

    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = browser.post("/bekymringer", citizen_name="Amira", summary="Noget.")

    assert answer.status_code == 503
    assert "Intet er gemt" in answer.text


def test_the_page_of_an_unforeseen_error_says_a_number_and_logs_no_text(
    open_browser: OpenBrowser, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    browser = open_browser("mia")

    def broken(*_args: object, **_more: object) -> None:
        raise RuntimeError("Amira Opdigtet 120310-4234")

    monkeypatch.setattr("handlepligt.web.pages.front.desk_of", broken)
    answer = browser.client.get("/")

    assert answer.status_code == 500
    incident = re.search(r"<strong>([0-9a-f]{8})</strong>", answer.text)
    assert incident is not None
    assert incident[1] in caplog.text
    assert "Amira" not in caplog.text + answer.text
    assert "default-src" in answer.headers["content-security-policy"]
