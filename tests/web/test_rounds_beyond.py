"""The page of a case says plainly that a step was opened more often than its protocol reckons with."""

from tests.cases.acting import Stage
from tests.cases.small_case import small_in_force
from tests.protocols.family import comes_back
from tests.web.conftest import OpenBrowser

SAID = "Det er oftere end de 2 gange, arbejdsgangen regner med."
WORRIED = {"worried": "yes", "danger": "no"}


def test_the_page_shows_how_often_only_once_it_is_too_often(open_browser: OpenBrowser, stage: Stage) -> None:
    mia = stage.house.mia
    with small_in_force(*comes_back(at_most=2)):
        case = stage.raised(track="small")
        stage.complete(case, "talk", by=mia, **WORRIED)
        browser, path = open_browser("mia"), f"/sager/{case.reference}"
        stage.complete(case, "visit", by=mia, visit_note="more")
        within = browser.get(path)

        stage.complete(case, "visit", by=mia, visit_note="more")
        beyond = browser.get(path)

    assert SAID not in within
    assert f"Trinnet er åbnet 3 gange. {SAID}" in beyond
    assert "Trin åbnet oftere, end arbejdsgangen regner med" in beyond
    assert "Tag på besøg (omgang 3)" in beyond


def test_the_leader_finds_the_message_in_the_inbox(open_browser: OpenBrowser, stage: Stage) -> None:
    mia = stage.house.mia
    with small_in_force(*comes_back(at_most=2)):
        case = stage.raised(track="small")
        stage.complete(case, "talk", by=mia, **WORRIED)
        for _ in range(2):
            stage.complete(case, "visit", by=mia, visit_note="more")

        inbox = open_browser("lars").get("/indbakke")

    assert f"et trin er åbnet oftere end ventet i {case.reference}" in inbox
