"""What a protocol raises cases on stands in the same folder, ends as said, and leads in no circle."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols.loader import load_all
from protocols.problems import DefinitionRefused
from tests.protocols.kinds.test_sub_protocol import OWN_CASE, RULES
from tests.protocols.small import SMALL, write

ENDS = "    ends: {helped: Hjulpet, moved: Flyttet}\n"


def a_file(folder: Path, key: str, *, raises: str = "", ends: str = "") -> None:
    text = SMALL.replace("key: small", f"key: {key}")
    if raises:
        own_case = OWN_CASE.replace("protocol: other", f"protocol: {raises}").replace(ENDS, ends)
        text = text.replace(RULES, own_case + RULES)
    write(folder, text=text).rename(folder / f"{key}.yaml")


def refusals(folder: Path) -> list[str]:
    with pytest.raises(DefinitionRefused) as refused:
        load_all(folder, thorough=False)
    return [f"{one.file}: {one.sentence}" for one in refused.value.problems]


def test_a_folder_with_the_protocol_in_it_is_loaded(tmp_path: Path) -> None:
    a_file(tmp_path, "one", raises="two")
    a_file(tmp_path, "two")

    assert load_all(tmp_path, thorough=False).latest("one").sub_protocols["own_case"].protocol == "two"


def test_a_protocol_that_is_not_there_is_named_with_its_place(tmp_path: Path) -> None:
    a_file(tmp_path, "one", raises="tow")
    a_file(tmp_path, "two")

    assert refusals(tmp_path) == ["one.yaml: unknown protocol 'tow'; did you mean 'two'?"]


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        ("    ends: {over: Slut, gone: Væk}\n", "'two' has no end 'gone'; it has over"),
        ("    ends: {ovre: Slut, gone: Væk}\n", "'two' can also end with over; name it here too"),
    ],
)
def test_the_ends_are_those_of_the_other_protocol(tmp_path: Path, ends: str, sentence: str) -> None:
    a_file(tmp_path, "one", raises="two", ends=ends)
    a_file(tmp_path, "two")

    assert f"one.yaml: {sentence}" in refusals(tmp_path)


def test_protocols_that_raise_each_other_for_ever_are_refused(tmp_path: Path) -> None:
    a_file(tmp_path, "one", raises="two")
    a_file(tmp_path, "two", raises="three")
    a_file(tmp_path, "three", raises="one")

    found = refusals(tmp_path)

    assert len(found) == 3
    assert (
        "cases would raise each other for ever: one -> two -> three -> one; take one of them out" in found[0]
    )
