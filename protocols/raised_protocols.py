"""Whether the protocols on which others raise cases are there, end as said, and lead in no circle."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from protocols.definition import Definition
from protocols.problems import Problem
from protocols.yaml_source import Where, read_yaml


def wrong_protocols(folder: Path, definitions: Sequence[Definition]) -> list[Problem]:
    """A problem for each sub-protocol of a folder's definitions that names what no file there says.

    Several versions of a key count as one: cases of an earlier version still end with its ends.
    """
    by_key: dict[str, list[Definition]] = {}
    for one in definitions:
        by_key.setdefault(one.key, []).append(one)
    problems: list[Problem] = []
    for definition in definitions:
        if definition.sub_protocols:
            source = read_yaml(folder / definition.file)
            complaints = [*_unknown(definition, by_key), *_circles(definition, by_key)]
            problems += [source.problem(("sub_protocols", *where), said) for where, said in complaints]
    return problems


def _unknown(definition: Definition, by_key: dict[str, list[Definition]]) -> Iterator[tuple[Where, str]]:
    for key, raised in definition.sub_protocols.items():
        if raised.protocol not in by_key:
            yield (key, "protocol"), _sentence(raised.protocol, by_key)
            continue
        ends = {end for one in by_key[raised.protocol] for end in one.ends}
        for end in raised.ends:
            if end not in ends:
                known = ", ".join(sorted(ends))
                yield (key, "ends", end), f"'{raised.protocol}' has no end '{end}'; it has {known}"
        if raised.ends and ends - set(raised.ends):
            missing = ", ".join(sorted(ends - set(raised.ends)))
            yield (key, "ends"), f"'{raised.protocol}' can also end with {missing}; name it here too"


def _circles(definition: Definition, by_key: dict[str, list[Definition]]) -> Iterator[tuple[Where, str]]:
    for key, raised in definition.sub_protocols.items():
        way = _way(raised.protocol, definition.key, by_key, set())
        # A protocol that raises cases on itself is told so where it is read.
        if way and raised.protocol != definition.key:
            told = " -> ".join([definition.key, *way])
            yield (key, "protocol"), f"cases would raise each other for ever: {told}; take one of them out"


def _way(start: str, goal: str, by_key: dict[str, list[Definition]], seen: set[str]) -> list[str]:
    """The keys from one protocol to another along what they raise; empty when there is no way."""
    if start == goal:
        return [start]
    if start in seen:
        return []
    seen.add(start)
    for one in by_key.get(start, ()):
        for raised in one.sub_protocols.values():
            if way := _way(raised.protocol, goal, by_key, seen):
                return [start, *way]
    return []


def _sentence(protocol: str, keys: Collection[str]) -> str:
    close = difflib.get_close_matches(protocol, keys, n=1)
    hint = f"did you mean '{close[0]}'?" if close else f"there are {', '.join(sorted(keys))}"
    return f"unknown protocol '{protocol}'; {hint}"
