"""The schema for editors takes what the loader takes, and stops at what is wrong in shape."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from protocols.editor_schema import DRAFT, editor_schema
from protocols.kinds import kinds, sections
from protocols.loader import DEFINITIONS
from protocols.yaml_source import read_yaml, read_yaml_text
from tests.protocols.small import SMALL, write
from tests.protocols.test_refusals import BROKEN

SCHEMA = editor_schema()
VALIDATOR = Draft202012Validator(SCHEMA)

# What stands in the wrong place or has the wrong shape; all else takes more than one file's shape to know.
STRUCTURAL = (
    "unknown key in a step",
    "unknown key in a question",
    "unknown section",
    "missing key",
    "missing section",
    "a deadline with an unknown base",
    "a deadline of no known length",
    "a number with unit in words",
)


def errors_of(values: object) -> list[str]:
    return [error.message for error in VALIDATOR.iter_errors(values)]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert SCHEMA["$schema"] == DRAFT


def test_every_kind_found_by_folder_is_in_it() -> None:
    assert set(SCHEMA["properties"]) == set(sections())
    assert set(kinds()) <= set(SCHEMA["$defs"])


INVENTED = Path(__file__).parent / "invented"


@pytest.mark.parametrize(
    "path",
    [*sorted(DEFINITIONS.glob("*.yaml")), *sorted(INVENTED.glob("*.yaml"))],
    ids=lambda path: path.stem,
)
def test_what_ships_and_what_uses_every_kind_fits_it(path: Path) -> None:
    assert errors_of(read_yaml(path).values) == []


def test_the_small_definition_and_its_shared_files_fit_it(tmp_path: Path) -> None:
    folder = write(tmp_path).parent

    assert [errors_of(read_yaml(path).values) for path in sorted(folder.glob("*.yaml"))] == [[], [], []]


@pytest.mark.parametrize("name", STRUCTURAL)
def test_what_is_wrong_in_shape_does_not_fit_it(name: str) -> None:
    text = SMALL
    for old, new in BROKEN[name][0]:
        text = text.replace(old, new, 1)

    assert errors_of(read_yaml_text(text.encode(), "small.yaml").values) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('version: "2026-1"', "version: 2026"),
        ("required: false", "required: no"),
        ("modality: should", "modality: ought"),
        ("type: yes_no", "type: yesno"),
        ("cautions: [careful]", "cautions: careful"),
        ("  visit:\n", "  be-such:\n"),
        ("at_most: 9", "at_most: nine"),
        ("basis: law", "basis: lov"),
    ],
)
def test_an_editor_warns_of_a_slip(old: str, new: str) -> None:
    values = read_yaml_text(SMALL.replace(old, new, 1).encode(), "small.yaml").values

    assert errors_of(values) != []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("modality: should", 'modality: [{when: "age == null", then: must}, {then: may}]'),
        ("    title: Tag på besøg", "    title: Tag på besøg\n    pauses: all"),
        ("    title: Tag på besøg", "    title: Tag på besøg\n    checklist: {coat: Tag frakke på.}"),
        (
            "    title: Tag på besøg",
            "    title: Tag på besøg\n    checklist: {order: strict, items: {coat: Frakke.}}",
        ),
        ("calendar: DK", "calendar: {holidays: SE, working_days: [mon, tue]}"),
        ('opens_when: "true"', "opens_when: true"),
    ],
)
def test_every_way_of_writing_a_thing_fits_it(old: str, new: str) -> None:
    values = read_yaml_text(SMALL.replace(old, new, 1).encode(), "small.yaml").values

    assert errors_of(values) == []


def test_things_are_described_for_whoever_hovers_over_them() -> None:
    step: dict[str, Any] = SCHEMA["$defs"]["step"]

    assert "One step" in step["description"]
    assert "holder" in step["properties"]["owner"]["description"]
    assert step["properties"]["phase"]["enum"] == ["received", "in_progress", "follow_up"]
    assert SCHEMA["$defs"]["head"]["properties"]["version"]["examples"] == ["2026-1"]
    assert all(one.get("description") for one in SCHEMA["$defs"].values())
