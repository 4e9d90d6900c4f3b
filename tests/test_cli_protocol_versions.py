"""Versions of protocols on the command line: two people publish, two move a case, one moves it back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlepligt.cases.definitions import forget
from handlepligt.domain.vocabulary import StaffRole
from models.session import writing
from protocols.loader import DEFINITIONS, shipped
from tests.command_line import Installation, installation_in
from tests.house import make_house
from tests.make import make_staff
from tests.test_cli_cases import raised

KEY, NEW = "adviser_under_18", "2031-1"
OLD = shipped().latest(KEY).version


@pytest.fixture
def staffed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    """An installation with the usual people in it, and a second one who writes protocols."""
    forget()
    with installation_in(tmp_path, monkeypatch) as made:
        made.done("migrate")
        with made.engine() as engine, writing(engine) as session:
            make_house(session)
            make_staff(session, name="Edel Bro", role=StaffRole.PROTOCOL_EDITOR)
        yield made
    forget()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The shipped definition as a house would change it."""
    text = (DEFINITIONS / f"{KEY}.yaml").read_text("utf-8")
    path = tmp_path / "ny udgave.yaml"
    path.write_text(text.replace(f'"{OLD}"', f'"{NEW}"', 1).replace("24 hours", "48 hours"), "utf-8")
    return path


def test_a_version_goes_from_a_file_to_a_case_and_back(staffed: Installation, file: Path) -> None:
    reference = raised(staffed)
    assert f"{KEY} {NEW}: kladde" in staffed.done("protocol", "draft", str(file), "--as", "erik")
    assert "four_eyes" in staffed.refused(1, "protocol", "publish", KEY, NEW, "--as", "erik")
    assert "udgivet" in staffed.done("protocol", "publish", KEY, NEW, "--as", "edel")
    versions = {(one["key"], one["version"]): one for one in staffed.as_json("protocol", "versions")}
    assert versions[KEY, NEW]["is_newest"]
    assert versions[KEY, OLD]["open_cases"] == 1

    seen = staffed.as_json("protocol", "migrate", reference, NEW, "--as", "erik")
    assert seen["status"] == "seen"
    assert [one["title"] for one in seen["deadlines"]] == ["Vurdering af fare"]
    move = ("protocol", "migrate", reference, NEW)
    assert "Foreslået" in staffed.done(*move, "--as", "erik", "--reason", "48 timer nu.")
    assert "no such case" in staffed.refused(1, *move, "--as", "erik", "--approve")
    assert f"følger nu version {NEW}" in staffed.done(*move, "--as", "lars", "--approve")
    assert f"igen version {OLD}" in staffed.done("protocol", "undo", reference, "--as", "lars")
    assert "was not moved" in staffed.refused(1, "protocol", "undo", reference, "--as", "lars")


def test_all_faults_of_a_draft_are_told_with_their_places(staffed: Installation, file: Path) -> None:
    file.write_text(file.read_text("utf-8").replace("48 hours", "48 moons"), "utf-8")

    result = staffed.run("protocol", "draft", str(file), "--as", "erik")

    assert result.exit_code == 1
    assert result.stderr.count("ny udgave.yaml:") == file.read_text("utf-8").count("48 moons")
    assert [one for one in staffed.as_json("protocol", "versions") if one["status"] == "draft"] == []


def test_without_a_file_the_houses_own_folder_is_handed_in(
    staffed: Installation, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "HANDLEPLIGT_PROTOCOLS" in staffed.refused(2, "protocol", "draft", "--as", "erik")
    folder = staffed.data / "protocols"
    folder.mkdir()
    file.rename(folder / "ny.yaml")

    assert f"{KEY} {NEW}: kladde" in staffed.done("protocol", "draft", "--as", "erik")
    monkeypatch.setenv("HANDLEPLIGT_PROTOCOLS", str(folder / "nowhere"))
    assert "nowhere" in staffed.refused(2, "protocol", "draft", "--as", "erik")
    assert "cannot be read" in staffed.refused(2, "protocol", "draft", "nothing.yaml", "--as", "erik")


def test_what_nobody_has_drafted_is_not_published(staffed: Installation) -> None:
    assert "no version" in staffed.refused(1, "protocol", "publish", KEY, "1999-1", "--as", "edel")
    assert "may not edit" in staffed.refused(1, "protocol", "withdraw", KEY, OLD, "--as", "mia")
    assert "trukket tilbage" in staffed.done("protocol", "withdraw", KEY, OLD, "--as", "edel")


def test_a_proposal_that_does_not_wait_is_not_approved(staffed: Installation, file: Path) -> None:
    reference = raised(staffed)
    staffed.done("protocol", "draft", str(file), "--as", "erik")
    staffed.done("protocol", "publish", KEY, NEW, "--as", "edel")

    said = staffed.refused(2, "protocol", "migrate", reference, NEW, "--as", "lars", "--approve")

    assert "no proposal" in said
