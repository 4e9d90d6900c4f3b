"""Starts and watches the embedded Prefect server, and says how its clients reach it."""

from __future__ import annotations

import ctypes
import http.client
import logging
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, TYPE_CHECKING, Self

if TYPE_CHECKING:
    from handlepligt.settings import Settings

log = logging.getLogger(__name__)

LOG_BYTES = 5_000_000
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
# A server that ran this long was well; its next failure begins again with the shortest pause.
WELL_AFTER_SECONDS = 60.0
STOP_WITHIN_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1

# What both sides must agree on: no statistics to anyone, no logs or results kept, no second server.
_EVERYWHERE = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "false",
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_LOGGING_LEVEL": "WARNING",
    "PREFECT_LOGGING_INTERNAL_LEVEL": "ERROR",
    "PREFECT_LOGGING_COLORS": "false",
    "PREFECT_CLI_PROMPT": "false",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
}
# Services that only cost here: the mirror has no schedules, no timeouts and no automations, and the case
# database keeps the chronology. Without them a concern takes a quarter of the room in Prefect's database.
_SERVER_ONLY = {
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "WARNING",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
}


def prefect_home(settings: Settings) -> Path:
    """The folder in the data folder where everything of Prefect's lies."""
    return settings.data.resolve() / "prefect"


def prefect_environment(settings: Settings) -> dict[str, str]:
    """The variables under which a client of Prefect (the worker, the command line) must be started.

    Prefect reads them when it is imported, so they are set before that. The basic-auth secret of the embedded
    server is made on first use, in a file that only the owner reads; an outside server
    (HANDLEPLIGT_PREFECT_API_URL) brings its own in HANDLEPLIGT_PREFECT_AUTH.
    """
    environment = {
        **_EVERYWHERE,
        "PREFECT_HOME": str(prefect_home(settings)),
        "PREFECT_API_URL": settings.resolved_prefect_api_url,
        "PREFECT_WORKER_HEARTBEAT_SECONDS": "10",
    }
    auth = _auth(settings)
    if auth:
        environment["PREFECT_API_AUTH_STRING"] = auth
    return environment


def _auth(settings: Settings) -> str:
    if settings.prefect_auth is not None:
        return settings.prefect_auth.get_secret_value()
    if settings.prefect_api_url:
        return ""
    path = prefect_home(settings) / "auth"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Two processes may start at once: the secret is written aside and linked into place, which one of them
    # wins, so that nobody ever reads half a secret.
    if not path.exists():
        draft = path.with_name(f"auth.{os.getpid()}.{threading.get_ident()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"handlepligt:{secrets.token_urlsafe(32)}")
        with suppress(FileExistsError):
            os.link(draft, path)
        draft.unlink()
    return path.read_text("ascii").strip()


class PrefectServer:
    """Prefect's server as a child process on 127.0.0.1, started again whenever it ends by itself.

    `start()` returns at once; nothing in the product waits for the server. The child has a process group of
    its own (Ctrl-C in the terminal is ours to pass on, after the worker has stopped) and, on Linux, is
    killed by the kernel when this process dies, so that nothing keeps holding the port.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The process id of the running server, or None between two of them."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    @property
    def log_path(self) -> Path:
        """Where the server's own output goes; the file before it is kept beside it as `.1`."""
        return self._settings.data.resolve() / "logs" / "prefect.log"

    def start(self) -> None:
        """Begin to run the server and to watch it. Does not wait until it answers."""
        if self._thread is not None:
            raise RuntimeError("the Prefect server is started already")
        self._stopping.clear()
        # The kernel ties the child to the thread that made it, so one thread lives as long as the server.
        self._thread = threading.Thread(target=self._supervise, name="prefect-server", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the server: asked first, killed after ten seconds. Safe to call twice."""
        self._stopping.set()
        with self._lock:
            process = self._process
        if process is not None:
            _end(process)
        if self._thread is not None:
            self._thread.join(STOP_WITHIN_SECONDS)
            self._thread = None

    def is_ready(self) -> bool:
        """Whether our own child runs and answers its health page (which says nothing about its database)."""
        if self.pid is None:
            return False
        connection = http.client.HTTPConnection("127.0.0.1", self._settings.prefect_port, timeout=2)
        try:
            connection.request("GET", "/api/health")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait_until_ready(self, seconds: float = 60.0) -> bool:
        """Wait until the server answers, at most `seconds`; whether it did."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._stopping.is_set():
            if self.is_ready():
                return True
            time.sleep(0.1)
        return False

    def _supervise(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            began = time.monotonic()
            code = self._run_once()
            if self._stopping.is_set():
                return
            if time.monotonic() - began > WELL_AFTER_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            log.warning("the Prefect server ended with code %s; next start in %.1f s", code, pause)
            self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _run_once(self) -> int | str:
        try:
            with self._open_log() as output, self._lock:
                if self._stopping.is_set():
                    return 0
                self._process = subprocess.Popen(
                    _command(self._settings.prefect_port),
                    env={**os.environ, **self._environment()},
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd=prefect_home(self._settings),
                    start_new_session=True,
                )
        except OSError as error:
            return type(error).__name__
        return self._process.wait()

    def _environment(self) -> dict[str, str]:
        environment = prefect_environment(self._settings)
        database = prefect_home(self._settings) / "prefect.db"
        return {
            **environment,
            **_SERVER_ONLY,
            "PREFECT_API_URL": f"http://127.0.0.1:{self._settings.prefect_port}/api",
            "PREFECT_SERVER_API_AUTH_STRING": environment.get("PREFECT_API_AUTH_STRING", ""),
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{database}",
        }

    def _open_log(self) -> IO[bytes]:
        path = self.log_path
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and path.stat().st_size > LOG_BYTES:
            path.replace(path.with_name(path.name + ".1"))
        return path.open("ab")


def _command(port: int) -> list[str]:
    server = ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    return [sys.executable, "-m", "handlepligt.prefect_server", str(os.getpid()), *server]


def _end(process: subprocess.Popen[bytes]) -> None:
    for number, seconds in ((signal.SIGINT, STOP_WITHIN_SECONDS), (signal.SIGKILL, STOP_WITHIN_SECONDS)):
        if process.poll() is not None:
            return
        # The child leads a group of its own, so this reaches whatever it has started as well.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(seconds)


def _become(parent: int, arguments: list[str]) -> None:
    """Turn this process into Python with `arguments`, to be killed when the process `parent` dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died before the line above; then nobody would tell us.
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - no shell on purpose.


if __name__ == "__main__":
    _become(int(sys.argv[1]), sys.argv[2:])
