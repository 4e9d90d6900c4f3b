"""The kinds are found by folder, each has one class, and each is used by a definition that ships."""

from __future__ import annotations

from pathlib import Path

import protocols.kinds
from protocols.element import Element
from protocols.kinds import NOT_YET_SUPPORTED, kinds, sections
from protocols.loader import library


def test_every_file_of_the_folder_is_a_kind() -> None:
    folder = Path(protocols.kinds.__file__).parent

    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}

    assert set(kinds()) == files
    assert all(issubclass(kind, Element) for kind in kinds().values())


def test_every_section_is_used_by_some_definition_that_ships() -> None:
    used = {section for definition in library().all() for section in definition.elements}

    # No track has a deadline of the whole case; the small definition of the tests has.
    assert set(sections()) - used == {"deadlines"}


def test_what_is_not_yet_supported_is_not_a_section_already() -> None:
    assert not NOT_YET_SUPPORTED & set(sections())
