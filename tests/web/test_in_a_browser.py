"""The pages in a real Chromium: by keyboard alone, with the scripts, and on a telephone."""

import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import uvicorn
from sqlalchemy import Engine

from handlepligt import clock
from handlepligt.cases.link_person import link_person
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.settings import Settings
from handlepligt.web.app import create_app
from models import Case
from models.session import writing
from tests.cases.acting import Stage
from tests.house import House
from tests.running_product import free_ports
from tests.web.conftest import PASSPHRASE

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def address(engine: Engine, house: House) -> Iterator[str]:
    """A server of this test's own on loopback."""
    [port] = free_ports(1)
    config = uvicorn.Config(create_app(Settings(port=port), engine), port=port, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def case(engine: Engine, house: House) -> Case:
    with writing(engine) as session:
        return raise_concern(
            session,
            by=house.mia,
            now=clock.now() - timedelta(hours=2),
            citizen_name="Amira Opdigtet",
            birth_date=date(2011, 3, 12),
            summary="Hun er holdt hjemme.",
        )


@pytest.fixture
def complaints(page: "Page") -> list[str]:
    """What the browser complains of: errors of scripts, and what the content policy stopped."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on(
        "console",
        lambda message: said.append(message.text) if "Content Security" in message.text else None,
    )
    return said


def log_in(page: "Page", address: str, to: str = "/") -> None:
    page.goto(f"{address}/log-ind?til={to}")
    page.fill("#f-username", "mia")
    page.fill("#f-passphrase", PASSPHRASE)
    page.keyboard.press("Enter")
    page.wait_for_selector(".app-user")


def unfold(page: "Page", step: str) -> None:
    """Opens the form of a step that is not the most pressing one."""
    page.locator(f"#trin-{step} summary", has_text="Udfyld trinnet").click()


def tab_to(page: "Page", words: str) -> None:
    """Presses Tab until what has the focus says `words`."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.innerText || document.activeElement.id || ''"):
            return
    pytest.fail(f"the keyboard never reaches {words!r}")


def test_a_concern_can_be_raised_by_keyboard_alone(page: "Page", address: str, complaints: list[str]) -> None:
    log_in(page, address, "/bekymringer")
    tab_to(page, "f-citizen_name")
    page.keyboard.type("Amira Opdigtet")
    tab_to(page, "f-summary")
    page.keyboard.type("Hun er bange.")
    tab_to(page, "Rejs bekymringen")
    page.keyboard.press("Enter")

    page.wait_for_selector("text=Bekymringen er rejst")
    assert "Amira Opdigtet" in page.inner_text("main")
    assert complaints == []


def test_the_first_stop_of_the_keyboard_leads_past_the_menu(page: "Page", address: str) -> None:
    log_in(page, address)
    page.goto(address)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skipnav"
    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "main-content"


def test_escape_twice_blanks_the_screen_and_nothing_can_be_read(
    page: "Page", address: str, case: Case
) -> None:
    log_in(page, address, f"/sager/{case.reference}")

    page.keyboard.press("Escape")
    assert page.is_hidden("#blank")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")

    assert page.is_visible("#blank")
    assert page.evaluate("document.querySelector('main').inert")
    page.keyboard.press("Enter")
    assert page.is_hidden("#blank")


def test_a_question_appears_when_an_answer_calls_for_it(
    page: "Page", address: str, case: Case, house: House, complaints: list[str]
) -> None:
    log_in(page, address, f"/sager/{case.reference}")
    unfold(page, "discuss")
    assert page.is_hidden("#g-f-q-bypass_reason")
    page.fill("#f-q-discussion_note", "Det, jeg har skrevet.")

    page.select_option("#f-q-discussed_with", f"head:{house.hanne.id}")
    page.wait_for_selector("#g-f-q-bypass_reason", state="visible")

    assert page.input_value("#f-q-discussion_note") == "Det, jeg har skrevet."
    assert page.input_value("#f-q-discussed_with") == f"head:{house.hanne.id}"
    assert complaints == []


def test_without_scripts_every_question_is_there_with_its_condition(
    page: "Page", address: str, case: Case
) -> None:
    browser = page.context.browser
    assert browser is not None
    context = browser.new_context(java_script_enabled=False)
    bare = context.new_page()
    log_in(bare, address, f"/sager/{case.reference}")
    unfold(bare, "discuss")

    asked = bare.inner_text("#g-f-q-general_advice_note")

    assert "Hvilke generelle råd fik I?" in asked
    assert "Kun hvis du har valgt noget under" in asked
    context.close()


@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(page: "Page", address: str, case: Case, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, address)

    for path in (
        "/",
        "/bekymringer",
        f"/sager/{case.reference}",
        f"/sager/{case.reference}/akut",
        "/indbakke",
    ):
        page.goto(address + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_acute_button_stays_in_sight(page: "Page", address: str, case: Case) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    log_in(page, address, f"/sager/{case.reference}")

    page.evaluate("window.scrollTo(0, document.body.scrollHeight / 2)")
    box = page.locator(".app-acutebox button").bounding_box()

    assert box is not None
    assert 0 <= box["y"] < 120


def test_an_item_is_ticked_by_keyboard_and_what_is_typed_stays(
    page: "Page", address: str, family_case: Case, complaints: list[str]
) -> None:
    log_in(page, address, f"/sager/{family_case.reference}")
    unfold(page, "pack")
    page.check("#trin-pack input[name='q.packed'][value='yes']")
    page.focus("#trin-pack .app-tick")

    page.keyboard.press("Enter")
    page.wait_for_selector("#trin-pack .app-tick[aria-pressed='true']")

    assert "Hakket er gemt." in page.inner_text("main")
    assert page.is_visible("#trin-pack .app-tick")
    assert page.is_checked("#trin-pack input[name='q.packed'][value='yes']")
    assert complaints == []


def test_enter_in_a_form_with_a_checklist_saves_the_step_and_ticks_nothing(
    page: "Page", address: str, family_case: Case, stage: Stage
) -> None:
    log_in(page, address, f"/sager/{family_case.reference}")
    unfold(page, "pack")
    page.check("#trin-pack input[name='q.packed'][value='yes']")

    page.keyboard.press("Enter")
    page.wait_for_selector("#problems")

    # The step itself was sent, and its required item is not ticked.
    assert "Pas og papirer" in page.inner_text("#problems")
    assert "item_ticked" not in stage.kinds(family_case)


def test_a_person_is_linked_by_keyboard_alone(
    page: "Page", address: str, family_case: Case, complaints: list[str]
) -> None:
    log_in(page, address, f"/sager/{family_case.reference}")
    tab_to(page, "Tilknyt en person")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.wait_for_selector("#g-f-link-fact-in_danger", state="visible")
    tab_to(page, "f-link-name")
    page.keyboard.type("Samir Opdigtet")
    tab_to(page, "Tilknyt")
    page.keyboard.press("Enter")

    page.wait_for_selector("text=Personen er tilknyttet sagen.")
    assert "Samir Opdigtet" in page.inner_text("main")
    assert complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_that_unfolds_is_wider_than_the_screen(
    page: "Page", address: str, family_case: Case, stage: Stage, width: int
) -> None:
    given = {"relation": "sibling", "name": "Samir Opdigtet " * 6}
    stage.do(link_person, by=stage.house.mia, case_id=family_case.id, **given)
    page.set_viewport_size({"width": width, "height": 800})
    log_in(page, address, f"/sager/{family_case.reference}")

    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
