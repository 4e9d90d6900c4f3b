"""Compares two versions of a definition: what was added, removed and changed, in words and stable order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeGuard

from pydantic import BaseModel

from protocols.change_words import field_word, kind_of, kind_word, said, shortened, title_of
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.kinds import sections

# What every element has for the machinery, not for its readers.
_UNSAID = ("key", "made_from")
_ORDER = "order"


class How(StrEnum):
    """What happened between the two versions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"

    @property
    def danish(self) -> str:
        return {"added": "tilføjet", "removed": "fjernet", "changed": "ændret"}[self.value]


@dataclass(frozen=True)
class Change:
    """One difference.

    `kind` is what it is about (`step`, `question`, `deadline`, `contact`, `gate`, `role`, `end` ...), `where`
    the path in the file, `what` the same in Danish. `old` and `new` are values in Danish words, empty where
    there was none.
    """

    how: How
    kind: str
    where: tuple[str, ...]
    what: str
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        match self.how:
            case How.ADDED:
                return f"{self.what}: tilføjet: {self.new}"
            case How.REMOVED:
                return f"{self.what}: fjernet: {self.old}"
            case _:
                return f"{self.what}: ændret fra {self.old} til {self.new}"


def compare(old: Definition, new: Definition) -> tuple[Change, ...]:
    """Every difference between two definitions, in the order of the new file, then of what it lacks.

    Steps that are made from other kinds are not said again: the kind they are made from is. Conditions that
    differ only in how they are laid out do not differ. Texts are compared in the definition's own language
    and said in Danish where there is a translation.
    """
    return tuple(_Comparison(old, new).changes())


class _Comparison:
    def __init__(self, old: Definition, new: Definition) -> None:
        self.old, self.new = old, new
        self.said_old, self.said_new = old.in_language("da"), new.in_language("da")

    def changes(self) -> Iterator[Change]:
        for section in dict.fromkeys([*self.new.elements, *self.old.elements]):
            old, new = (self._written(one, section) for one in (self.old, self.new))
            if sections()[section].single:
                kind = kind_of(section)
                only = old.get(section), new.get(section)
                yield from self._value((section,), kind_word(kind).capitalize(), kind, *only)
            else:
                yield from self._entries((section,), "", old, new)

    @staticmethod
    def _written(definition: Definition, section: str) -> Mapping[str, Any]:
        found = definition.elements.get(section, {})
        return {key: one for key, one in found.items() if not getattr(one, "made_from", "")}

    def _entries(
        self, where: tuple[str, ...], above: str, old: Mapping[str, Any], new: Mapping[str, Any]
    ) -> Iterator[Change]:
        """The entries of a section, or of a mapping inside an element."""
        kind = kind_of(where[-1])
        for key in [*new, *(key for key in old if key not in new)]:
            name = f"{kind_word(kind)} “{self._title((*where, key), old.get(key), new.get(key))}”"
            yield from self._value((*where, key), _below(above, name), kind, old.get(key), new.get(key))
        common = [key for key in new if key in old]
        if common != [key for key in old if key in new]:
            field = where[-1]
            what = _below(above, f"rækkefølgen af {field_word(field)}")
            yield Change(
                How.CHANGED, kind, (*where, _ORDER), what,
                ", ".join(self._title((*where, key), old[key], old[key]) for key in old if key in new),
                ", ".join(self._title((*where, key), new[key], new[key]) for key in common),
            )  # fmt: skip

    def _title(self, where: tuple[str, ...], old: Any, new: Any) -> str:
        if len(where) == 2:
            definition = self.said_new if new is not None else self.said_old
            return title_of(definition, *where)
        one = new if new is not None else old
        names = ("title", "ask", "label") if isinstance(one, BaseModel) else ()
        told = next((text for name in names if (text := getattr(one, name, ""))), "")
        return shortened(str(told)) or where[-1]

    def _value(self, where: tuple[str, ...], what: str, kind: str, old: Any, new: Any) -> Iterator[Change]:
        if old is None and new is None:
            return
        if old is None:
            yield Change(How.ADDED, kind, where, what, new=self._said(self.said_new, new, where))
            yield from self._inside(where, what, None, new)
        elif new is None:
            yield Change(How.REMOVED, kind, where, what, old=self._said(self.said_old, old, where))
            yield from self._inside(where, what, old, None)
        elif isinstance(old, BaseModel) and isinstance(new, BaseModel):
            yield from self._fields(where, what, kind, old, new)
        elif not _alike(old, new):
            told = self._said(self.said_old, old, where), self._said(self.said_new, new, where)
            if told[0] == told[1]:
                # The words do not tell the two apart, so what stands in the files must.
                told = str(old), str(new)
            yield Change(How.CHANGED, kind, where, what, *told)

    @staticmethod
    def _said(definition: Definition, value: Any, where: tuple[str, ...]) -> str:
        field = where[-1]
        # The last part of a path below "choices" is a key of the file's own, not a field.
        return said(definition, value, "" if where[-2:-1] == ("choices",) else field)

    def _inside(self, where: tuple[str, ...], what: str, old: Any, new: Any) -> Iterator[Change]:
        """What stands inside an element that was added or removed as a whole."""
        whole = old if old is not None else new
        if not isinstance(whole, BaseModel):
            return
        for name, field in _fields_of(type(whole)):
            inside = getattr(whole, name)
            if isinstance(inside, Mapping) and any(isinstance(one, BaseModel) for one in inside.values()):
                pair = (inside, {}) if new is None else ({}, inside)
                yield from self._entries((*where, field), what, *pair)

    def _fields(
        self, where: tuple[str, ...], what: str, kind: str, old: BaseModel, new: BaseModel
    ) -> Iterator[Change]:
        for name, field in _fields_of(type(new)):
            before, after = getattr(old, name, None), getattr(new, name)
            path, told = (*where, field), _below(what, field_word(field))
            if isinstance(before, Mapping) and isinstance(after, Mapping):
                yield from self._entries(path, what, before, after)
            elif _are_models(before) and _are_models(after) and (before or after):
                yield from self._listed(path, what, before, after)
            elif isinstance(before, BaseModel) or isinstance(after, BaseModel):
                yield from self._value(path, told, kind, before, after)
            elif not _alike(before, after):
                yield from self._changed(path, told, kind, before, after)

    def _changed(self, where: tuple[str, ...], what: str, kind: str, old: Any, new: Any) -> Iterator[Change]:
        """A field of an element, which is changed even where it was empty before."""
        told = said(self.said_old, old, where[-1]), said(self.said_new, new, where[-1])
        yield Change(How.CHANGED, kind, where, what, *(told if told[0] != told[1] else (str(old), str(new))))

    def _listed(
        self, where: tuple[str, ...], what: str, old: Sequence[Any], new: Sequence[Any]
    ) -> Iterator[Change]:
        """Things in a list have no names, so they are compared where they stand."""
        if where[-1] == "modality":
            if list(old) != list(new):
                yield from self._changed(
                    where, _below(what, field_word(where[-1])), kind_of(where[0]), old, new
                )
            return
        kind = kind_of(where[-1])
        for position in range(max(len(old), len(new))):
            before = old[position] if position < len(old) else None
            after = new[position] if position < len(new) else None
            name = _below(what, f"{kind_word(kind)} {position + 1}")
            yield from self._value((*where, str(position + 1)), name, kind, before, after)


def _fields_of(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    """The fields of an element and what a file calls them."""
    for name, info in model.model_fields.items():
        if name not in _UNSAID:
            yield name, info.alias or name


def _below(above: str, name: str) -> str:
    return f"{above} › {name}" if above else name[:1].upper() + name[1:]


def _are_models(value: Any) -> TypeGuard[tuple[BaseModel, ...]]:
    return isinstance(value, tuple) and all(isinstance(one, BaseModel) for one in value)


def _alike(old: Any, new: Any) -> bool:
    if isinstance(old, Condition) and isinstance(new, Condition):
        return old.source.split() == new.source.split()
    return bool(old == new)
