"""The kinds are found by folder, each has one class, and each is used by some definition."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import protocols.kinds
from protocols.element import Element
from protocols.kinds import kinds, sections
from protocols.loader import library
from protocols.yaml_source import read_yaml

INVENTED = Path(__file__).parents[1] / "invented"


def test_every_file_of_the_folder_is_a_kind() -> None:
    folder = Path(protocols.kinds.__file__).parent

    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}

    assert set(kinds()) == files
    assert all(issubclass(kind, Element) for kind in kinds().values())


def test_every_section_is_used_by_a_definition_that_ships_or_was_invented_for_the_tests() -> None:
    used = {section for definition in library().all() for section in definition.elements}

    for path in INVENTED.glob("*.yaml"):
        used |= set(cast(Mapping[str, object], read_yaml(path).values))

    # Nothing here has a deadline of the whole case; the small definition of the tests has.
    assert set(sections()) - used <= {"deadlines"}
