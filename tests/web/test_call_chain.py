"""The acute card says whom to call when nobody answers, and who has just not answered."""

from handlepligt.cases.log_call import log_call
from handlepligt.cases.press_acute import press_acute
from tests.cases.acting import Stage
from tests.make import MINUTE
from tests.web.conftest import OpenBrowser
from tests.web.invented import assessed, invented_in_force

NEXT = "Svarer ingen inden 15 minutter: ring til Regionens vagttelefon"


def test_whoever_did_not_answer_is_said_and_who_is_next(open_browser: OpenBrowser, stage: Stage) -> None:
    with invented_in_force():
        case, mia = assessed(stage), stage.house.mia
        stage.do(press_acute, by=mia, case_id=case.id)
        browser = open_browser("mia")
        before = browser.get(f"/sager/{case.reference}/akut")

        stage.do(log_call, by=mia, case_id=case.id, contact_key="night_team", outcome="no_answer")
        silent = browser.get(f"/sager/{case.reference}/akut")
        stage.later(MINUTE)
        stage.do(log_call, by=mia, case_id=case.id, contact_key="night_team", outcome="answered")
        answered = browser.get(f"/sager/{case.reference}/akut")

    assert NEXT in before
    assert "Ingen svarede sidst." not in before
    assert "Ingen svarede sidst." in silent
    assert NEXT in silent
    assert "Ingen svarede sidst." not in answered


def test_the_number_for_danger_is_the_definitions_own(open_browser: OpenBrowser, stage: Stage) -> None:
    danish = stage.raised()

    card = open_browser("mia").get(f"/sager/{danish.reference}/akut")

    assert "Er nogen i umiddelbar fare, så ring" in card
    assert 'href="tel:112"' in card
