"""Says in Danish what is wrong with a definition: an English sentence is recognised and its holes filled."""

from __future__ import annotations

import functools
import itertools
import string
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

# A new complaint is written in English where it is made and in Danish in one of these files: the same words
# around the same holes. What a hole in capitals holds is looked up in the table of parts of that name.
CATALOGUE = Path(__file__).parent / "wording" / "complaints"
# What stands before a sentence that nobody has written in Danish yet.
UNTRANSLATED = "Kun på engelsk:"


def in_danish(sentence: str) -> str:
    """The Danish for an English complaint; the English one, marked as such, when there is none."""
    said = danish_for(sentence)
    return f"{UNTRANSLATED} {sentence}" if said is None else said


def danish_for(sentence: str) -> str | None:
    """The same, and None when there is none."""
    return catalogue().said(sentence)


@dataclass(frozen=True)
class Template:
    """An English sentence, or part of one, with named holes, and the Danish one with the same holes.

    `literals` are the English words around the holes, always one more than there are holes.
    """

    literals: tuple[str, ...]
    holes: tuple[str, ...]
    danish: str

    @property
    def letters(self) -> int:
        """How much of the sentence is words of its own."""
        return sum(map(len, self.literals))

    def found_in(self, said: str) -> Mapping[str, str] | None:
        """What stands in each hole when `said` is this sentence, each hole as short as can be; else None."""
        first, last = self.literals[0], self.literals[-1]
        if not self.holes:
            return {} if said == first else None
        at, stop = len(first), len(said) - len(last)
        if stop < at or not (said.startswith(first) and said.endswith(last)):
            return None
        found: dict[str, str] = {}
        for hole, literal in zip(self.holes, self.literals[1:-1], strict=False):
            end = said.find(literal, at, stop)
            if end < 0:
                return None
            found[hole] = said[at:end]
            at = end + len(literal)
        found[self.holes[-1]] = said[at:stop]
        return found


@dataclass(frozen=True)
class Several:
    """A hole that holds several parts in a row, such as the moves of a way."""

    each: str
    between: str
    danish: str


@dataclass(frozen=True)
class Catalogue:
    """Every sentence, and the tables of the parts that fill holes; a hole in capitals is a part itself."""

    sentences: tuple[Template, ...]
    parts: Mapping[str, tuple[Template, ...]]
    lists: Mapping[str, Several]

    def said(self, sentence: str) -> str | None:
        """A whole sentence in Danish, None when it is none of these."""
        return self._among(self.sentences, sentence)

    def templates(self) -> Iterator[Template]:
        """Whole sentences and parts."""
        yield from self.sentences
        yield from itertools.chain.from_iterable(self.parts.values())

    def _among(self, templates: tuple[Template, ...], said: str) -> str | None:
        for template in templates:
            found = template.found_in(said)
            if found is None:
                continue
            filled = {hole: self._filled(hole, text) for hole, text in found.items()}
            if None not in filled.values():
                return template.danish.format(**filled)
        return None

    def _filled(self, hole: str, text: str) -> str | None:
        """What stands in a hole: names and values as they are, parts in Danish."""
        if not hole.isupper():
            return text
        part = hole.rstrip(string.digits).lower()
        several = self.lists.get(part)
        if several is None:
            return self._among(self.parts[part], text)
        every = [self._among(self.parts[several.each], one) for one in text.split(several.between)]
        return None if None in every else several.danish.join(one for one in every if one is not None)


@functools.cache
def catalogue() -> Catalogue:
    """What the files of the catalogue say together, read when the first complaint is told in Danish."""
    sentences: list[Template] = []
    parts: dict[str, tuple[Template, ...]] = {}
    lists: dict[str, Several] = {}
    for path in sorted(CATALOGUE.glob("*.da.yaml")):
        written = YAML(typ="safe").load(path)
        sentences += _templates(written.get("sentences", {}))
        parts |= {name: _ordered(_templates(table)) for name, table in written.get("parts", {}).items()}
        lists |= {name: Several(**several) for name, several in written.get("lists", {}).items()}
    return Catalogue(_ordered(sentences), parts, lists)


def _ordered(templates: list[Template]) -> tuple[Template, ...]:
    """Those with most words of their own first, so that the sentence that says most is the one recognised."""
    return tuple(sorted(templates, key=lambda one: -one.letters))


def _templates(table: Mapping[str, str]) -> list[Template]:
    return [Template(*pieces(english), danish) for english, danish in table.items()]


def pieces(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words around the holes of a text, and the names of the holes."""
    literals, holes = [""], []
    for literal, hole, _, _ in string.Formatter().parse(text):
        literals[-1] += literal
        if hole is not None:
            holes.append(hole)
            literals.append("")
    return tuple(literals), tuple(holes)
