"""Reads YAML 1.2 into plain values with the line and column of each, refusing what is ambiguous or unsafe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import Event, ScalarEvent

from protocols.problems import DefinitionRefused, Problem
from protocols.source_text import LARGEST, read_text, text_of
from protocols.yaml_faults import OPEN_QUOTE, begins_earlier, fault
from protocols.yaml_values import TooMuch, Where, values_of

# A remark has a space behind its sign; without one it was meant to be part of the text.
_REMARK = re.compile(r"\s+#[^\s#]")
_CUT_OFF = "what follows '#' is not read; put the text in quotes, or a space after the '#' of a remark"


__all__ = ["LARGEST", "Source", "Where", "read_yaml", "read_yaml_text"]


@dataclass
class Source:
    """One file: its values, and where each stands. Paths are tuples of keys and list positions."""

    file: str
    values: object = None
    keys: dict[Where, tuple[int, int]] = field(default_factory=dict)
    places: dict[Where, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # Where something stood that was not read and has been complained of already.
    unread: set[Where] = field(default_factory=set)
    # Keys inside braces that have no value and may be the rest of a text; and where that rest begins.
    cut: dict[Where, tuple[int, int]] = field(default_factory=dict)

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
    return _source(read_text(path), path.name)


def read_yaml_text(content: bytes, name: str) -> Source:
    """The same from bytes in UTF-8."""
    return _source(text_of(content, name), name)


def _source(text: str, name: str) -> Source:
    try:
        return _read(text, name, pure=False)
    except _NotYamlError:
        # The quick reader stops at some texts that YAML 1.2 allows, such as a question mark inside braces.
        try:
            return _read(text, name, pure=True)
        except _NotYamlError as error:
            raise DefinitionRefused(error.problems) from error


class _NotYamlError(Exception):
    """The text stops being YAML somewhere; what was found before it stands in `problems` too."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


def _read(text: str, name: str, *, pure: bool) -> Source:
    source, reading = Source(name), _Reading(text, pure=pure)
    try:
        values_of(reading.events(source), source)
    except TooMuch as stop:
        raise DefinitionRefused([*source.problems, stop.problem]) from stop
    except MarkedYAMLError as error:
        raise _NotYamlError([*source.problems, reading.stopped(name, error)]) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise _NotYamlError([*source.problems, Problem(name, 1, 1, fault(error))]) from error
    if not source.places:
        raise DefinitionRefused([Problem(name, 1, 1, "the file is empty")])
    return source


class _Reading:
    """The events of one text, and what came last before the reader stopped."""

    def __init__(self, text: str, *, pure: bool) -> None:
        self.text = text
        self.pure = pure
        self.last: Event | None = None

    def events(self, source: Source) -> Iterator[Event]:
        lines = self.text.split("\n")
        for event in YAML(typ="safe", pure=self.pure).parse(self.text):
            self.last = event
            if isinstance(event, ScalarEvent) and not event.style:
                end = event.end_mark
                if end.line < len(lines) and _REMARK.match(lines[end.line][end.column :]):
                    source.problems.append(Problem(source.file, end.line + 1, end.column + 1, _CUT_OFF))
            yield event

    def stopped(self, name: str, error: MarkedYAMLError) -> Problem:
        """Where and why the reader stopped, at the place that is to be mended."""
        mark = error.problem_mark or error.context_mark
        if mark is None:
            return Problem(name, 1, 1, fault(error))
        last = self.last
        if isinstance(last, ScalarEvent) and last.style:
            start, end = last.start_mark, last.end_mark
            if start.line < end.line == mark.line:
                # The quote that closed it was to open another text.
                return Problem(name, start.line + 1, start.column + 1, f"not valid YAML: {OPEN_QUOTE}")
        if error.context_mark is not None and begins_earlier(error):
            mark = error.context_mark
        return Problem(name, mark.line + 1, mark.column + 1, fault(error))
