"""A child is started again when it ends by itself, and never outlives who watches it."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from handlepligt import child_process
from handlepligt.child_process import ChildProcess
from tests.running_product import is_alive

SLEEP = ["-c", "import time; time.sleep(60)"]
# This one hears SIGTERM and does not care.
STUBBORN = [
    "-c",
    "import signal, time; signal.signal(15, signal.SIG_IGN); print('up', flush=True); time.sleep(60)",
]


def until(holds: Callable[[], Any]) -> Any:
    end = time.monotonic() + 15
    while time.monotonic() < end:
        if found := holds():
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


def test_a_child_that_was_killed_is_started_again(tmp_path: Path) -> None:
    ended: list[tuple[int | str, float]] = []
    child = ChildProcess(SLEEP, log_path=tmp_path / "log", on_end=lambda *what: ended.append(what))
    child.start()
    first = until(lambda: child.pid)

    os.kill(first, signal.SIGKILL)

    second = until(lambda: child.pid if child.pid != first else None)
    assert ended == [(-9, 0.5)]
    child.stop(within_seconds=5)
    assert child.pid is None
    assert not is_alive(second)


def test_a_child_that_ends_at_once_is_started_ever_more_slowly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "FIRST_PAUSE_SECONDS", 0.01)
    pauses: list[float] = []
    child = ChildProcess(
        ["-c", "pass"], log_path=tmp_path / "log", on_end=lambda code, pause: pauses.append(pause)
    )
    child.start()

    until(lambda: len(pauses) >= 3)

    child.stop(within_seconds=5)
    assert pauses[:3] == [0.01, 0.02, 0.04]


def test_a_child_that_does_not_end_when_asked_is_killed(tmp_path: Path) -> None:
    log = tmp_path / "log"
    child = ChildProcess(STUBBORN, log_path=log)
    child.start()
    until(lambda: log.exists() and "up" in log.read_text())
    pid = child.pid
    assert pid is not None

    child.stop(within_seconds=0.3)

    assert not is_alive(pid)


def test_what_a_child_says_goes_to_its_log_and_a_long_log_is_put_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "logs" / "child.log"
    log.parent.mkdir()
    log.write_text("old")
    monkeypatch.setattr(child_process, "LOG_BYTES", 2)
    child = ChildProcess(["-c", "print('said'); import time; time.sleep(60)"], log_path=log)
    child.start()

    until(lambda: child.pid)

    child.stop(within_seconds=5)
    assert log.with_name("child.log.1").read_text() == "old"


def test_a_child_has_the_variables_and_the_folder_it_was_given_besides_ours(tmp_path: Path) -> None:
    log = tmp_path / "log"
    says = "import os, time; print(os.getcwd(), os.environ['GIVEN'], 'PATH' in os.environ, flush=True)"
    child = ChildProcess(
        ["-c", f"{says}; time.sleep(60)"], log_path=log, env=lambda: {"GIVEN": "word"}, cwd=tmp_path
    )
    child.start()

    until(lambda: log.exists() and "word" in log.read_text())

    child.stop(within_seconds=5)
    assert log.read_text().split() == [str(tmp_path), "word", "True"]


def test_variables_that_cannot_be_had_now_are_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child_process, "FIRST_PAUSE_SECONDS", 0.01)
    ended: list[int | str] = []
    answers = iter([PermissionError("not now"), PermissionError("not yet")])

    def env() -> dict[str, str]:
        if error := next(answers, None):
            raise error
        return {}

    child = ChildProcess(
        SLEEP, log_path=tmp_path / "log", env=env, on_end=lambda code, pause: ended.append(code)
    )
    child.start()

    until(lambda: child.pid)

    child.stop(within_seconds=5)
    assert ended == ["PermissionError", "PermissionError"]


def test_a_child_that_was_stopped_stays_stopped(tmp_path: Path) -> None:
    child = ChildProcess(SLEEP, log_path=tmp_path / "log")
    child.stop(within_seconds=5)

    child.start()

    until(lambda: not any(thread.name == "watch-log" for thread in threading.enumerate()))
    assert child.is_stopped
    assert child.pid is None


def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [
            sys.executable, "-c",
            "import sys, time; from pathlib import Path; from handlepligt.child_process import ChildProcess\n"
            f"child = ChildProcess({SLEEP!r}, log_path=Path(sys.argv[1])); child.start()\n"
            "while child.pid is None: time.sleep(0.01)\n"
            "time.sleep(0.5); print(child.pid, flush=True); time.sleep(60)",
            str(tmp_path / "log"),
        ],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert parent.stdout is not None
    pid = int(parent.stdout.readline())
    assert is_alive(pid)

    parent.kill()
    parent.wait()
    parent.stdout.close()

    until(lambda: not is_alive(pid))
