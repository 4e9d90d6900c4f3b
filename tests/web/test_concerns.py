"""Raising a concern on its page: nothing typed is lost, and the same form raises it once."""

from collections.abc import Iterator
from datetime import timedelta
from html import escape
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

from handlepligt import clock
from handlepligt.web.rendering import local_day, local_time
from models import AccessLogEntry, Case, Citizen
from models.session import reading
from protocols.library import Library, in_force, put_in_force
from protocols.loader import library, load_file
from tests.house import House
from tests.web.conftest import Browser, OpenBrowser

SUMMARY = "Hun er holdt hjemme fra skole.\nHun er bange 😟."


def form_of(browser: Browser, **changed: str) -> dict[str, Any]:
    page = browser.get("/bekymringer")
    usual = {
        "form_key": browser.field("form_key", page),
        "citizen_name": "Amira Opdigtet",
        "cpr": "120310-4234",
        "birth_date": "",
        "summary": SUMMARY,
        "citizen_notes": "",
        "received_at.date": browser.field("received_at.date", page),
        "received_at.time": browser.field("received_at.time", page),
        "track": "adviser_under_18",
        "fact.underretning_received": "yes",
    }
    return {**usual, **{name.replace("__", "."): value for name, value in changed.items()}}


def cases(engine: Engine) -> list[Case]:
    with reading(engine) as session:
        return list(session.exec(select(Case)))


def test_a_concern_is_raised_and_its_page_is_shown(open_browser: OpenBrowser, engine: Engine) -> None:
    browser = open_browser("mia")

    answer = browser.post("/bekymringer", **form_of(browser))

    case = cases(engine)[0]
    assert str(answer.url).endswith(f"/sager/{case.reference}?gemt=rejst")
    assert "Amira Opdigtet" in answer.text
    assert case.summary == SUMMARY
    assert case.facts == {"underretning_received": "yes"}


def test_the_same_form_sent_twice_raises_one_concern(open_browser: OpenBrowser, engine: Engine) -> None:
    browser = open_browser("mia")
    form = form_of(browser)

    first = browser.post("/bekymringer", follow=False, **form)
    second = browser.post("/bekymringer", follow=False, **form)

    assert first.headers["location"] == second.headers["location"]
    assert len(cases(engine)) == 1


def test_two_forms_with_the_same_words_are_two_concerns(open_browser: OpenBrowser, engine: Engine) -> None:
    browser = open_browser("mia")

    browser.post("/bekymringer", **form_of(browser))
    browser.post("/bekymringer", **form_of(browser))

    assert len(cases(engine)) == 2


TOMORROW = clock.now() + timedelta(days=1)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"citizen_name": ""}, "Feltet skal udfyldes."),
        ({"cpr": "310299-1234"}, "dato"),
        ({"cpr": "hej"}, "ti cifre"),
        ({"birth_date": "31-02-2010", "cpr": ""}, "dag, måned og år"),
        ({"summary": "a\x00b"}, "ikke kan gemmes"),
        ({"summary": "a\u202eb"}, "læseretningen"),
        ({"summary": "x" * 20_001}, "20001 tegn"),
        ({"received_at__date": local_day(TOMORROW)}, "fremtiden"),
        ({"received_at__date": "31-12-1999"}, "år 2000"),
        ({"received_at__date": "i går"}, "dag, måned og år"),
        ({"received_at__time": "99.99"}, "timer og minutter"),
        ({"track": "findes_ikke"}, "Vælg en på listen"),
        ({"track": "adviser_over_18"}, "passer ikke"),
    ],
)
def test_bad_input_is_said_beside_the_field_and_nothing_is_lost(
    open_browser: OpenBrowser, engine: Engine, changed: dict[str, str], sentence: str
) -> None:
    browser = open_browser("mia")
    form = form_of(browser, **changed)

    answer = browser.post("/bekymringer", **form)

    assert answer.status_code == 422
    assert answer.text.count(sentence) >= 2, "once beside the field and once in the summary"
    for name in ("citizen_name", "cpr", "birth_date", "received_at.date", "received_at.time"):
        assert escape(form[name]) in answer.text
    assert escape(form["summary"]).replace("\x00", "\ufffd")[:30] in answer.text.replace("\x00", "\ufffd")
    assert cases(engine) == []


def test_all_wrong_fields_are_said_at_once(open_browser: OpenBrowser, house: House) -> None:
    browser = open_browser("mia")

    answer = browser.post(
        "/bekymringer", **form_of(browser, citizen_name="", received_at__date="x", cpr="1", summary="")
    )

    for field in ("citizen_name", "received_at-date", "cpr", "summary"):
        assert f'href="#f-{field.removesuffix("-date")}"' in answer.text


def test_a_time_before_now_becomes_the_receipt(open_browser: OpenBrowser, engine: Engine) -> None:
    browser = open_browser("mia")
    earlier = clock.now() - timedelta(days=2)

    browser.post(
        "/bekymringer",
        **form_of(browser, received_at__date=local_day(earlier), received_at__time=local_time(earlier)),
    )

    assert abs(cases(engine)[0].received_at - earlier) < timedelta(minutes=1)


def test_the_protocol_follows_the_age(open_browser: OpenBrowser) -> None:
    browser = open_browser("mia")

    young = browser.post("/bekymringer/felter", birth_date="01-05-2012").text
    grown = browser.post("/bekymringer/felter", birth_date="01-05-1990").text

    assert "adviser_under_18" in young
    assert "adviser_over_18" in grown
    assert "underretning" in young
    assert "underretning" not in grown


@pytest.mark.parametrize("who", ["ada", "tine", "hanne"])
def test_whoever_raises_no_concerns_has_no_such_page(open_browser: OpenBrowser, who: str) -> None:
    browser = open_browser(who)

    assert browser.client.get("/bekymringer").status_code == 403
    assert 'href="/bekymringer"' not in browser.get("/")


def test_showing_the_raised_case_was_written_down(open_browser: OpenBrowser, engine: Engine) -> None:
    browser = open_browser("mia")

    browser.post("/bekymringer", **form_of(browser))

    with reading(engine) as session:
        looks = session.exec(select(func.count()).select_from(AccessLogEntry)).one()
        names = [citizen.name for citizen in session.exec(select(Citizen))]
    assert looks == 1
    assert names == ["Amira Opdigtet"]


@pytest.fixture
def everything(engine: Engine) -> Iterator[None]:
    """An invented protocol whose intake asks a fact of each type there is."""
    folder = Path(__file__).parents[1] / "protocols" / "invented"
    before = in_force()
    put_in_force(Library([*library().all(), load_file(folder / "proeveby_violence.yaml", thorough=False)]))
    yield
    put_in_force(before)


FACTS = {
    "fact.deed_on": "1/11 2026",
    "fact.known_on": "02-11-2026",
    "fact.weapon": "unknown",
    "fact.living": "shelter",
    "fact.told_by": "Skolen 😟",
}


def test_the_intake_asks_facts_of_every_type(
    open_browser: OpenBrowser, engine: Engine, everything: None
) -> None:
    browser = open_browser("mia")

    asked = browser.post("/bekymringer/felter", **form_of(browser, track="proeveby_violence"))
    answer = browser.post("/bekymringer", **form_of(browser, track="proeveby_violence"), **FACTS)

    assert 'name="fact.deed_on"' in asked.text
    assert 'name="fact.witness"' not in asked.text
    assert answer.status_code == 200
    assert "01-11-2026" in answer.text
    assert "På krisecenter" in answer.text
    [case] = cases(engine)
    assert case.facts == {
        "deed_on": "2026-11-01",
        "known_on": "2026-11-02",
        "living": "shelter",
        "told_by": "Skolen 😟",
    }


@pytest.mark.parametrize(
    ("fact", "typed"),
    [
        ("deed_on", "i går"),
        ("deed_on", "01-01-2099"),
        ("weapon", "maybe"),
        ("living", "igloo"),
        ("told_by", "x" * 501),
    ],
)
def test_a_fact_that_cannot_be_is_named_at_its_field(
    open_browser: OpenBrowser, engine: Engine, everything: None, fact: str, typed: str
) -> None:
    browser = open_browser("mia")
    form = form_of(browser, track="proeveby_violence") | FACTS | {f"fact.{fact}": typed}

    answer = browser.post("/bekymringer", **form)

    assert answer.status_code == 422
    assert f'id="f-fact-{fact}-error"' in answer.text
    assert "Skolen 😟" in answer.text or fact == "told_by"
    assert cases(engine) == []
