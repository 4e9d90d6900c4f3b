"""The record beside the definitions that ship: a changed file has a new version, or the tests are red."""

import re
import shutil
from pathlib import Path

import pytest

from handlepligt.protocol_versions.pinning import ShippedChangedError, complaints, pin, pinned, shipped_now
from protocols.loader import DEFINITIONS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what ships, with no record yet."""
    copy = tmp_path / "definitions"
    shutil.copytree(DEFINITIONS, copy, ignore=shutil.ignore_patterns("*.lock"))
    return copy


def touch(path: Path) -> None:
    path.write_text(path.read_text("utf-8") + "\n# One more line.\n", "utf-8")


def test_what_ships_is_what_was_pinned() -> None:
    """When this is red, do what the sentences say, and commit the files with the lock."""
    wrong = complaints()

    assert not wrong, "\n" + "\n".join(wrong)


def test_pinning_twice_adds_nothing(folder: Path) -> None:
    assert len(pin(folder)) == 3

    assert pin(folder) == []
    assert pinned(folder) == shipped_now(folder)


def test_a_changed_file_is_not_pinned_under_its_old_version(folder: Path) -> None:
    pin(folder)
    touch(folder / "professional.yaml")

    with pytest.raises(ShippedChangedError, match="professional 20"):
        pin(folder)


@pytest.mark.parametrize("name", ["adviser_under_18.yaml", "contacts.yaml", "ladders.yaml"])
def test_whoever_edits_what_ships_is_told_how_to_mend_it_and_the_mending_works(
    folder: Path, name: str
) -> None:
    pin(folder)
    assert complaints(folder) == []

    touch(folder / name)
    told = complaints(folder)

    assert all(f"{name}: pinned " in sentence for sentence in told)
    [version] = {re.findall(r"`handlepligt protocol pin --version ([0-9-]+)`", one)[0] for one in told}
    pin(folder, version=version)
    assert complaints(folder) == []


def test_a_definition_that_is_new_is_to_be_pinned(folder: Path) -> None:
    told = complaints(folder)

    assert len(told) == 3
    assert all("say `handlepligt protocol pin` and commit" in sentence for sentence in told)


def test_a_new_version_is_written_into_the_changed_files_only(folder: Path) -> None:
    pin(folder)
    before = pinned(folder)
    touch(folder / "professional.yaml")

    added = pin(folder, version="2031-4")

    assert added == [("professional", "2031-4")]
    assert before.items() <= pinned(folder).items()
    assert pin(folder) == []


def test_a_changed_contact_gives_all_of_them_a_new_version(folder: Path) -> None:
    pin(folder)
    touch(folder / "contacts.yaml")

    added = pin(folder, version="2031-4")

    assert {version for _, version in added} == {"2031-4"}
    assert len(added) == 3


def test_a_version_that_is_pinned_already_is_refused(folder: Path) -> None:
    pin(folder)
    touch(folder / "professional.yaml")
    version = next(version for key, version in pinned(folder) if key == "professional")

    with pytest.raises(ShippedChangedError):
        pin(folder, version=version)
