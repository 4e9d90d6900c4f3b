"""What is Prefect's about the embedded server: its environment, secret, home, and whether it answers."""

from __future__ import annotations

import http.client
import logging
import os
import secrets
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from handlepligt.child_process import ChildProcess

if TYPE_CHECKING:
    from handlepligt.settings import Settings

log = logging.getLogger(__name__)

STOP_WITHIN_SECONDS = 10.0

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

    `start()` returns at once; nothing in the product waits for the server.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._child: ChildProcess | None = None

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
        return self._child.pid if self._child is not None else None

    @property
    def log_path(self) -> Path:
        """Where the server's own output goes; the file before it is kept beside it as `.1`."""
        return self._settings.data.resolve() / "logs" / "prefect.log"

    def start(self) -> None:
        """Begin to run the server and to watch it. Does not wait until it answers."""
        if self._child is not None and not self._child.is_stopped:
            raise RuntimeError("the Prefect server is started already")
        self._child = ChildProcess(
            _command(self._settings.prefect_port),
            log_path=self.log_path,
            env=self._environment,
            cwd=prefect_home(self._settings),
            on_end=_ended,
        )
        self._child.start()

    def stop(self, *, within_seconds: float = STOP_WITHIN_SECONDS) -> None:
        """End the server: asked first, killed after `within_seconds`. Safe to call twice."""
        if self._child is not None:
            self._child.stop(within_seconds=within_seconds)

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
        """Wait until the server answers, at most `seconds` and not once it is stopped; whether it did."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and not (self._child is not None and self._child.is_stopped):
            if self.is_ready():
                return True
            time.sleep(0.1)
        return False

    def _environment(self) -> dict[str, str]:
        home = prefect_home(self._settings)
        # The server's working folder too, which a secret from the settings alone would not have made.
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        environment = prefect_environment(self._settings)
        return {
            **environment,
            **_SERVER_ONLY,
            "PREFECT_API_URL": f"http://127.0.0.1:{self._settings.prefect_port}/api",
            "PREFECT_SERVER_API_AUTH_STRING": environment.get("PREFECT_API_AUTH_STRING", ""),
            "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        }


def _command(port: int) -> list[str]:
    return ["-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]


def _ended(code: int | str, pause: float) -> None:
    log.warning("the Prefect server ended with code %s; next start in %.1f s", code, pause)
