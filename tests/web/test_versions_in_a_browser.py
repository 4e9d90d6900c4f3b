"""A version from draft to a moved case and back, in a real Chromium and by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlepligt import clock
from handlepligt.cases.definitions import forget
from handlepligt.domain.vocabulary import StaffRole
from models import Case, ProtocolVersion
from models.session import writing
from tests.house import House
from tests.make import HOUR, make_staff
from tests.protocol_versions.publishing import CHANGES, CONTACTS, LADDERS, WORRIED, Office, text
from tests.web.conftest import HASHED, PASSPHRASE
from tests.web.test_in_a_browser import address as address
from tests.web.test_in_a_browser import complaints as complaints
from tests.web.test_in_a_browser import tab_to

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (1280, 390)
NEWER = (
    *CHANGES,
    ("title: Lille forløb", "title: Lille forløb med opkald"),
)


@pytest.fixture(autouse=True)
def _own_library() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.fixture
def office(engine: Engine, house: House) -> Office:
    """The first version of the small protocol is published; Erik and Edel write and publish the next."""
    with writing(engine) as session:
        make_staff(session, name="Edel Bro", role=StaffRole.PROTOCOL_EDITOR).password_hash = HASHED
    made = Office(engine, house, edel=False)
    made.now = clock.now() - 3 * HOUR
    made.published()
    return made


@pytest.fixture
def visiting(office: Office) -> Case:
    """Mia's case: they have talked together and the visit is open, which the next version does not know."""
    case = office.raised(track="small")
    office.complete(case, "talk", by=office.house.mia, **WORRIED)
    return case


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_bytes(text(*NEWER))
    (tmp_path / "wrong.yaml").write_bytes(text(*NEWER, ("holder: true", "holder: tru")))
    (tmp_path / "contacts.yaml").write_text(CONTACTS, "utf-8")
    (tmp_path / "ladders.yaml").write_text(LADDERS, "utf-8")
    (tmp_path / "empty.yaml").write_bytes(b"")
    (tmp_path / "large.yaml").write_bytes(b"# A line that says nothing.\n" * 400_000)
    (tmp_path / "report.pdf").write_bytes(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n" * 99)
    return tmp_path


def at(page: "Page", address: str, who: str, to: str, width: int) -> "Page":
    """The page of somebody else in a session of their own, on a screen of that width."""
    browser: Browser | None = page.context.browser
    assert browser is not None
    own = browser.new_context(viewport={"width": width, "height": 900}, locale="da-DK").new_page()
    own.goto(f"{address}/log-ind?til={to}")
    own.fill("#f-username", who)
    own.fill("#f-passphrase", PASSPHRASE)
    own.keyboard.press("Enter")
    own.wait_for_selector(".app-user")
    return own


def press(page: "Page", words: str) -> None:
    tab_to(page, words)
    page.keyboard.press("Enter")


def look(page: "Page", name: str, width: int) -> None:
    """No part of the page is wider than the screen."""
    assert page.evaluate("document.documentElement.scrollWidth") <= width, name


@pytest.mark.parametrize("width", WIDTHS)
def test_from_draft_to_a_moved_case_and_back_by_keyboard_alone(
    page: "Page", address: str, office: Office, visiting: Case, files: Path, width: int
) -> None:
    erik = at(page, address, "erik", "/protokolversioner", width)
    look(erik, "list", width)
    hand_in(erik, files, "wrong.yaml")
    erik.wait_for_selector("#problems")
    look(erik, "problems", width)
    assert "Intet er gemt" in erik.inner_text("#problems")
    hand_in(erik, files, "small.yaml")
    erik.wait_for_selector("text=Kladden er gemt")
    look(erik, "draft", width)
    assert "Udgiv versionen" not in erik.inner_text("main")

    edel = at(page, address, "edel", "/protokolversioner", width)
    press(edel, "2026-2")
    edel.wait_for_selector("text=Ændret siden version 2026-1")
    look(edel, "read", width)
    press(edel, "Udgiv versionen")
    edel.wait_for_selector("text=Versionen er udgivet")
    look(edel, "published", width)
    press(edel, "Flyt åbne sager")
    edel.wait_for_selector("text=Hvilke sager?")
    tab_to(edel, "sag-1")
    edel.keyboard.press("Space")
    press(edel, f"Se, hvad der sker i {visiting.reference}")
    look(edel, "choose", width)
    tab_to(edel, "f-reason")
    edel.keyboard.type("Besøg er nu opkald.")
    press(edel, "Foreslå flytning")
    edel.wait_for_selector("text=1 flytning er foreslået")
    look(edel, "proposed", width)

    lars = at(page, address, "lars", f"/flytninger/{visiting.reference}", width)
    look(lars, "approve", width)
    press(lars, "Godkend flytningen")
    lars.wait_for_selector("text=Sagen er flyttet")
    look(lars, "moved", width)
    press(lars, "Fortryd flytningen")
    lars.wait_for_selector("text=Flytningen er fortrudt")
    look(lars, "undone", width)
    assert office.open_steps(visiting) == ["visit"]


def hand_in(page: "Page", files: Path, name: str) -> None:
    """The dialog for files is the system's own; all else is the keyboard's."""
    page.set_input_files("#f-definition", files / name)
    page.focus("#f-definition")
    press(page, "Egne kontakter")
    page.set_input_files("#f-contacts", files / "contacts.yaml")
    page.set_input_files("#f-ladders", files / "ladders.yaml")
    press(page, "Kontrollér og gem kladden")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("empty.yaml", "Filen er tom"),
        ("large.yaml", "Filen er for stor"),
        ("report.pdf", "Filen er ikke en tekst"),
    ],
)
@pytest.mark.parametrize("width", WIDTHS)
def test_a_wrong_file_is_refused_calmly(
    page: "Page", address: str, office: Office, files: Path, name: str, told: str, width: int
) -> None:
    erik = at(page, address, "erik", "/protokolversioner", width)
    erik.set_input_files("#f-definition", files / name)
    erik.focus("#f-definition")

    press(erik, "Kontrollér og gem kladden")
    erik.wait_for_selector(f"text={told}")

    look(erik, name, width)
    assert [row.version for row in office.rows(select(ProtocolVersion)) if row.key == "small"] == ["2026-1"]


def test_a_second_click_publishes_once_and_a_late_one_is_told_where_it_stands(
    page: "Page", address: str, office: Office
) -> None:
    row = office.drafted(*NEWER)
    path = f"/protokolversioner/{row.id}"
    first, late = at(page, address, "edel", path, 1280), at(page, address, "edel", path, 390)

    first.locator("button", has_text="Udgiv versionen").dblclick()
    first.wait_for_selector("text=Versionen er udgivet")
    press(late, "Udgiv versionen")
    late.wait_for_selector("#problems")

    assert "står ikke længere, som da du åbnede siden" in late.inner_text("#problems")
    assert "nye sager følger den" in late.inner_text("main")
    assert "Udgiv versionen" not in late.inner_text("main")
    look(late, "late", 390)


def test_a_leader_who_proposes_cannot_approve_and_is_told_who_can(
    page: "Page", address: str, office: Office, visiting: Case
) -> None:
    office.published(*NEWER)
    lars = at(page, address, "lars", f"/flytninger/{visiting.reference}", 390)
    press(lars, "Se, hvad der sker")
    lars.wait_for_selector("text=Hvad version 2026-2 gør ved sagen")
    look(lars, "alone", 390)
    tab_to(lars, "f-reason")
    lars.keyboard.type("Besøg er nu opkald.")
    press(lars, "Foreslå flytning")
    lars.wait_for_selector("text=Flytningen er foreslået")

    assert "En anden leder for sagen skal godkende den" in lars.inner_text("main")
    assert "Godkend flytningen" not in lars.inner_text("main")
    look(lars, "own", 390)
    press(lars, "Træk forslaget tilbage")
    lars.wait_for_selector("text=Forslaget er taget af bordet")


@pytest.mark.parametrize("width", WIDTHS)
def test_where_there_is_nothing_yet_it_is_said(
    page: "Page", address: str, office: Office, house: House, width: int
) -> None:
    case = office.raised(track="small")
    erik = at(page, address, "erik", f"/flytninger/{case.reference}", width)
    look(erik, "no-other", width)
    assert "Der er ingen anden udgivet version at flytte til" in erik.inner_text("main")

    erik.goto(f"{address}/flytninger?arbejdsgang=small&til=2026-1")
    look(erik, "no-cases", width)

    assert "Ingen af de åbne sager" in erik.inner_text("main")
