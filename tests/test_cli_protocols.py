"""The commands about protocols as files: check, schema, diff and simulate."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from protocols.yaml_source import read_yaml
from tests.command_line import Installation, installation_in
from tests.protocols.small import SMALL, write
from tests.terminal import Terminal


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


def test_check_says_the_problems_in_danish_to_whoever_asks(
    installation: Installation, tmp_path: Path
) -> None:
    broken = write(tmp_path, ("contacts: [hotline]", "contacts: [hotlin]"))

    said = installation.run("protocol", "check", str(broken), "--language", "da")
    told = installation.run("protocol", "check", str(broken), "--language", "da", "--json")

    assert said.exit_code == told.exit_code == 1
    assert re.fullmatch(r"small\.yaml:\d+:16: Ukendt kontakt: “hotlin”\. Mente du “hotline”\?\n", said.stderr)
    [problem] = json.loads(told.stdout)["problems"]
    assert problem["sentence"] == "Ukendt kontakt: “hotlin”. Mente du “hotline”?"


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


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("schema",), ("check", "--explain"), ("draw", "adviser_under_18")])
def test_nothing_is_said_when_whoever_reads_has_read_enough(arguments: tuple[str, ...]) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "handlepligt", "protocol", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        assert run.stdout is not None
        assert run.stderr is not None
        # As `| head` does, and even before the first line.
        run.stdout.close()
        said = run.stderr.read()

    assert said == b""


def test_a_definition_may_lie_anywhere(installation: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "a folder with spaces and ø"
    folder.mkdir()
    (folder / "alone.yaml").write_text(
        SMALL.replace("    contacts: [hotline]\n", "").replace(", ladder: local", ""), "utf-8"
    )

    assert "Ingen fejl." in installation.done("protocol", "check", str(folder / "alone.yaml"))
