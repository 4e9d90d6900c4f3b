"""Which version new cases take, and what stands in force in a process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from protocols.definition import Definition
from protocols.library import Library, in_force, put_in_force
from protocols.loader import library, shipped
from protocols.problems import UnknownDefinitionError
from tests.protocols.small import small


@pytest.fixture
def versions(tmp_path: Path) -> list[Definition]:
    return [small(tmp_path, ('"2026-1"', f'"{one}"')) for one in ("2026-2", "2026-10", "2026-9")]


@pytest.fixture
def nothing_in_force() -> Iterator[None]:
    before = in_force()
    put_in_force(None)
    yield
    put_in_force(before)


def test_the_newest_counts_by_number_and_not_by_letters(versions: list[Definition]) -> None:
    shelf = Library(versions)

    assert shelf.latest("small").version == "2026-10"
    assert [one.version for one in shelf.all()] == ["2026-2", "2026-9", "2026-10"]


def test_a_withdrawn_version_is_passed_over_and_still_there(versions: list[Definition]) -> None:
    shelf = Library(versions, {("small", "2026-10")})

    assert shelf.latest("small").version == "2026-9"
    assert shelf.get("small", "2026-10").version == "2026-10"
    assert shelf.suggest(None, "adviser") == ("small",)


def test_when_all_are_withdrawn_the_track_is_suggested_to_nobody(versions: list[Definition]) -> None:
    shelf = Library(versions, {("small", one.version) for one in versions})

    assert shelf.suggest(None, "adviser") == ()
    assert shelf.latest("small").version == "2026-10"


def test_what_nobody_published_is_not_there(versions: list[Definition]) -> None:
    with pytest.raises(UnknownDefinitionError):
        Library(versions).get("small", "2026-3")
    with pytest.raises(UnknownDefinitionError):
        Library(versions).latest("large")


def test_what_ships_is_in_force_until_something_else_is(
    nothing_in_force: None, versions: list[Definition]
) -> None:
    assert library() is shipped()

    put_in_force(Library(versions))

    assert [one.key for one in library().all()] == ["small"] * 3
