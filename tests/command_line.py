"""Runs `handlepligt` in this process against an installation in a folder of its own."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from handlepligt.cli import app
from models.sealing import KeyRing, install_keys
from models.session import make_engine
from notifications.reach import install_reach


class Installation:
    """The folder of one installation, and the commands given to it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.key_file = data / "keys" / "handlepligt.json"
        self.database = data / "handlepligt.db"

    def run(self, *arguments: str, typed: str = "") -> Result:
        """What `handlepligt ARGUMENTS` prints and ends with; `typed` is what stands on standard input."""
        return CliRunner().invoke(app, list(arguments), input=typed)

    def done(self, *arguments: str) -> str:
        """The same for a command that must succeed; its output."""
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout

    def as_json(self, *arguments: str) -> Any:
        return json.loads(self.done(*arguments, "--json"))

    def refused(self, code: int, *arguments: str) -> str:
        """The one sentence on standard error of a command that must end with `code`."""
        result = self.run(*arguments)
        assert result.exit_code == code, result.output
        lines = result.stderr.strip().splitlines()
        assert len(lines) == 1, lines
        assert "Traceback" not in result.output
        return lines[0]

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """The database of the installation, with its own keys installed."""
        install_keys(KeyRing.read(self.key_file))
        engine = make_engine(f"sqlite:///{self.database}")
        yield engine
        engine.dispose()


@contextmanager
def installation_in(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """An installation that does not exist yet; what commands change in this process is put back."""
    for name in [name for name in os.environ if name.startswith("HANDLEPLIGT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HANDLEPLIGT_DATA", str(folder / "data"))
    umask = os.umask(0o022)
    yield Installation(folder / "data")
    os.umask(umask)
    install_reach(None)
