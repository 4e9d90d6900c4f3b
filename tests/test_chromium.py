"""The browser of the page tests is real and Danish."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def test_the_browser_shows_a_page_and_writes_dates_as_danes_do(page: "Page") -> None:
    page.set_content("<h1>Åben sag</h1>")

    assert page.inner_text("h1") == "Åben sag"
    assert page.evaluate("new Date('2026-11-27T15:55:00Z').toLocaleString()").startswith("27.11.2026, 16.55")
