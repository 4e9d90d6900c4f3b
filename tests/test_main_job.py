"""The main job as its users do it: a concern on a Friday at 16.55, seen through its protocol to the end.

One story in one real product: `handlepligt up` with its web, worker and Prefect server, two advisers
and a leader in a real browser, and the worker killed in the middle.
"""

import base64
import json
import os
import re
import signal
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.request import Request, urlopen
from zoneinfo import ZoneInfo

import pytest

from handlepligt import clock
from tests.person import Person
from tests.running_product import Product

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

pytestmark = [pytest.mark.browser, pytest.mark.prefect, pytest.mark.slow, pytest.mark.timeout(600)]

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
NORAS_STEPS = {
    "assess",
    "risk_assessment",
    "child_conversation",
    "child_assessment_decision",
    "safety_plan",
    "acknowledge_underretning",
    "siblings",
    "action_plan",
    "follow_up",
}


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    made = Product(tmp_path_factory.mktemp("main-job"))
    made.start()
    yield made
    made.end()


def last_friday() -> datetime:
    """The latest Friday 16.55 in Denmark that has passed."""
    local = clock.now().astimezone(COPENHAGEN)
    friday = (local - timedelta(days=(local.weekday() - 4) % 7)).replace(
        hour=16, minute=55, second=0, microsecond=0
    )
    return friday if friday <= local else friday - timedelta(days=7)


def prefect(product: Product, path: str, body: dict[str, Any]) -> Any:
    """What Prefect's own API answers."""
    secret = (product.data / "prefect" / "auth").read_text().strip()
    request = Request(
        f"http://127.0.0.1:{product.prefect_port}/api{path}",
        json.dumps(body).encode(),
        {
            "Content-Type": "application/json",
            "Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}",
        },
    )
    with urlopen(request, timeout=10) as answer:
        return json.load(answer)


def opaque_id(product: Product, reference: str) -> str:
    """The case's id, which no face shows: it is what Prefect knows the case by."""
    with sqlite3.connect(f"file:{product.data / 'handlepligt.db'}?mode=ro", uri=True) as database:
        found = database.execute('SELECT id FROM "case" WHERE reference = ?', [reference]).fetchone()
    return str(found[0])


def runs_of(product: Product, case_id: str) -> list[dict[str, Any]]:
    """The flow runs of a case; none while Prefect's server is still starting."""
    try:
        found: list[dict[str, Any]] = prefect(
            product, "/flow_runs/filter", {"flow_runs": {"name": {"any_": [case_id]}}}
        )
    except OSError:
        return []
    return found


def tasks_of(product: Product, run: dict[str, Any]) -> list[str]:
    tasks = prefect(product, "/task_runs/filter", {"flow_runs": {"id": {"any_": [run["id"]]}}})
    # A step's task is named by its key and round; what else the flow does is not counted here.
    return sorted(task["name"] for task in tasks if ":" in task["name"])


def test_a_concern_is_seen_through_to_the_end(product: Product, browser: "Browser") -> None:
    mia, nora, lars = (Person(browser, product, who) for who in ("mia", "nora", "lars"))
    token = re.findall(r"\S{30,}", product.command("token", "create", "lars", "--label", "prøve"))[-1]
    friday = last_friday()

    # Mia raises it, about a girl of seventeen.
    mia.opens("/bekymringer")
    born = friday.date().replace(year=friday.year - 17, month=1, day=2)
    mia.page.get_by_label("Borgerens navn").fill("Prøve Prøvesen (opdigtet)")
    mia.page.get_by_label("Fødselsdato").fill(f"{born:%d-%m-%Y}")
    mia.page.get_by_label("Hvad er du bekymret for?").fill("Opdigtet: hun er bange for at tage hjem.")
    mia.page.get_by_label("Dato (dd-mm-åååå)", exact=True).fill(f"{friday:%d-%m-%Y}")
    mia.page.get_by_label("Klokken (tt.mm)", exact=True).fill("16.55")
    mia.page.get_by_label("Ja", exact=True).check(force=True)
    mia.presses("Rejs bekymringen")
    reference = re.findall(r"/sager/(\d{4}-\d{6})", mia.page.url)[0]
    assert mia.sees(f"{friday:%d-%m-%Y} kl. 16.55")
    assert mia.sees("Mia Mønsted")
    assert mia.sees("Kontakt ikke hjemmet")

    # Who is open at that hour: the police and the duty service, not the office.
    status, answer = product.ask(
        "GET",
        f"/api/v1/contacts/now?track=adviser_under_18&age=17&at={friday.isoformat().replace('+', '%2B')}",
        token=token,
    )
    assert status == 200
    expected_open = {one["key"]: one["expected_open"] for one in answer["items"]}
    assert expected_open["police"]
    assert expected_open["social_duty_service"]
    assert not expected_open["safety_responsible"]

    # Her leader sees it while it is open, and another team does not.
    lars.opens("/")
    assert lars.page.get_by_role("link", name=reference).count() > 0
    otto = Person(browser, product, "otto")
    otto.opens(f"/sager/{reference}")
    assert otto.sees("findes ikke")

    # The case is one flow run under its opaque id.
    case_id = opaque_id(product, reference)
    [run] = product.until(lambda: runs_of(product, case_id), seconds=90)
    for step in ("danger_assessment", "discuss", "sparring"):
        mia.completes(reference, step)

    # It becomes acute; the worker is killed in the middle of it all and comes back by itself.
    mia.opens(f"/sager/{reference}")
    mia.presses("Akut handling")
    killed = product.until(product.worker_pid, seconds=30)
    os.kill(killed, signal.SIGKILL)
    for step in ("acute", "safety_acceptance", "safety_assessment"):
        mia.completes(reference, step)
    product.until(lambda: (product.worker_pid() or killed) != killed, seconds=30)

    # Mia hands the duty to Nora, and holds it until Nora accepts.
    mia.opens(f"/sager/{reference}")
    mia.page.locator("summary", has_text="Tilbyd handlepligten").click()
    offer = mia.page.locator("form[action$='/overdragelse']")
    offer.locator("select").first.select_option(label=nora_in(offer))
    for box in offer.locator("textarea").all():
        box.fill("Opdigtet: læs sagen, ring ikke hjem.")
    with mia.page.expect_navigation():
        offer.locator("button").last.click()
    assert mia.sees("Overgivet – afventer accept")
    nora.opens(f"/sager/{reference}")
    assert nora.sees("findes ikke") or "/overdragelser/" in nora.page.url
    nora.opens("/")
    nora.page.get_by_role("link", name=reference, exact=True).first.click()
    nora.page.wait_for_load_state()
    assert nora.sees(reference)
    nora.presses("Acceptér handlepligten")
    holder = product.ask("GET", f"/api/v1/cases/{reference}/duty", token=token)[1]
    assert "nora" in json.dumps(holder)
    mia.opens(f"/sager/{reference}")
    assert not mia.sees("Åbne trin")

    # Nora goes on to the end.
    completed = []
    while (step := nora.next_step(reference)) != "conclude":
        nora.completes(reference, step)
        completed.append(step)
    assert set(completed) >= NORAS_STEPS
    closing = nora.page.locator("form[action$='/luk']")
    if not closing.is_visible():
        nora.page.locator("summary", has_text="Bed om at få sagen lukket").click()
    closing.locator("input[value=help_in_place]").check(force=True)
    closing.locator("input[name='close.has_siblings'][value=no]").check(force=True)
    for box in closing.locator("textarea:visible").all():
        box.fill("Opdigtet: hjælpen er på plads.")
    with nora.page.expect_navigation():
        closing.locator("button").last.click()
    lars.opens(f"/sager/{reference}")
    with lars.page.expect_navigation():
        lars.page.locator("form[action$='/luk/godkend'] button").click()
    assert lars.sees("Afsluttet")

    # Prefect ends its one run, with one task run per round of a step that opened.
    steps = product.ask("GET", f"/api/v1/cases/{reference}/steps", token=token)[1]["items"]
    expected = sorted(f"{step['key']}:{step['round']}" for step in steps)
    product.until(lambda: runs_of(product, case_id)[0]["state_type"] == "COMPLETED", seconds=120)
    assert len(runs_of(product, case_id)) == 1
    # Prefect writes task runs down a moment after they ran.
    product.until(lambda: len(tasks_of(product, run)) >= len(expected), seconds=60)
    assert tasks_of(product, run) == expected

    # It is off the leader's list and among the response times.
    lars.opens("/")
    assert lars.page.get_by_role("link", name=reference).count() == 0
    lars.opens("/svartider")
    assert lars.sees("Modtaget → afsluttet")
    code, _seconds = product.stop()
    assert code == 0


def nora_in(form: "Locator") -> str:
    """The label under which the form offers Nora."""
    labels = form.locator("select").first.locator("option").all_inner_texts()
    return next(label for label in labels if "Nora" in label)
