"""A consent is withdrawn on the page of its case and over HTTP: its step is taken up again by hand."""

from collections.abc import Iterator

import pytest

from models import Case
from tests.cases.acting import Stage
from tests.cases.small_case import small_in_force
from tests.protocols.kinds.test_consent import ASKED_ONCE, with_consent
from tests.web.conftest import OpenBrowser

BUTTON = "Tag trinnet op igen"


@pytest.fixture
def consent(stage: Stage) -> Iterator[Case]:
    """A case of Mia's in which a consent was given."""
    with small_in_force(with_consent(ASKED_ONCE)):
        case = stage.raised(track="small", facts={"urgent": "no"})
        stage.complete(case, "talk", by=stage.house.mia, worried="yes", danger="no")
        stage.complete(case, "share", by=stage.house.mia, share="given")
        yield case


def test_whoever_holds_the_duty_withdraws_a_consent_on_the_page(
    open_browser: OpenBrowser, consent: Case, stage: Stage
) -> None:
    browser, path = open_browser("mia"), f"/sager/{consent.reference}"
    before = browser.get(path)

    taken_up = browser.post(f"{path}/trin/share/tag-op").text
    browser.post(f"{path}/trin/share", **{"round": "2", "q.share": "withdrawn", "q.share_on": "23-11-2026"})

    assert BUTTON in before
    assert "Trinnet er åbent igen." in taken_up
    assert 'id="trin-share"' in taken_up
    assert BUTTON not in taken_up
    assert stage.step(consent, "share", 2).answers["share"] == "withdrawn"
    assert "Trin taget op igen" in browser.get(path)


def test_nobody_else_is_offered_it(open_browser: OpenBrowser, consent: Case, stage: Stage) -> None:
    browser, path = open_browser("lars"), f"/sager/{consent.reference}"

    page = browser.get(path)
    browser.post(f"{path}/trin/share/tag-op")

    assert BUTTON not in page
    assert [step.round for step in stage.steps(consent) if step.key == "share"] == [1]
