"""What ships is recorded at the first start and compared at each: a published version never changes."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from handlepligt.cases import definitions
from handlepligt.errors import ConfigurationError
from handlepligt.protocol_versions import shipped as room
from handlepligt.protocol_versions.shipped import (
    cases_without_version,
    check_versions,
    unreadable_versions,
)
from models import Case, ProtocolVersion
from models.session import reading, writing
from protocols import loader
from protocols.loader import DEFINITIONS, library
from tests.make import MONDAY
from tests.protocol_versions.publishing import Office


def forget_shipped() -> None:
    loader.shipped.cache_clear()
    definitions.shipped_prints.cache_clear()
    definitions.forget()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shipped definitions in a folder of the test's own: another version of the product."""
    copy = tmp_path / "definitions"
    shutil.copytree(DEFINITIONS, copy)
    for module in (definitions, room):
        monkeypatch.setattr(module, "DEFINITIONS", copy)
    original = loader.load_all
    monkeypatch.setattr(loader, "load_all", lambda **more: original(copy, **more))
    forget_shipped()
    yield copy
    monkeypatch.undo()
    forget_shipped()


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    forget_shipped()


def rows(engine: Engine) -> dict[tuple[str, str], ProtocolVersion]:
    with reading(engine) as session:
        return {(row.key, row.version): row for row in session.exec(select(ProtocolVersion))}


def test_the_first_start_records_what_ships(engine: Engine, folder: Path) -> None:
    check_versions(engine, MONDAY)

    found = rows(engine)
    assert {key for key, _ in found} == {"adviser_under_18", "adviser_over_18", "professional"}
    assert {(row.origin, row.status, row.published_at) for row in found.values()} == {
        ("product", "published", MONDAY)
    }
    assert all("contacts.yaml" in row.files for row in found.values())


def test_a_later_start_changes_nothing(engine: Engine, folder: Path) -> None:
    check_versions(engine, MONDAY)
    before = rows(engine)

    check_versions(engine, MONDAY.replace(year=2027))

    assert rows(engine) == before


@pytest.mark.parametrize("name", ["professional.yaml", "contacts.yaml"])
def test_a_changed_file_with_the_same_version_stops_the_start(
    engine: Engine, folder: Path, name: str
) -> None:
    check_versions(engine, MONDAY)
    change(folder / name, "\n", "\n# Changed by hand.\n")

    with pytest.raises(ConfigurationError) as caught:
        check_versions(engine, MONDAY)

    said = str(caught.value)
    assert f"{name}: recorded " in said
    assert ", now " in said
    assert "version 2026-" in said
    assert "give" in said
    assert "a new version:" in said


def test_a_new_version_is_recorded_beside_the_old_one_which_cases_go_on_with(
    engine: Engine, folder: Path
) -> None:
    check_versions(engine, MONDAY)
    was = library().latest("professional").version
    change(folder / "professional.yaml", f'version: "{was}"', 'version: "2031-7"')

    check_versions(engine, MONDAY)

    assert library().latest("professional").version == "2031-7"
    # The file of the earlier version is gone; its text is in the database.
    assert library().get("professional", was).version == was


def test_the_houses_own_version_of_the_same_number_stands(
    engine: Engine, folder: Path, office: Office
) -> None:
    key, version = next(name for name in definitions.shipped_prints() if name[0] == "professional")
    own = office.published()
    with writing(engine) as session:
        row = session.get_one(ProtocolVersion, own.id)
        row.key, row.version = key, version

    check_versions(engine, MONDAY)

    assert rows(engine)[key, version].origin == "house"


def test_a_published_version_that_cannot_be_read_any_more_stops_the_start(
    engine: Engine, folder: Path, office: Office
) -> None:
    row = office.published()
    with writing(engine) as session:
        kept = session.get_one(ProtocolVersion, row.id)
        kept.files = kept.files.replace("Tal sammen", "Tal aldrig")
    forget_shipped()

    with pytest.raises(ConfigurationError, match=r"small version 2026-1 .* cannot be read any more"):
        check_versions(engine, MONDAY)

    with reading(engine) as session:
        assert [one.key for one in unreadable_versions(session)] == ["small"]


def test_open_cases_that_follow_nothing_are_counted(engine: Engine, folder: Path, office: Office) -> None:
    case = office.raised()
    with writing(engine) as session:
        assert cases_without_version(session) == 0
        session.get_one(Case, case.id).protocol_version = "1999-1"
        session.flush()
        assert cases_without_version(session) == 1
        session.get_one(Case, case.id).protocol_version = case.protocol_version
