"""The pages about versions and moves, as those see them who write protocols and those who lead cases."""

import re
from collections.abc import Iterator
from html import unescape

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlepligt.cases.definitions import forget
from handlepligt.domain.vocabulary import StaffRole
from models import Case, CaseMigration, ProtocolVersion
from models.session import reading, writing
from protocols.loader import DEFINITIONS
from tests.house import House
from tests.make import HOUR, make_staff
from tests.protocol_versions.publishing import WORRIED, Office
from tests.web.conftest import HASHED, Browser, OpenBrowser

NAME = "adviser_under_18.yaml"
WRITTEN = (DEFINITIONS / NAME).read_text("utf-8")
OLD = next(iter(re.findall(r'^  version: "([0-9-]+)"', WRITTEN, re.MULTILINE)))
NEW = "2031-1"


def newer(*changes: tuple[str, str]) -> bytes:
    text = WRITTEN.replace(f'version: "{OLD}"', f'version: "{NEW}"', 1)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text.encode()


@pytest.fixture(autouse=True)
def _own_library() -> Iterator[None]:
    forget()
    yield
    forget()


@pytest.fixture
def edel(engine: Engine, house: House) -> None:
    """Edel, a second person who writes protocols."""
    with writing(engine) as session:
        staff = make_staff(session, name="Edel Bro", role=StaffRole.PROTOCOL_EDITOR)
        staff.password_hash = HASHED


@pytest.fixture
def erik(open_browser: OpenBrowser, edel: None) -> Browser:
    return open_browser("erik")


def hand_in(browser: Browser, content: bytes, name: str = NAME, **more: bytes):
    files = {"definition": (name, content)} | {key: (f"{key}.yaml", text) for key, text in more.items()}
    return browser.client.post("/protokolversioner", data={"csrf": browser.csrf}, files=files)


def drafted(engine: Engine) -> ProtocolVersion:
    with reading(engine) as session:
        return session.exec(select(ProtocolVersion).where(ProtocolVersion.version == NEW)).one()


@pytest.fixture
def published(engine: Engine, erik: Browser, open_browser: OpenBrowser) -> ProtocolVersion:
    """A version in which the first assessment may take 48 hours, published by Edel."""
    assert hand_in(erik, newer(("24 hours", "48 hours"))).status_code == 200
    row = drafted(engine)
    answer = open_browser("edel").post(f"/protokolversioner/{row.id}/udgiv", sha256=row.sha256)
    assert "Versionen er udgivet" in answer.text
    return row


def test_everybody_sees_the_versions_and_who_writes_them_more(
    open_browser: OpenBrowser, erik: Browser
) -> None:
    page = open_browser("mia").get("/protokolversioner")

    assert f">{OLD}<" in page
    assert "Udgivet – nye sager følger den" in page
    assert "Indlever en kladde" not in page
    assert "Indlever en kladde" in erik.get("/protokolversioner")
    assert "/protokolversioner" in erik.get("/protokoller")


def test_a_draft_is_compared_and_published_by_another(
    engine: Engine, erik: Browser, open_browser: OpenBrowser
) -> None:
    answer = hand_in(erik, newer(("24 hours", "48 hours")))
    row = drafted(engine)

    assert "Kladden er gemt" in answer.text
    assert f"Ændret siden version {OLD}" in answer.text
    assert "48 timer" in answer.text
    assert "Udgiv versionen" not in answer.text
    refused = erik.post(f"/protokolversioner/{row.id}/udgiv", sha256=row.sha256)
    assert refused.status_code == 409
    assert "En anden end den" in refused.text

    edel = open_browser("edel")
    assert "Udgiv versionen" in edel.get(f"/protokolversioner/{row.id}")
    assert edel.post(f"/protokolversioner/{row.id}/udgiv", sha256="0" * 64).status_code == 409
    done = edel.post(f"/protokolversioner/{row.id}/udgiv", sha256=row.sha256)
    assert "Versionen er udgivet" in done.text
    assert f"version {NEW}" in open_browser("mia").get(f"/protokoller/adviser_under_18/{NEW}")


def test_a_draft_does_not_exist_for_others(engine: Engine, erik: Browser, open_browser: OpenBrowser) -> None:
    hand_in(erik, newer())
    row = drafted(engine)
    mia = open_browser("mia")

    assert mia.client.get(f"/protokolversioner/{row.id}").status_code == 404
    assert NEW not in mia.get("/protokolversioner")
    assert mia.post(f"/protokolversioner/{row.id}/udgiv").status_code == 403
    assert hand_in(mia, newer()).status_code == 403
    assert mia.client.get("/protokolversioner/nothing").status_code == 404
    assert mia.client.get("/protokolversioner/%00").status_code == 404


def test_every_fault_is_shown_with_its_line_and_nothing_is_kept(engine: Engine, erik: Browser) -> None:
    answer = hand_in(erik, newer(("24 hours", "24 moons")), name="../<b>min</b> fil.yaml")

    assert answer.status_code == 422
    assert "Filen kan ikke bruges endnu" in answer.text
    assert re.search(
        r"linje \d+, tegn \d+</span>"
        '<span class="app-sentence">“24 moons” er ikke en længde af tid. Skriv et helt tal og',
        answer.text,
    )
    assert "is not a length of time" not in answer.text
    assert "<b>min" not in answer.text
    with reading(engine) as session:
        assert session.exec(select(ProtocolVersion)).all() == []


@pytest.mark.parametrize("content", [b"", b"\x00\xff", b"a: &x [*x]", b"- 1", "blåbær".encode("latin-1")])
def test_what_is_no_definition_is_refused_in_words(erik: Browser, content: bytes) -> None:
    answer = hand_in(erik, content)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_own_contacts_can_be_handed_in_with_it(engine: Engine, erik: Browser) -> None:
    contacts = (DEFINITIONS / "contacts.yaml").read_bytes() + b"\n# Ours.\n"

    assert hand_in(erik, newer(), contacts=contacts).status_code == 200

    assert "# Ours." in drafted(engine).files


def test_a_form_without_its_token_is_refused(erik: Browser) -> None:
    answer = erik.client.post("/protokolversioner", files={"definition": (NAME, newer())})

    assert answer.status_code == 403


def test_a_version_is_thrown_away_or_withdrawn(
    engine: Engine, erik: Browser, published: ProtocolVersion
) -> None:
    withdrawn = erik.post(f"/protokolversioner/{published.id}/traek-tilbage")
    assert "Versionen er trukket tilbage" in withdrawn.text
    assert erik.post(f"/protokolversioner/{published.id}/traek-tilbage").status_code == 409

    hand_in(erik, newer((f'"{NEW}"', '"2031-2"')))
    with reading(engine) as session:
        row = session.exec(select(ProtocolVersion).where(ProtocolVersion.version == "2031-2")).one()
    assert "Kladden er kasseret" in erik.post(f"/protokolversioner/{row.id}/kasser").text


def value(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found[1])


def test_a_case_is_moved_by_two_people_and_moved_back(
    engine: Engine, case: Case, erik: Browser, open_browser: OpenBrowser, published: ProtocolVersion
) -> None:
    path = f"/flytninger/{case.reference}"
    listed = erik.get(f"/flytninger?arbejdsgang=adviser_under_18&til={NEW}")
    assert f"Sag {case.reference}, nu version {OLD}" in listed
    assert "1 frist ændres" in listed or "frister ændres" in listed
    assert "Amira" not in listed
    assert "holdt hjemme" not in listed

    sent = erik.post(
        "/flytninger", arbejdsgang="adviser_under_18", til=NEW, sag=case.reference, reason="48 timer nu."
    )
    assert "1 flytning er foreslået" in sent.text
    shown = erik.get(path)
    assert "En leder for sagen skal godkende flytningen" in shown
    assert "Godkend flytningen" not in shown

    lars = open_browser("lars")
    assert f'href="{path}"' in lars.get(f"/sager/{case.reference}")
    page = lars.get(path)
    assert "48 timer nu." in page
    assert re.search(r"Flyttes fra .* til .*, 1 dag senere\.", page)
    form = {"forslag": value(page, "forslag"), "set": value(page, "set")}
    assert lars.post(f"{path}/godkend", **(form | {"set": "another"})).status_code == 409
    done = lars.post(f"{path}/godkend", **form)
    assert "Sagen er flyttet" in done.text
    assert f"version {NEW}" in done.text

    undone = lars.post(f"{path}/fortryd", forslag=value(done.text, "forslag"))
    assert "Flytningen er fortrudt" in undone.text
    with reading(engine) as session:
        assert session.get_one(Case, case.id).protocol_version == OLD


def test_a_leader_proposes_for_a_case_of_their_own_and_says_why(
    case: Case, open_browser: OpenBrowser, published: ProtocolVersion
) -> None:
    lars, path = open_browser("lars"), f"/flytninger/{case.reference}"
    page = lars.get(f"{path}?til={NEW}")
    assert f"Hvad version {NEW} gør ved sagen" in page

    without = lars.post(path, til=NEW, reason="")
    assert without.status_code == 422
    assert "Hvorfor skal sagen flyttes?" in without.text
    sent = lars.post(path, til=NEW, reason="Fordi.")
    assert "Du har selv foreslået flytningen" in sent.text
    assert lars.post(f"{path}/godkend", forslag=value(sent.text, "forslag"), set="x").status_code == 409
    assert (
        "Forslaget er taget af bordet" in lars.post(f"{path}/afvis", forslag=value(sent.text, "forslag")).text
    )


def test_moves_do_not_exist_for_others(
    case: Case, open_browser: OpenBrowser, published: ProtocolVersion
) -> None:
    for name in ("kim", "otto", "sofie", "ada"):
        browser = open_browser(name)
        assert browser.client.get(f"/flytninger/{case.reference}").status_code == 404, name
        assert browser.post(f"/flytninger/{case.reference}", til=NEW, reason="x").status_code == 404, name
    assert open_browser("mia").client.get(f"/flytninger/{case.reference}").status_code == 403
    choose = f"/flytninger?arbejdsgang=adviser_under_18&til={NEW}"
    assert open_browser("mia").client.get(choose).status_code == 404
    assert case.reference not in open_browser("sofie").get(choose)
    assert case.reference in open_browser("lars").get(choose)


def test_a_proposal_of_another_case_is_not_decided_here(
    engine: Engine, case: Case, erik: Browser, open_browser: OpenBrowser, published: ProtocolVersion
) -> None:
    erik.post(f"/flytninger/{case.reference}", til=NEW, reason="Fordi.")
    with reading(engine) as session:
        [row] = session.exec(select(CaseMigration)).all()
    lars = open_browser("lars")

    for act in ("godkend", "afvis", "fortryd"):
        assert lars.post(f"/flytninger/2026-999999/{act}", forslag=row.id).status_code == 404
        assert lars.post(f"/flytninger/{case.reference}/{act}", forslag="\x00").status_code == 404


def test_choosing_no_case_or_giving_no_reason_is_told(
    case: Case, erik: Browser, published: ProtocolVersion
) -> None:
    given = {"arbejdsgang": "adviser_under_18", "til": NEW}

    nothing = erik.post("/flytninger", **given, reason="Fordi.")
    silent = erik.post("/flytninger", **given, sag=case.reference, reason="")

    assert (nothing.status_code, silent.status_code) == (422, 422)
    assert "Vælg mindst én sag" in nothing.text
    assert f'value="{case.reference}" checked' in silent.text
    assert erik.client.get("/flytninger?arbejdsgang=x&til=y").status_code == 404


def test_the_case_page_stands_when_a_step_of_its_history_is_gone(
    engine: Engine, house: House, edel: None, open_browser: OpenBrowser
) -> None:
    office = Office(engine, house, edel=False)
    case = office.in_small()
    office.later(HOUR)
    office.complete(case, "talk", by=house.mia, **WORRIED)
    office.moved(case)
    lars = open_browser("lars")

    page = lars.get(f"/sager/{case.reference}")

    assert "Ring op" in page
    assert "Trinnet findes ikke i arbejdsgangens nye version" in page
    assert "fra version 2026-1 til version 2026-2" in page
    assert lars.get(f"/sager/{case.reference}/akut")
    assert case.reference in lars.get("/")
    assert "Tag på besøg" in lars.get("/protokoller/small/2026-1")
    assert "Tag på besøg" not in lars.get("/protokoller/small/2026-2")
