"""The one command, end to end: real processes, a real Prefect server, real signals."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from handlepligt import clock
from tests.running_product import COMMAND, Product, is_alive

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def product(tmp_path: Path) -> Iterator[Product]:
    made = Product(tmp_path)
    yield made
    made.end()


@pytest.fixture
def staffed(product: Product) -> Product:
    """A real installation with Lars, who leads, and Mia, whose tokens are in the environment of the test."""
    for name, role, more in (
        ("lars", "leader", ("--create-team",)),
        ("mia", "adviser", ("--pool", "under_18")),
    ):
        product.command("user", "add", name, "--name", name, "--role", role, "--team", "nord", *more)
    return product


def raised(product: Product, token: str, *, hours_ago: float = 0) -> str:
    received = clock.now() - timedelta(hours=hours_ago)
    status, case = product.ask(
        "POST",
        "/api/v1/cases",
        token=token,
        body={
            "citizen": {"name": "Amira Opdigtet", "birth_date": "2009-05-01"},
            "summary": "En opdigtet bekymring.",
            "received_at": received.isoformat(),
        },
    )
    assert status == 201, case
    reference: str = case["reference"]
    return reference


def has_run(product: Product, reference: str) -> Any:
    """The id of the run that mirrors the case, as the database knows it."""
    import sqlite3

    with sqlite3.connect(f"file:{product.data / 'handlepligt.db'}?mode=ro", uri=True) as database:
        found = database.execute(
            'SELECT flow_run_id FROM "case" WHERE reference = ? AND seen >= wake', (reference,)
        ).fetchone()
    return found and found[0]


def inbox(product: Product, token: str) -> list[str]:
    status, page = product.ask("GET", "/api/v1/me/inbox", token=token)
    assert status == 200, page
    return [item["message"] for item in page["items"]]


def test_a_killed_worker_comes_back_and_everything_goes_on(staffed: Product) -> None:
    mia, lars = (staffed.command("token", "create", name).strip() for name in ("mia", "lars"))
    staffed.start("--empty")
    first_worker = staffed.until(staffed.worker_pid, seconds=30)

    # Raising waits for nobody; the mirror follows when Prefect is there.
    before = raised(staffed, mia)
    staffed.until(lambda: has_run(staffed, before), seconds=120)
    os.kill(first_worker, signal.SIGKILL)
    overdue_soon = raised(staffed, mia, hours_ago=24 - 8 / 3600)

    second_worker = staffed.until(
        lambda: (found := staffed.worker_pid()) != first_worker and found, seconds=30
    )
    assert not is_alive(first_worker)
    staffed.until(lambda: "escalation" in inbox(staffed, lars), seconds=60)
    assert "overdue" in inbox(staffed, mia)
    staffed.until(lambda: has_run(staffed, overdue_soon), seconds=60)
    assert staffed.until(lambda: staffed.ask("GET", "/readyz")[0] == 200, seconds=30)
    assert staffed.ask("GET", "/readyz")[1]["reconciler_age_seconds"] < 60

    children = list(staffed.children())
    code, seconds = staffed.stop()
    assert (code, seconds < 12) == (0, True), seconds
    assert "Traceback" not in staffed.output + staffed.worker_log
    assert [pid for pid in (*children, second_worker) if is_alive(pid)] == []


def test_the_second_start_answers_soon_and_does_not_wait_for_prefect(staffed: Product) -> None:
    staffed.start("--empty")
    staffed.stop()

    seconds = staffed.start("--empty")

    # Measured at 1 to 2 seconds on a quiet machine; this machine may be busy with other tests.
    assert seconds < 10
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", staffed.prefect_port), timeout=1).close()


def test_sigterm_ends_everything_as_ctrl_c_does(staffed: Product) -> None:
    staffed.start("--empty")
    staffed.until(staffed.worker_pid, seconds=30)
    children = list(staffed.children())

    code, _ = staffed.stop(signal.SIGTERM)

    assert code == 0
    assert "Traceback" not in staffed.output
    assert [pid for pid in children if is_alive(pid)] == []


def test_nothing_works_on_when_the_command_itself_is_killed(staffed: Product) -> None:
    staffed.start("--empty")
    staffed.until(staffed.worker_pid, seconds=30)
    children = staffed.until(lambda: len(staffed.children()) >= 2 and list(staffed.children()), seconds=30)

    staffed.stop(signal.SIGKILL)

    staffed.until(lambda: not any(is_alive(pid) for pid in children), seconds=10)


def test_a_real_installation_prints_a_link_that_makes_the_first_administrator(product: Product) -> None:
    product.start("--empty")
    link = product.until(
        lambda: [line.strip() for line in product.output.splitlines() if "/opsaetning/" in line], seconds=10
    )[0]

    status, page = product.ask("GET", link.partition(str(product.port))[2])

    assert (status, "adgangssætning" in page.lower()) == (200, True)
    assert product.data.stat().st_mode & 0o777 == 0o700


def test_the_first_start_fills_made_up_cases_and_says_how_to_log_in(product: Product) -> None:
    product.start()
    product.until(lambda: "Adgangssætning" in product.output, seconds=10)

    lars = product.command("token", "create", "lars").strip()
    status, page = product.ask("GET", "/api/v1/cases?status=open", token=lars)

    assert status == 200
    assert len(page["items"]) > 3
    assert "lars" in product.output
    product.stop()
    product.start()
    assert product.output.count("Laver opdigtede sager") == 1


@pytest.mark.parametrize("variable", ["HANDLEPLIGT_PORT", "HANDLEPLIGT_PREFECT_PORT"])
def test_a_taken_port_is_said_before_anything_starts(product: Product, variable: str) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        product.environment[variable] = str(taken.getsockname()[1])

        ran = subprocess.run(
            [*COMMAND, "up"], env=product.environment, capture_output=True, text=True, check=False
        )

    assert ran.returncode == 1
    assert ran.stdout == ""
    said = ran.stderr.strip().splitlines()
    assert len(said) == 1
    assert f"set {variable}" in said[0]
    assert not product.data.exists()
