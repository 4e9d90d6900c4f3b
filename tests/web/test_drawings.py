"""The pages that show a protocol: drawn, as a list and in words, and each case on its drawing."""

import re
from html import unescape

import pytest

from models import Case
from protocols.definition import Definition
from protocols.loader import library
from tests.web.conftest import OpenBrowser

DEFINITIONS = pytest.mark.parametrize("definition", library().all(), ids=lambda one: one.key)


def main_of(page: str) -> str:
    return page[page.index("<main") : page.index("</main>")]


@DEFINITIONS
def test_a_protocol_is_read_without_meeting_the_language_of_conditions(
    open_browser: OpenBrowser, definition: Definition
) -> None:
    page = main_of(open_browser("erik").get(f"/protokoller/{definition.key}/{definition.version}"))

    said = unescape(re.sub(r"<[^>]+>", " ", page))
    assert not re.search(r"&&|\|\||==|!=|\w_\w|answer\.|given\.|fact\.", said)
    assert "“Er I fortsat bekymrede?” er “Ja”" in said
    assert "<code>" not in page


def test_without_a_version_the_newest_is_shown(open_browser: OpenBrowser) -> None:
    page = open_browser("mia").get("/protokoller/professional")

    assert f"Version {library().latest('professional').version}" in page


@DEFINITIONS
def test_the_page_holds_the_drawing_and_the_same_as_a_list(
    open_browser: OpenBrowser, definition: Definition
) -> None:
    page = main_of(open_browser("mia").get(f"/protokoller/{definition.key}"))

    assert page.count("<svg") == 1
    assert 'role="img"' in page
    for step in definition.steps.values():
        assert f"<li><strong>{step.title}</strong>" in page


def test_the_drawing_opens_alone(open_browser: OpenBrowser) -> None:
    answer = open_browser("mia").client.get("/protokoller/adviser_under_18/2026-1/tegning.svg")

    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.text.startswith("<svg")


@pytest.mark.parametrize("path", ["nothing", "nothing/2026-1", "nothing/2026-1/tegning.svg"])
def test_a_protocol_that_is_not_there_is_not_found(open_browser: OpenBrowser, path: str) -> None:
    assert open_browser("mia").client.get(f"/protokoller/{path}").status_code == 404


def test_a_case_is_marked_on_its_drawing(open_browser: OpenBrowser, case: Case) -> None:
    page = open_browser("mia").get(f"/sager/{case.reference}")

    assert "Tegning af forløbet" in page
    drawn = page[page.index("<svg", page.index("app-drawn")) :]
    assert "Åbent" in drawn[: drawn.index("</svg>")]
    assert re.search(r"<strong>Drøft bekymringen med din leder</strong> <span class=\"badge\">Åbent", page)
