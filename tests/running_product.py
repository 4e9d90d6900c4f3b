"""The whole product as a person starts it: `handlepligt up` in a process of its own, on free ports."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

FIRST_PORT, LAST_PORT = 20000, 21000
COMMAND = [sys.executable, "-m", "handlepligt"]


def free_ports(number: int) -> list[int]:
    """Ports of 127.0.0.1 that are free now, below the range the system hands out by itself."""
    found: list[int] = []
    # Tests that run at the same time begin in different places.
    for port in range(FIRST_PORT + os.getpid() * 7 % (LAST_PORT - FIRST_PORT), 32000):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == number:
            return found
    raise RuntimeError("no free port")


class Product:
    """One installation in a folder, started and stopped as often as the test likes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.port, self.prefect_port = free_ports(2)
        self.process: subprocess.Popen[bytes] | None = None
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HANDLEPLIGT_")}
        self.environment = {
            **kept,
            "HANDLEPLIGT_DATA": str(self.data),
            "HANDLEPLIGT_PORT": str(self.port),
            "HANDLEPLIGT_PREFECT_PORT": str(self.prefect_port),
        }

    @property
    def output(self) -> str:
        """All that `up` has printed, on both streams, over all its lives."""
        path = self.folder / "output.txt"
        return path.read_text("utf-8") if path.exists() else ""

    @property
    def worker_log(self) -> str:
        return (self.data / "logs" / "worker.log").read_text("utf-8")

    def command(self, *arguments: str) -> str:
        """What another command of the product prints; it must succeed."""
        ran = subprocess.run(
            [*COMMAND, *arguments], env=self.environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def start(self, *arguments: str) -> float:
        """Starts `handlepligt up` and waits for the first page; how many seconds that took."""
        began = time.monotonic()
        with (self.folder / "output.txt").open("ab") as output:
            self.process = subprocess.Popen(
                [*COMMAND, "up", *arguments],
                env=self.environment, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self.until(self._answers, seconds=90)
        return time.monotonic() - began

    def stop(self, number: signal.Signals = signal.SIGINT) -> tuple[int, float]:
        """Ctrl-C (or another signal): the exit code, and how many seconds it took."""
        assert self.process is not None
        began = time.monotonic()
        self.process.send_signal(number)
        code = self.process.wait(30)
        return code, time.monotonic() - began

    def end(self) -> None:
        """After the test, however it went."""
        if self.process is not None and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def ask(self, method: str, path: str, *, token: str = "", body: Any = None) -> tuple[int, Any]:
        """Status and parsed JSON of one request to the web face."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Content-Type": "application/json", "Idempotency-Key": os.urandom(8).hex()}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            is_json = "json" in (answer.headers.get("Content-Type") or "")
            return answer.status, json.loads(text) if is_json else text
        finally:
            connection.close()

    def children(self) -> dict[int, str]:
        """The living processes that `up` has started, with their command lines."""
        assert self.process is not None
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode().strip()
            except (OSError, ValueError):
                continue
            if parent == self.process.pid and command:
                found[int(entry.name)] = command
        return found

    def worker_pid(self) -> int | None:
        """The worker of this installation, once it is one and no longer about to become one."""
        workers = [pid for pid, line in self.children().items() if re.search(r"-m handlepligt worker", line)]
        return workers[0] if workers else None

    def until(self, holds: Callable[[], Any], *, seconds: float) -> Any:
        """What `holds` gives once it gives something; fails with what was printed when it does not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            found = holds()
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"it did not happen in {seconds} s; printed so far:\n{self.output}")

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.output
        try:
            return self.ask("GET", "/log-ind")[0] == 200
        except OSError:
            return False


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that ended and was not yet collected does not."""
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
