"""The command protocol try: whatever is typed, a case goes on by the rules or it is said why not."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import Installation, installation_in
from tests.protocols.small import write
from tests.terminal import Terminal

MONDAY = ("--at", "2027-01-04T09:00")
# Answers to the questions of the small definition's first step, with a wrong one before each right one.
TALK = ["maybe", "nej", "9", "1", "", "31-02-2027", "05-01-2027", "i dag", "?", "nej"]


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    with installation_in(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    folder = tmp_path / "definitions"
    folder.mkdir()
    return write(folder)


def test_try_leads_a_case_to_its_end(installation: Installation, file: Path) -> None:
    typed = ["17", "", "1", *TALK, "l", "1"]

    result = installation.run("protocol", "try", str(file), *MONDAY, typed="\n".join(typed))

    assert result.exit_code == 0, result.output
    said = result.stdout
    assert "1. Tal sammen · skal · Den ansvarlige" in said
    assert "talk.talked: tir 05-01-2027 23.59 (lokal frist)" in said
    assert "Rådgivningen: 11 22 33 44 (åben efter planen)" in said
    for explained in (
        "Svar ja eller nej.",
        "Skriv et tal fra 1 til 1.",
        "Skriv en dag som 27-11-2026",
        "Datoen ligger i fremtiden.",
    ):
        assert explained in said
    assert "Udført: Tal sammen." in said
    assert "Åbnet: Afslut" in said
    assert "Sagen er lukket: Slut." in said


def test_try_tells_of_time_that_passes_of_acute_and_of_what_cannot_be_done(
    installation: Installation, file: Path
) -> None:
    typed = ["", "", "l", "s 1", "7", "t 3 dage", "t i morgen", "n", "a", "r", "1", "nej", "p", "v", "h", "q"]

    said = installation.run("protocol", "try", str(file), *MONDAY, typed="\n".join(typed)).stdout

    assert "Trinnet skal udføres og kan ikke springes over." in said
    assert "Skriv et tal fra 1 til 1." in said
    assert "OVERSKREDET: talk.talked" in said
    assert "Skriv for eksempel t 2 dage" in said
    assert "AKUT" in said
    assert "Åbnet: Slå alarm" in said
    assert "Arbejdsgangen knytter ingen personer til sagen." in said
    assert "acute pressed" in said
    assert said.rstrip().endswith("Stoppet. Intet er gemt.")


def test_try_ends_cleanly_when_nothing_more_is_typed(installation: Installation, file: Path) -> None:
    result = installation.run("protocol", "try", str(file), *MONDAY, typed="17\n")

    assert result.exit_code == 0
    assert result.stdout.rstrip().endswith("Stoppet. Intet er gemt.")
    installation.refused(2, "protocol", "try", str(file), "--at", "tomorrow")


@pytest.mark.slow
def test_try_in_a_real_terminal_stops_at_ctrl_c(file: Path) -> None:
    terminal = Terminal("protocol", "try", str(file), *MONDAY)
    terminal.wait_for("alder eller fødselsdato")
    terminal.type("17\n")
    terminal.wait_for("Haster det?")
    terminal.type("ja\n")
    terminal.wait_for("1. Tal sammen")
    terminal.type("1\n")
    terminal.wait_for("Er I bekymrede?")

    terminal.type("\x03")

    terminal.wait_for("Stoppet. Intet er gemt.")
    assert terminal.end() == 0
    assert "Traceback" not in terminal.said


INVENTED = sorted((Path(__file__).parent / "protocols" / "invented").glob("*_*.yaml"))
ANYTHING = [
    "1", "2", "3", "4", "5", "1,2", "ja", "nej", "?", "", "a", "n", "t 3 dage", "t 2 timer", "l", "p", "r",
    "f", "o", "s 2", "v", "h", "+3", "-1", "i dag", "nu", "27-11-2026 16.55", "Tekst.", "æøå", "\u202e",
    "9" * 400,
]  # fmt: skip


@pytest.mark.parametrize("path", [*INVENTED, None], ids=lambda path: path.stem if path else "shipped")
@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_typed_is_taken_or_explained(
    installation: Installation, path: Path | None, seed: int
) -> None:
    chance = random.Random(seed)
    typed = "\n".join(chance.choice(ANYTHING) for _ in range(250))

    result = installation.run(
        "protocol", "try", str(path) if path else "adviser_under_18", *MONDAY, typed=typed
    )

    assert result.exit_code == 0, result.output[-2000:]
    assert result.stderr == ""
    assert "Traceback" not in result.output
    assert result.stdout.rstrip().endswith((".", "Intet er gemt."))
