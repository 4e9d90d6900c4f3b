"""The worker sweeps and sends without Prefect, and ends cleanly when it is told to."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlepligt import clock
from models import Case, Heartbeat, Notification
from models.session import reading, writing
from tests.command_line import Installation, installation_in
from tests.house import make_house
from tests.make import make_case, make_due_row
from tests.running_product import COMMAND

pytestmark = [pytest.mark.slow, pytest.mark.prefect]


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    with installation_in(tmp_path, monkeypatch) as made:
        # Nobody answers there, and nobody will.
        monkeypatch.setenv("HANDLEPLIGT_PREFECT_PORT", "1")
        made.done("migrate")
        yield made


def start(installation: Installation) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [*COMMAND, "worker"], stderr=subprocess.PIPE, text=True, env=dict(os.environ), start_new_session=True
    )


def messages(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.exec(select(Notification.message)))


def beats(engine: Engine) -> set[str]:
    with reading(engine) as session:
        return set(session.exec(select(Heartbeat.name)))


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_reminds_without_prefect_and_stops_cleanly(
    installation: Installation, number: signal.Signals
) -> None:
    with installation.engine() as engine:
        with writing(engine) as session:
            case = make_case(session, holder=make_house(session).mia, received_at=clock.now())
            make_due_row(
                session, case=session.get_one(Case, case.id), fire_at=clock.now(), kind="followup",
                message="followup_due", roles='["holder"]',
            )  # fmt: skip

        worker = start(installation)
        end = time.monotonic() + 30
        while not (messages(engine) and "dispatch" in beats(engine)) and time.monotonic() < end:
            time.sleep(0.05)
        told = messages(engine)
        # Long enough for it to have met the absent Prefect.
        time.sleep(3)
        seen = beats(engine)
        began = time.monotonic()
        worker.send_signal(number)
        _, log = worker.communicate(timeout=20)

    assert told == ["followup_due"]
    assert "dispatch" in seen
    # That one would say that Prefect answers.
    assert "reconciler" not in seen
    assert worker.returncode == 0, log
    assert time.monotonic() - began < 8
    assert "Traceback" not in log
    assert "Opdigtet" not in log


def test_a_worker_with_a_channel_that_cannot_be_used_does_not_start(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HANDLEPLIGT_CHANNELS", "pigeon")

    assert "HANDLEPLIGT_CHANNELS" in installation.refused(1, "worker")


def test_a_worker_on_a_database_of_another_version_does_not_start(installation: Installation) -> None:
    import sqlite3

    with sqlite3.connect(installation.database) as database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")

    assert "handlepligt migrate" in installation.refused(1, "worker")
