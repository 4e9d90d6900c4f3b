"""The guide to writing a protocol shows every kind, and its examples together are one whole definition."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from protocols.kinds import kinds
from protocols.loader import examine

GUIDE = (Path(__file__).parents[2] / "docs" / "writing-a-protocol.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```yaml(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples(name: str) -> Iterator[dict[str, Any]]:
    for match in _FENCE.finditer(GUIDE):
        if (match[1] or "") == name:
            yield YAML().load(match[2])


def merged(into: dict[str, Any], more: dict[str, Any]) -> None:
    for section, entries in more.items():
        if section in into:
            assert not set(into[section]) & set(entries), f"{section}: an example says something twice"
            into[section].update(entries)
        else:
            into[section] = entries


def written(path: Path, values: dict[str, Any]) -> None:
    text = io.StringIO()
    YAML().dump(values, text)
    path.write_text(text.getvalue(), encoding="utf-8")


def test_the_smallest_protocol_of_the_guide_is_whole(tmp_path: Path) -> None:
    written(tmp_path / "ladders.yaml", next(examples("ladders")))
    written(tmp_path / "guide.yaml", next(examples("")))

    definition, problems = examine(tmp_path / "guide.yaml")

    assert [str(one) for one in problems] == []
    assert definition is not None


def test_the_examples_together_are_one_whole_definition(tmp_path: Path) -> None:
    whole: dict[str, Any] = {}
    for example in examples(""):
        merged(whole, example)
    written(tmp_path / "ladders.yaml", next(examples("ladders")))
    written(tmp_path / "contacts.yaml", next(examples("contacts")))
    written(tmp_path / "guide.yaml", whole)

    definition, problems = examine(tmp_path / "guide.yaml")

    assert [str(one) for one in problems] == []
    assert definition is not None


def test_the_table_has_a_row_for_every_kind() -> None:
    rows = set(re.findall(r"^\| (\w+) \| ", GUIDE.split("## 5.")[1], re.MULTILINE))

    assert set(kinds()) - rows == set()


def test_the_guide_can_be_read_in_one_sitting() -> None:
    assert len(GUIDE.splitlines()) <= 400
