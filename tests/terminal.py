"""`handlepligt` in a terminal of its own, at which a test can read and type."""

import fcntl
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time


def _at_the_terminal() -> None:
    """In the child: Ctrl-C reaches it, also where these tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """One command, and what it has said so far."""

    def __init__(self, *arguments: str) -> None:
        mine, its = pty.openpty()
        self.fd, self.said = mine, ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "handlepligt", *arguments],
            stdin=its, stdout=its, stderr=its, start_new_session=True, preexec_fn=_at_the_terminal,
            env={**os.environ, "TERM": "dumb"},
        )  # fmt: skip
        os.close(its)

    def wait_for(self, text: str, seconds: float = 30) -> None:
        until = time.monotonic() + seconds
        while text not in self.said:
            assert time.monotonic() < until, self.said
            if select.select([self.fd], [], [], 0.2)[0]:
                try:
                    self.said += os.read(self.fd, 65_536).decode(errors="replace")
                except OSError:  # The other end is closed, which Linux says in this way.
                    assert text in self.said, self.said
                    return

    def type(self, text: str) -> None:
        os.write(self.fd, text.encode())

    def end(self) -> int:
        code = self.process.wait(timeout=20)
        os.close(self.fd)
        return code
