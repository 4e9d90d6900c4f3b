"""Builds plain values from the events of a YAML reader, one by one, and stops where it becomes too much.

Nothing here recurses and no alias is followed, so that a small file never means a large or a deep value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from protocols.problems import MOST_PROBLEMS, Problem
from protocols.source_text import HIDDEN, named

if TYPE_CHECKING:
    from protocols.yaml_source import Source

Where = tuple[str | int, ...]

DEEPEST = 24
# Of one mapping or list. The longest that ships has about thirty.
MOST_ENTRIES = 500
MOST_VALUES = 20_000
# Said where the key begins that is none.
CUT = "the text before has a comma; put it in quotes"

_ANCHORED = "anchors and aliases are not used; put a text that begins with '&' or '*' in quotes"
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+")
_LETTERS = str.maketrans(
    {"æ": "ae", "ø": "oe", "å": "aa", "Æ": "Ae", "Ø": "Oe", "Å": "Aa", "ä": "ae", "ö": "oe", "ü": "ue"}
    | {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "ð": "d", "þ": "th"}
)


class TooMuch(Exception):  # noqa: N818 - a signal between two modules, never an error of its own
    """Reading stops here: what follows cannot be a definition."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass
class _Frame:
    """A mapping or list being filled; `values` is None where it stands in a place that is thrown away."""

    where: Where
    values: dict[str, object] | list[object]
    key: str | None = None
    waits_for_value: bool = False
    thrown_away: bool = False
    is_key: bool = False
    entries: int = 0
    # Inside braces a comma ends a text that has no quotes, and what stands behind it is read as a key.
    in_braces: bool = False
    after_plain: bool = False
    may_be_rest: bool = False
    cut_at: tuple[int, int] | None = None
    odd_key: Event | None = None


def values_of(events: Iterable[Event], source: Source) -> None:
    """Fills the source with values, places and problems; TooMuch where reading cannot go on."""
    building = _Building(source)
    for event in events:
        building.take(event)


class _Building:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.frames: list[_Frame] = []
        self.documents = 0
        self.values = 0

    def take(self, event: Event) -> None:
        match event:
            case ScalarEvent():
                self._examined(event)
                self._add(event, scalar(str(event.value), plain=not event.style))
            case MappingStartEvent():
                self._examined(event)
                self._begin(event, {})
            case SequenceStartEvent():
                self._examined(event)
                self._begin(event, [])
            case MappingEndEvent() | SequenceEndEvent():
                self._end()
            case AliasEvent():
                self._say(event, _ANCHORED)
                self._add(event, None, unread=True)
            case DocumentStartEvent():
                self._document(event)

    def _document(self, event: DocumentStartEvent) -> None:
        self.documents += 1
        if event.version or event.tags:
            self._say(event, "lines that begin with '%' are not used; remove them")
        if self.documents > 1:
            self._stop(event, "a second document begins here; a file holds one, so remove the line '---'")

    def _examined(self, event: ScalarEvent | MappingStartEvent | SequenceStartEvent) -> None:
        """Counts a value and complains of what YAML allows there and a definition does not."""
        self.values += 1
        if self.values > MOST_VALUES:
            self._stop(event, f"more than {MOST_VALUES} values; a definition is a text that people read")
        if event.anchor:
            self._say(event, _ANCHORED)
        if event.tag:
            tag = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            self._say(event, f"tags such as '{tag}' are not used; put a text that begins with '!' in quotes")
        if isinstance(event, ScalarEvent) and event.style == '"' and (hidden := HIDDEN.search(event.value)):
            self._say(event, f"{named(hidden[0])} cannot stand in a definition; remove it")

    def _begin(self, event: Event, values: dict[str, object] | list[object]) -> None:
        if len(self.frames) >= DEEPEST:
            self._stop(event, f"nested more than {DEEPEST} deep")
        top = self.frames[-1] if self.frames else None
        is_key = top is not None and isinstance(top.values, dict) and not top.waits_for_value
        if is_key:
            self._say(event, "a key must be a plain word")
        thrown_away = top is not None and (top.thrown_away or is_key or self._is_dropped(top))
        where = self._next(event, top) if top is not None and not is_key else ()
        if not thrown_away:
            self.source.places.setdefault(where, _place(event))
        in_braces = isinstance(event, MappingStartEvent) and bool(event.flow_style)
        frame = _Frame(where, values, thrown_away=thrown_away, is_key=is_key, in_braces=in_braces)
        self.frames.append(frame)

    def _end(self) -> None:
        frame = self.frames.pop()
        if frame.is_key:
            self.frames[-1].key, self.frames[-1].waits_for_value = None, True
        elif not self.frames:
            self.source.values = frame.values
        else:
            self._keep(self.frames[-1], frame.values)

    def _add(self, event: Event, value: object, *, unread: bool = False) -> None:
        """A scalar or an alias: a key or a value of what is being filled."""
        if not self.frames:
            self.source.values = value
            self.source.places[()] = _place(event)
            return
        top = self.frames[-1]
        if isinstance(top.values, dict) and not top.waits_for_value:
            self._take_key(event, top)
            return
        where = self._next(event, top)
        if not top.thrown_away and not self._is_dropped(top):
            self.source.places.setdefault(where, _place(event))
            if unread:
                self.source.unread.add(where)
        self._keep(top, value)

    def _take_key(self, event: Event, top: _Frame) -> None:
        """A key is always read as it is written: `no` stays the word "no"."""
        top.waits_for_value = True
        top.key = None
        self._counted(event, top)
        if not isinstance(event, ScalarEvent):
            return
        key = str(event.value)
        top.may_be_rest = top.in_braces and top.after_plain and not event.style
        if top.may_be_rest and " " in key.strip():
            self._say_cut(event, top)
            return
        where = (*top.where, key)
        if key == "<<" and not event.style:
            self._say(event, "merge keys are not used; write it out")
            return
        if not key.isascii():
            top.odd_key = event
            key = in_ascii(key)
            where = (*top.where, key)
        assert isinstance(top.values, dict)
        if key in top.values and not top.thrown_away:
            first = self.source.keys[where][0]
            self._say(event, f"the key '{key}' stands twice here, first on line {first}; remove one")
            return
        top.key = key
        if not top.thrown_away:
            self.source.keys[where] = _place(event)

    def _next(self, event: Event, top: _Frame) -> Where:
        """The path of the value that comes now."""
        if isinstance(top.values, list):
            self._counted(event, top)
            return (*top.where, len(top.values))
        self._judge_key(event, top)
        return top.where if top.key is None else (*top.where, top.key)

    def _judge_key(self, event: Event, top: _Frame) -> None:
        """Says what is wrong with the key of the value that comes now: only now is it known to have one."""
        is_plain = isinstance(event, ScalarEvent) and not event.style
        is_empty = isinstance(event, ScalarEvent) and is_plain and not event.value
        is_rest = top.may_be_rest and is_empty
        top.after_plain = is_plain and (is_rest or not is_empty)
        odd, top.odd_key = top.odd_key, None
        if odd is not None and is_rest:
            self.source.keys.pop((*top.where, top.key or ""), None)
            self._say_cut(odd, top)
        elif isinstance(odd, ScalarEvent):
            key = str(odd.value)
            self._say(odd, f"the key '{key}' has other letters than a to z; write '{in_ascii(key)}'")
        if top.key is not None and is_rest:
            # Whether it is a key all the same, only the kind that it stands in can tell.
            where = (*top.where, top.key)
            top.cut_at = self.source.cut[where] = top.cut_at or self.source.keys.get(where, _place(event))
        elif top.key is not None:
            top.cut_at = None

    def _say_cut(self, event: Event, top: _Frame) -> None:
        """That a text was cut at its comma; at one place for each text, however many commas it has."""
        top.cut_at = top.cut_at or _place(event)
        self.source.problems.append(Problem(self.source.file, *top.cut_at, CUT))
        top.key = None

    def _counted(self, event: Event, top: _Frame) -> None:
        top.entries += 1
        if top.entries > MOST_ENTRIES:
            self._stop(event, f"more than {MOST_ENTRIES} entries; a definition is a text that people read")

    @staticmethod
    def _is_dropped(top: _Frame) -> bool:
        """Whether the value that comes now belongs to a key that was refused."""
        return isinstance(top.values, dict) and top.waits_for_value and top.key is None

    @staticmethod
    def _keep(top: _Frame, value: object) -> None:
        if isinstance(top.values, list):
            top.values.append(value)
        elif top.key is not None:
            top.values[top.key] = value
        top.key, top.waits_for_value = None, False

    def _say(self, event: Event, sentence: str) -> None:
        self.source.problems.append(Problem(self.source.file, *_place(event), sentence))
        if len(self.source.problems) >= MOST_PROBLEMS:
            self._stop(event, "there is more to mend than is said here")

    def _stop(self, event: Event, sentence: str) -> None:
        raise TooMuch(Problem(self.source.file, *_place(event), sentence))


def _place(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def in_ascii(word: str) -> str:
    """The word as keys are written: ae, oe and aa for the Danish letters, others without their marks."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFC", word).translate(_LETTERS))
    return plain.encode("ascii", "ignore").decode() or "name"


def scalar(text: str, *, plain: bool) -> object:
    """The value of a scalar by YAML 1.2: only true and false are booleans, dates and `no` are texts."""
    if not plain:
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
