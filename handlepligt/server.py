"""Puts web, worker and Prefect server together: the one command."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from types import FrameType

import structlog
from sqlalchemy import Engine

from handlepligt.child_process import ChildProcess
from handlepligt.prefect_server import PrefectServer
from handlepligt.settings import Settings
from handlepligt.web.app import serve
from models.base import new_id

WORKER_ENDS_WITHIN_SECONDS = 5.0
PREFECT_ENDS_WITHIN_SECONDS = 3.0
_PAGE_COMES_WITHIN_SECONDS = 30.0

_log = structlog.get_logger(__name__)


def run_everything(settings: Settings, engine: Engine, *, greet: Callable[[], None]) -> None:
    """Answers browsers in this process, with worker and Prefect as watched children, until Ctrl-C or SIGTERM.

    The installation is prepared and the ports are free. The web face comes first and waits for nobody;
    `greet` is called once it answers, and then the children are started.
    """
    # Both end the web face gently; what it raises again afterwards must not cut short what follows.
    signal.signal(signal.SIGTERM, _interrupt)
    children = _Children(settings, greet)
    children.start_after_the_web()
    try:
        serve(settings, engine=engine)
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        children.stop()
        engine.dispose()


class _Children:
    """The worker and the Prefect server of one installation."""

    def __init__(self, settings: Settings, greet: Callable[[], None]) -> None:
        self._settings = settings
        self._greet = greet
        self._stopping = threading.Event()
        # One name for all lives of the worker: the next one leads at once after the last one was killed.
        holder = f"{socket.gethostname()[:40]}:{os.getpid()}:{new_id()[:8]}"
        self.worker = ChildProcess(
            ["-m", "handlepligt", "worker", "--holder", holder],
            log_path=settings.data.resolve() / "logs" / "worker.log",
            on_end=_worker_ended,
        )
        self.prefect = PrefectServer(settings) if not settings.prefect_api_url else None
        self._starter = threading.Thread(target=self._start, name="starter", daemon=True)

    def start_after_the_web(self) -> None:
        self._starter.start()

    def stop(self) -> None:
        """Both at once: the worker tolerates that Prefect goes away."""
        self._stopping.set()
        self._starter.join(5.0)
        ending = threading.Thread(target=self._stop_prefect, daemon=True)
        ending.start()
        self.worker.stop(within_seconds=WORKER_ENDS_WITHIN_SECONDS)
        ending.join(PREFECT_ENDS_WITHIN_SECONDS + 1.0)

    def _stop_prefect(self) -> None:
        if self.prefect is not None:
            # It may be in the middle of its start. Its database is a mirror, and survives being killed.
            self.prefect.stop(within_seconds=PREFECT_ENDS_WITHIN_SECONDS)

    def _start(self) -> None:
        end = time.monotonic() + _PAGE_COMES_WITHIN_SECONDS
        while not self._answers() and time.monotonic() < end and not self._stopping.is_set():
            time.sleep(0.02)
        if self._stopping.is_set():
            return
        self._greet()
        self.worker.start()
        if self.prefect is not None:
            self.prefect.start()

    def _answers(self) -> bool:
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self._settings.host, self._settings.host)  # noqa: S104
        try:
            with socket.create_connection((host, self._settings.port), timeout=0.5):
                return True
        except OSError:
            return False


def _worker_ended(code: int | str, pause: float) -> None:
    _log.warning("worker_ended", code=code, next_start_seconds=pause)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
