"""Reads YAML 1.2 into plain values with the line and column of each, refusing what is ambiguous or unsafe."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from protocols.problems import DefinitionRefused, Problem

LARGEST = 512 * 1024
DEEPEST = 24

Where = tuple[str | int, ...]


@dataclass
class Source:
    """One file: its values, and where each stands. Paths are tuples of keys and list positions."""

    file: str
    values: object = None
    keys: dict[Where, tuple[int, int]] = field(default_factory=dict)
    places: dict[Where, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, where: Where, sentence: str, *, at_key: bool = False) -> Problem:
        """A problem at a path, or at the nearest place above it that exists in the file."""
        for length in range(len(where), -1, -1):
            path = where[:length]
            exact = length == len(where)
            place = (self.keys if at_key or not exact else self.places).get(path) or self.places.get(path)
            if place is not None:
                return Problem(self.file, *place, sentence)
        return Problem(self.file, 1, 1, sentence)


def read_yaml(path: Path) -> Source:
    """Reads a file; DefinitionRefused when it is no YAML at all, otherwise problems stand in the source."""
    name = path.name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DefinitionRefused([Problem(name, 1, 1, f"cannot be read: {error.strerror}")]) from error
    return read_yaml_text(content, name)


def read_yaml_text(content: bytes, name: str) -> Source:
    """The same from bytes in UTF-8."""
    if len(content) > LARGEST:
        sentence = f"larger than {LARGEST // 1024} kB; a definition is a text that people read"
        raise DefinitionRefused([Problem(name, 1, 1, sentence)])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise DefinitionRefused([Problem(name, line, 1, "not UTF-8; save the file as UTF-8")]) from error
    _refuse_tabs(text, name)
    try:
        node = YAML(typ="safe", pure=False).compose(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise DefinitionRefused([Problem(name, line, column, f"not valid YAML: {error.problem}")]) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise DefinitionRefused([Problem(name, 1, 1, "not valid YAML: it cannot be read")]) from error
    source = Source(name)
    if node is None:
        raise DefinitionRefused([Problem(name, 1, 1, "the file is empty")])
    source.values = _value(source, node, (), set())
    return source


def _refuse_tabs(text: str, name: str) -> None:
    for number, line in enumerate(text.splitlines(), start=1):
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in indent:
            sentence = "a tab in the indentation; use spaces"
            raise DefinitionRefused([Problem(name, number, indent.index("\t") + 1, sentence)])


def _value(source: Source, node: Node, where: Where, seen: set[int]) -> object:
    place = (node.start_mark.line + 1, node.start_mark.column + 1)
    source.places[where] = place
    if id(node) in seen or node.anchor:
        # A node met twice is an alias: a small file could then mean a huge one.
        source.problems.append(Problem(source.file, *place, "anchors and aliases are not used; write it out"))
        return None
    seen.add(id(node))
    if len(where) > DEEPEST:
        source.problems.append(Problem(source.file, *place, f"nested more than {DEEPEST} deep"))
        return None
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        return [_value(source, child, (*where, n), seen) for n, child in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    return _mapping(source, node, where, seen)


def _mapping(source: Source, node: MappingNode, where: Where, seen: set[int]) -> Mapping[str, object]:
    values: dict[str, object] = {}
    for key_node, value_node in node.value:
        place = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
        if not isinstance(key_node, ScalarNode):
            source.problems.append(Problem(source.file, *place, "a key must be a plain word"))
            continue
        # A key is always read as it is written: `no` stays the word "no".
        key = str(key_node.value)
        if key in values:
            first = source.keys[(*where, key)][0]
            sentence = f"the key '{key}' stands twice here, first on line {first}; remove one"
            source.problems.append(Problem(source.file, *place, sentence))
            continue
        source.keys[(*where, key)] = place
        values[key] = _value(source, value_node, (*where, key), seen)
    return values


_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")


def _scalar(node: ScalarNode) -> object:
    """The value of a scalar by YAML 1.2: only true and false are booleans, dates and `no` are texts."""
    text = str(node.value)
    if node.style:
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _INTEGER.fullmatch(text) and len(text) < 16:
        return int(text)
    if _DECIMAL.fullmatch(text) and len(text) < 32:
        return float(text)
    return text
