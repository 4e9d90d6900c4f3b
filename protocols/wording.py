"""The words the kernel itself says, in every language a definition can be written in."""

from __future__ import annotations

import functools
import string
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from protocols.yaml_source import read_yaml

CATALOGUES = Path(__file__).parent / "wording"


class UnknownLanguageError(LookupError):
    """There is no catalogue for a language; the message says which file to add."""


@dataclass(frozen=True, eq=False)
class Words:
    """The catalogue of one language, read when its first word is asked for: most definitions need none."""

    language: str

    @functools.cached_property
    def texts(self) -> Mapping[str, str]:
        """Every text by its dotted key, such as `consent.answer`."""
        source = read_yaml(CATALOGUES / f"{self.language}.yaml")
        assert isinstance(source.values, Mapping)
        return dict(_flat(source.values))

    def __call__(self, key: str, /, **values: object) -> str:
        """The text of a key with its placeholders filled; KeyError when the catalogue lacks it."""
        return self.texts[key].format(**values)


@functools.cache
def words_of(language: str) -> Words:
    """The catalogue of a language such as `da`; UnknownLanguageError when there is none."""
    if language not in languages():
        known = ", ".join(languages())
        raise UnknownLanguageError(
            f"the language '{language}' is not known; write one of {known}, "
            f"or add protocols/wording/{language}.yaml with the same keys as en.yaml"
        )
    return Words(language)


@functools.cache
def languages() -> tuple[str, ...]:
    """The languages there is a catalogue for."""
    return tuple(sorted(path.stem for path in CATALOGUES.glob("*.yaml")))


def placeholders(text: str) -> frozenset[str]:
    """The names in braces that a text asks for."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def _flat(written: Mapping[str, object], above: str = "") -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key, value in written.items():
        if isinstance(value, Mapping):
            found += _flat(value, f"{above}{key}.")
        else:
            found.append((f"{above}{key}", str(value)))
    return found
