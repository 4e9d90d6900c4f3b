"""The command `protocol draw`: from a file or a key, to standard output or a file."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from handlepligt.cli import app
from tests.protocols.small import write

INVENTED = Path(__file__).parent / "protocols" / "invented"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["protocol", "draw", *arguments])
    return result.exit_code, result.output


@pytest.mark.parametrize("named", ["professional", "professional@2026-1"])
def test_a_protocol_that_is_installed_is_drawn(named: str) -> None:
    code, said = run(named)

    assert code == 0
    assert said.startswith("<svg")
    assert "Lav underretningen" in said


def test_a_file_is_drawn_into_a_file(tmp_path: Path) -> None:
    out = tmp_path / "drawn.svg"

    code, said = run(str(write(tmp_path)), "-o", str(out))

    assert (code, said) == (0, "")
    assert "Tag på besøg" in out.read_text(encoding="utf-8")


def test_it_is_drawn_in_the_language_that_is_asked_for() -> None:
    path = str(INVENTED / "lillby_concern.yaml")

    assert "Tag imod bekymringen" in run(path)[1]
    assert "Ta emot oron" in run(path, "--language", "sv")[1]


def test_what_cannot_be_drawn_is_said_in_a_sentence(tmp_path: Path) -> None:
    broken = write(tmp_path, ("modality: must", "modality: musst"))

    assert run("nothing")[0] == 2
    assert run(str(broken))[0] == 2
    assert "small.yaml" in run(str(broken))[1]
    assert "add protocols/wording/xx.yaml" in run("professional", "--language", "xx")[1]
    assert run("professional", "-o", str(tmp_path / "no" / "such" / "folder"))[0] == 2
