"""A member of staff at a browser: logs in, opens pages, fills in the steps' forms as they stand."""

from datetime import timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from handlepligt import clock
from handlepligt.demo import PASSPHRASE
from tests.running_product import Product

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
# What the story answers differently from the first or least alarming choice.
CHOSEN = {
    "q.still_concerned": "yes",
    "q.safety_plan_needed": "yes",
    "q.sparring_needed": "yes",
    "q.conversation_alone": "yes",
    "q.risk_approved": "yes",
    "q.responsible_reached": "yes",
    "q.acute_is_over": "yes",
    "q.followup_outcome": "may_end",
}


class Person:
    """A member of staff at a browser of their own."""

    def __init__(self, browser: "Browser", product: Product, username: str) -> None:
        self.address = f"http://127.0.0.1:{product.port}"
        context = browser.new_context(locale="da-DK", timezone_id="Europe/Copenhagen")
        self.page: Page = context.new_page()
        self.page.goto(f"{self.address}/log-ind")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[type=password]", PASSPHRASE)
        self.page.keyboard.press("Enter")
        self.page.wait_for_selector(".app-user")

    def opens(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")

    def sees(self, words: str) -> bool:
        return words in self.page.inner_text("main")

    def presses(self, button: str) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=button, exact=True).first.click()

    def next_step(self, reference: str) -> str:
        """The key of the first open step of the case's page."""
        self.opens(f"/sager/{reference}")
        card = self.page.locator("section[id^=trin-]").first
        return (card.get_attribute("id") or "").removeprefix("trin-")

    def completes(self, reference: str, step: str) -> None:
        """Fills in the step's form as it stands on the page, and saves it."""
        self.opens(f"/sager/{reference}")
        card = self.page.locator(f"#trin-{step}")
        form = card.locator(f"form[action$='/trin/{step}']")
        if not form.is_visible():
            card.locator("summary", has_text="Udfyld trinnet").click()
        # An answer can call for another question, so the form is read again until nothing is left.
        for _ in range(3):
            groups = form.locator(".form-group:visible").evaluate_all("found => found.map(one => one.id)")
            for group in groups:
                if form.locator(f"#{group}").is_visible():
                    self._answer(form.locator(f"#{group}"))
                    self.page.wait_for_load_state("networkidle")
        with self.page.expect_navigation():
            form.get_by_role("button", name="Gem trinnet").click()
        problems = self.page.locator(".form-error-message").all_inner_texts()
        assert problems == [], f"{step}: {problems}"

    def _answer(self, group: "Locator") -> None:
        choices = group.locator("input[type=radio]")
        if choices.count():
            if not group.locator("input[type=radio]:checked").count():
                name = choices.first.get_attribute("name") or ""
                wanted = CHOSEN.get(name, "no" if group.locator("input[value=no]").count() else None)
                (group.locator(f"input[value={wanted}]") if wanted else choices.first).check(force=True)
            return
        box = group.locator("select, textarea, input[type=text]").first
        if not box.count() or box.input_value():
            return
        if box.evaluate("element => element.tagName") == "SELECT":
            box.select_option(index=1)
        elif "(dd-mm-åååå)" in group.inner_text() or "Dato" in group.inner_text():
            for part in group.locator("input[type=text]").all():
                is_time = "tt.mm" in (part.evaluate("e => e.labels[0]?.innerText || ''"))
                ahead = timedelta(days=3) if "followup" in (box.get_attribute("name") or "") else timedelta()
                now = (clock.now() + ahead).astimezone(COPENHAGEN)
                part.fill("00.05" if is_time else f"{now:%d-%m-%Y}")
        else:
            box.fill("Opdigtet svar fra en afprøvning.")
