"""The drawings in a real Chromium: nothing runs over, everything can be reached, nothing is stopped."""

from typing import TYPE_CHECKING

import pytest

from models import Case
from protocols.loader import library
from tests.web.test_in_a_browser import address, case, complaints, log_in  # noqa: F401

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The texts of a box, and of a badge or a chip, that reach outside the frame they stand in.
OVERFLOWING = """() => [...document.querySelectorAll('.app-drawing svg g > g')].flatMap(group => {
  const frame = group.querySelector(':scope > rect');
  if (!frame || frame.getAttribute('width') < 40) return [];
  const outer = frame.getBoundingClientRect();
  return [...group.querySelectorAll('text')].filter(text => {
    const inner = text.getBoundingClientRect();
    return inner.left < outer.left - 1 || inner.right > outer.right + 7 || inner.bottom > outer.bottom + 1;
  }).map(text => text.textContent);
})"""


@pytest.mark.parametrize("key", [one.key for one in library().all()])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_text_of_a_drawing_runs_over_and_the_page_is_no_wider_than_the_screen(
    page: "Page",
    address: str,  # noqa: F811
    complaints: list[str],  # noqa: F811
    key: str,
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    log_in(page, address, f"/protokoller/{key}")

    assert page.evaluate(OVERFLOWING) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


def test_the_drawing_of_a_case_is_scrolled_by_keyboard(page: "Page", address: str, case: Case) -> None:  # noqa: F811
    page.set_viewport_size({"width": 390, "height": 900})
    log_in(page, address, f"/sager/{case.reference}")
    page.locator("summary", has_text="Tegning af forløbet").click()

    page.locator(".app-drawing").focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(60)

    assert page.evaluate("document.querySelector('.app-drawing').scrollLeft") > 50
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
