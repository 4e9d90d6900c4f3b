"""Runs a part of the product in a process of its own and starts it again whenever it ends by itself."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
# A process that ran this long was well; its next failure begins again with the shortest pause.
WELL_AFTER_SECONDS = 60.0
LOG_BYTES = 5_000_000
# What is killed is gone at once, unless the machine itself hangs.
_KILLED_WITHIN_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1


class ChildProcess:
    """One child, watched by a thread. `on_end` is told the code and the pause before the next start.

    `command` is what follows `python -m handlepligt.child_process PARENT`: on Linux the child is killed
    by the kernel when this process dies, so that nothing works on behind our back. It has a process group
    of its own: Ctrl-C in the terminal reaches this process only, which then asks the child to end.

    What the child says goes to `log_path`; a long log is put aside as `.1` when the child is started.
    `env` gives the variables it has besides ours and is asked at each start; what it or `cwd` cannot give
    then (an OSError) counts as a child that ended, and is tried again. After `stop()` it stays stopped.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log_path: Path,
        env: Callable[[], Mapping[str, str]] = dict,
        cwd: Path | None = None,
        on_end: Callable[[int | str, float], None] = lambda code, pause: None,
    ) -> None:
        self._command = list(command)
        self._log_path = log_path
        self._env = env
        self._cwd = cwd
        self._on_end = on_end
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the running child, or None between two of them."""
        process = self._process
        return process.pid if process is not None and process.poll() is None else None

    @property
    def is_stopped(self) -> bool:
        """Whether it has been told to stop, after which it is never started again."""
        return self._stopping.is_set()

    def start(self) -> None:
        """Begins to run and to watch the child. Does not wait for it."""
        # The kernel ties the child to the thread that made it, so one thread lives as long as it is watched.
        self._thread = threading.Thread(
            target=self._supervise, name=f"watch-{self._log_path.stem}", daemon=True
        )
        self._thread.start()

    def stop(self, *, within_seconds: float) -> None:
        """Asks the child to end and kills it after `within_seconds`. Safe to call at any time."""
        self._stopping.set()
        with self._lock:
            process = self._process
        if process is not None and process.poll() is None:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(within_seconds)
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                with suppress(subprocess.TimeoutExpired):
                    process.wait(_KILLED_WITHIN_SECONDS)
        if self._thread is not None:
            self._thread.join(1.0)

    def _supervise(self) -> None:
        pause = FIRST_PAUSE_SECONDS
        while not self._stopping.is_set():
            began = time.monotonic()
            code = self._run_once()
            if self._stopping.is_set():
                return
            if time.monotonic() - began > WELL_AFTER_SECONDS:
                pause = FIRST_PAUSE_SECONDS
            self._on_end(code, pause)
            self._stopping.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def _run_once(self) -> int | str:
        become = [sys.executable, "-m", "handlepligt.child_process", str(os.getpid())]
        try:
            with self._open_log() as output, self._lock:
                if self._stopping.is_set():
                    return 0
                self._process = subprocess.Popen(
                    [*become, *self._command],
                    env={**os.environ, **self._env()},
                    cwd=self._cwd,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
        except OSError as error:
            return type(error).__name__
        return self._process.wait()

    def _open_log(self) -> IO[bytes]:
        self._log_path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._log_path.exists() and self._log_path.stat().st_size > LOG_BYTES:
            self._log_path.replace(self._log_path.with_name(self._log_path.name + ".1"))
        return self._log_path.open("ab")


def become(parent: int, arguments: list[str]) -> None:
    """Turns this process into Python with `arguments`, to be killed when the process `parent` dies."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    # The parent may have died before the line above; then nobody would tell us.
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606 - no shell on purpose.


if __name__ == "__main__":
    become(int(sys.argv[1]), sys.argv[2:])
