"""What ships is recorded at the first start and compared at each: a published version never changes."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import delete, select

from handlepligt.cases import definitions, kept_versions
from handlepligt.errors import ConfigurationError
from handlepligt.protocol_versions import shipped as room
from handlepligt.protocol_versions.drafting import draft_of_file
from handlepligt.protocol_versions.shipped import (
    changed_shipped,
    check_versions,
    lost_versions,
    unreadable_versions,
)
from handlepligt.protocol_versions.versions import VersionTakenError, publish, submit_draft
from models import Case, ProtocolVersion
from models.session import reading, writing
from protocols import loader
from protocols.loader import DEFINITIONS, library
from tests.make import MONDAY
from tests.protocol_versions.publishing import Office


def forget_shipped() -> None:
    loader.shipped.cache_clear()
    kept_versions.shipped_texts.cache_clear()
    kept_versions.shipped_prints.cache_clear()
    definitions.forget()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shipped definitions in a folder of the test's own: another version of the product."""
    copy = tmp_path / "definitions"
    shutil.copytree(DEFINITIONS, copy)
    for module in (kept_versions, room):
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
    assert "put the file back" in said
    with reading(engine) as session:
        assert all("has changed since" in one for one in changed_shipped(session))


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
    key, version = next(name for name in kept_versions.shipped_prints() if name[0] == "professional")
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


def test_a_file_changed_before_anything_was_recorded_stops_the_start_too(
    engine: Engine, folder: Path
) -> None:
    change(folder / "professional.yaml", "\n", "\n# Changed by hand.\n")

    with pytest.raises(
        ConfigurationError, match=r"changed since it was pinned .*protocol pin --version 2026-"
    ):
        check_versions(engine, MONDAY)

    assert rows(engine) == {}


def test_a_file_that_changes_under_a_running_process_is_not_what_it_records(
    engine: Engine, folder: Path
) -> None:
    check_versions(engine, MONDAY)
    before = rows(engine)
    with writing(engine) as session:
        session.exec(delete(ProtocolVersion))
    path = folder / "professional.yaml"
    path.write_text(path.read_text("utf-8") + "# While it runs.\n", "utf-8")

    check_versions(engine, MONDAY)

    assert {name: row.sha256 for name, row in rows(engine).items()} == {
        name: row.sha256 for name, row in before.items()
    }


def test_the_first_case_writes_down_what_it_follows(engine: Engine, folder: Path, office: Office) -> None:
    assert rows(engine) == {}

    case = office.raised()

    kept = rows(engine)[case.track, case.protocol_version]
    assert (kept.origin, kept.status) == ("product", "published")
    assert kept.sha256 == kept_versions.shipped_prints()[case.track, case.protocol_version]


def test_a_case_goes_on_after_its_file_has_changed_and_its_version_with_it(
    engine: Engine, folder: Path, office: Office
) -> None:
    case = office.raised()
    was = case.protocol_version
    change(folder / "contacts.yaml", "\n", "\n# Changed by hand.\n")
    for key in ("professional", "adviser_over_18", "adviser_under_18"):
        change(folder / f"{key}.yaml", f'version: "{was}"', 'version: "2031-7"')

    check_versions(engine, MONDAY)

    with reading(engine) as session:
        assert lost_versions(session) == []
        assert definitions.definition_of(session.get_one(Case, case.id)).version == was
    assert office.raised().protocol_version == "2031-7"


def test_first_concerns_at_the_same_instant_write_each_version_once(
    engine: Engine, folder: Path, office: Office
) -> None:
    def raised(_: int) -> Case:
        return Office(engine, office.house, edel=False).raised()

    with ThreadPoolExecutor(4) as pool:
        cases = list(pool.map(raised, range(4)))

    assert len({case.reference for case in cases}) == 4
    assert len(rows(engine)) == 3


def test_a_draft_gives_way_to_what_ships_under_its_number_and_is_not_published(
    engine: Engine, folder: Path, office: Office
) -> None:
    row = office.drafted()
    key, version = next(name for name in kept_versions.shipped_prints() if name[0] == "professional")
    with writing(engine) as session:
        kept = session.get_one(ProtocolVersion, row.id)
        kept.key, kept.version = key, version

    office.refused(VersionTakenError, publish, by=office.edel, version_id=row.id)
    check_versions(engine, MONDAY)

    shipped = rows(engine)[key, version]
    assert (shipped.origin, shipped.status, shipped.drafted_by_id) == ("product", "published", None)
    assert shipped.sha256 == kept_versions.shipped_prints()[key, version]


def test_the_number_of_what_ships_is_taken_before_anybody_has_written_it_down(
    engine: Engine, folder: Path, office: Office
) -> None:
    draft = draft_of_file(folder / "professional.yaml", folder=folder)

    office.refused(VersionTakenError, submit_draft, by=office.erik, draft=draft)


def test_cases_that_follow_nothing_are_named_with_the_way_back(
    engine: Engine, folder: Path, office: Office
) -> None:
    """Then the version is handed in again, and they go on."""
    case = office.raised()
    with writing(engine) as session:
        assert lost_versions(session) == []
        session.get_one(Case, case.id).track = "small"
    with reading(engine) as session:
        [lost] = lost_versions(session)
    assert str(lost).startswith("1 cases (1 of them open) follow small 2026-1, which is not here: take small")

    office.published()

    with writing(engine) as session:
        assert lost_versions(session) == []
        found = session.get_one(Case, case.id)
        assert definitions.definition_of(found).version == "2026-1"
        found.track = case.track
