"""The commands about protocols as files: check, schema, diff, try and simulate."""

import fcntl
import json
import os
import pty
import random
import re
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from protocols.yaml_source import read_yaml
from tests.command_line import Installation, installation_in
from tests.protocols.small import SMALL, write

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


def test_check_says_all_problems_at_once_and_ends_with_1(installation: Installation, tmp_path: Path) -> None:
    broken = write(
        tmp_path,
        ("contacts: [hotline]", "contacts: [hotlin]"),
        ('version: "2026-1"', "version: 2026"),
        ("standing: true", "standing: ja"),
    )

    result = installation.run("protocol", "check", str(broken))

    assert result.exit_code == 1
    places = re.findall(r"^small\.yaml:(\d+):\d+: ", result.stderr, re.MULTILINE)
    assert len(set(places)) == 3


def test_check_says_the_same_as_json(installation: Installation, tmp_path: Path) -> None:
    broken = write(tmp_path, ("contacts: [hotline]", "contacts: [hotlin]"))

    result = installation.run("protocol", "check", str(broken), "--json")

    [problem] = json.loads(result.stdout)["problems"]
    assert result.exit_code == 1
    assert (problem["file"], problem["column"]) == ("small.yaml", 16)
    assert "did you mean 'hotline'?" in problem["sentence"]


def test_check_explains_every_condition_in_words(installation: Installation, file: Path) -> None:
    said = installation.done("protocol", "check", str(file), "--explain")
    told = installation.as_json("protocol", "check", str(file), "--explain")

    assert 'steps.visit.opens_when: done("talk") && answer.worried == "yes"' in said
    conditions = {one["where"]: one["sentence"] for one in told["conditions"]}
    assert "“Er I bekymrede?”" in conditions["steps.visit.opens_when"]
    assert "rules.talk_first.require" in conditions


def test_check_of_a_folder_without_definitions_finds_nothing_to_praise(
    installation: Installation, tmp_path: Path
) -> None:
    assert "no definition in this folder" in installation.refused(1, "protocol", "check", str(tmp_path))


def test_the_schema_is_written_and_fits_what_ships(installation: Installation, tmp_path: Path) -> None:
    out = tmp_path / "schema.json"

    installation.done("protocol", "schema", "-o", str(out))
    said = installation.done("protocol", "schema")

    assert json.loads(said) == json.loads(out.read_text("utf-8"))
    assert Draft202012Validator(json.loads(said)).is_valid(read_yaml(write(tmp_path)).values)
    installation.refused(2, "protocol", "schema", "-o", str(tmp_path / "nowhere" / "schema.json"))


def test_diff_ends_with_0_1_and_2(installation: Installation, file: Path, tmp_path: Path) -> None:
    other = write(tmp_path, ("within: 1 working day", "within: 2 working days"))
    broken = tmp_path / "broken.yaml"
    broken.write_text("head: {}\n", "utf-8")

    same = installation.run("protocol", "diff", str(file), str(file))
    changed = installation.run("protocol", "diff", str(file), str(other))

    assert (same.exit_code, same.stdout) == (0, "Ingen forskel.\n")
    assert changed.exit_code == 1
    assert changed.stdout.splitlines() == [
        "Trin “Tal sammen” › frist “talked” › længde: ændret fra 1 hverdag til 2 hverdage"
    ]
    assert installation.run("protocol", "diff", str(file), str(broken)).exit_code == 2
    installation.refused(2, "protocol", "diff", str(file), "nothing_of_the_kind")


def test_diff_takes_installed_versions_and_speaks_json(installation: Installation) -> None:
    result = installation.run("protocol", "diff", "adviser_under_18@2026-1", "adviser_over_18", "--json")

    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert {"how", "kind", "where", "what", "old", "new"} == set(found[0])
    assert {"step", "question", "deadline", "contact", "gate", "role"} <= {one["kind"] for one in found}


def test_simulate_reports_and_says_the_same_twice(installation: Installation, file: Path) -> None:
    again = [installation.done("protocol", "simulate", str(file), "--cases", "30") for _ in range(2)]

    assert again[0] == again[1]
    assert "Sager, der ikke sluttede: 0" in again[0]
    assert re.search(r"Fra modtaget til lukket: median [\d,]+ dage, 90 % inden", again[0])
    assert "Rådgivningen: " in again[0]


def test_simulate_speaks_json(installation: Installation, file: Path) -> None:
    report = installation.as_json("protocol", "simulate", str(file), "--cases", "10", "--seed", "4")

    assert (report["cases"], report["seed"], report["not_ended"]) == (10, 4, 0)
    assert report["steps"]["talk"]["cases"] == 10
    assert installation.run("protocol", "simulate", str(file), "--cases", "0").exit_code == 2


def test_a_broken_definition_is_not_simulated(installation: Installation, tmp_path: Path) -> None:
    broken = write(tmp_path, ("contacts: [hotline]", "contacts: [hotlin]"))

    assert "did you mean 'hotline'?" in installation.refused(1, "protocol", "simulate", str(broken))


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


def _at_the_terminal() -> None:
    """In the child: Ctrl-C reaches it, also where these tests run in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


class Terminal:
    """`handlepligt` in a terminal of its own, at which one can read and type."""

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


@pytest.mark.slow
def test_simulate_shows_its_progress_in_a_terminal_and_not_in_a_file(file: Path) -> None:
    terminal = Terminal("protocol", "simulate", str(file), "--cases", "5")

    terminal.wait_for("Sager, der ikke sluttede: 0")

    assert terminal.end() == 0
    assert "Opdigtede sager" in terminal.said
    quiet = subprocess.run(
        [sys.executable, "-m", "handlepligt", "protocol", "simulate", str(file), "--cases", "5"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert quiet.stderr == ""


def test_a_definition_may_lie_anywhere(installation: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "a folder with spaces and ø"
    folder.mkdir()
    (folder / "alone.yaml").write_text(
        SMALL.replace("    contacts: [hotline]\n", "").replace(", ladder: local", ""), "utf-8"
    )

    assert "Ingen fejl." in installation.done("protocol", "check", str(folder / "alone.yaml"))


INVENTED = sorted((Path(__file__).parent / "protocols" / "invented").glob("*_*.yaml"))
ANYTHING = [
    "1", "2", "3", "4", "5", "1,2", "ja", "nej", "?", "", "a", "n", "t 3 dage", "t 2 timer", "l", "p", "r", "f",
    "o", "s 2", "v", "h", "+3", "-1", "i dag", "nu", "27-11-2026 16.55", "Noget tekst.", "æøå", "\u202e",
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
