"""YAML in; definitions or clear refusals out, all at once and each with its place."""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from protocols.conditions import context_of
from protocols.definition import Definition
from protocols.element import Element
from protocols.kinds import NOT_YET_SUPPORTED, sections
from protocols.kinds.contact import Kind as Contact
from protocols.problems import DefinitionRefused, Problem, UnknownDefinitionError
from protocols.yaml_source import Source, Where, read_yaml

DEFINITIONS = Path(__file__).parent / "definitions"
# Files that all definitions of a folder share, and the one section each may hold.
SHARED = {"contacts.yaml": "contacts", "ladders.yaml": "ladders"}
_NEEDED = ("head", "roles", "steps", "ends")


class Library:
    """All definitions that are installed, by key and version."""

    def __init__(self, definitions: Iterable[Definition]) -> None:
        self._by_name = {(one.key, one.version): one for one in definitions}

    def get(self, key: str, version: str) -> Definition:
        """One published version; UnknownDefinitionError when there is none."""
        try:
            return self._by_name[key, version]
        except KeyError:
            raise UnknownDefinitionError(f"no definition {key!r} {version!r}") from None

    def latest(self, key: str) -> Definition:
        """The newest version of a key; UnknownDefinitionError when there is none."""
        versions = [one for one in self.all() if one.key == key]
        if not versions:
            raise UnknownDefinitionError(f"no definition {key!r}")
        return max(versions, key=_age_of)

    def all(self) -> tuple[Definition, ...]:
        """Every definition, by key and then by age."""
        return tuple(sorted(self._by_name.values(), key=lambda one: (one.key, _age_of(one))))

    def suggest(self, age: int | None, staff_role: str) -> tuple[str, ...]:
        """The keys of the tracks that somebody with this staff role may raise for a citizen of this age."""
        context = context_of({"age": age}, {})
        return tuple(
            key
            for key in dict.fromkeys(one.key for one in self.all())
            if staff_role in self.latest(key).raised_by and self.latest(key).head.applies_when.holds(context)
        )


def _age_of(definition: Definition) -> tuple[int, ...]:
    return tuple(int(part) for part in definition.version.split("-"))


def load_file(path: Path, *, thorough: bool = True) -> Definition:
    """One definition with the shared files beside it; DefinitionRefused with every problem at once.

    `thorough` also tries every condition over the declared values and walks the state space. It is left
    out only for the definitions that ship with the product, which the tests have walked.
    """
    definition, problems = examine(path, thorough=thorough)
    if problems or definition is None:
        raise DefinitionRefused(problems)
    return definition


def load_all(folder: Path = DEFINITIONS, *, thorough: bool = True) -> Library:
    """Every definition in a folder; DefinitionRefused with the problems of all files."""
    loaded: list[Definition] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        if path.name in SHARED:
            continue
        definition, found = examine(path, thorough=thorough)
        problems += found
        if definition is not None:
            loaded.append(definition)
    if problems:
        raise DefinitionRefused(list(dict.fromkeys(problems)))
    return Library(loaded)


@functools.cache
def library() -> Library:
    """The definitions that ship with the product, loaded once."""
    return load_all(thorough=False)


def examine(path: Path, *, thorough: bool = True) -> tuple[Definition | None, list[Problem]]:
    """What a file holds and everything that is wrong with it; no definition when it cannot be built."""
    try:
        sources = [read_yaml(path), *_shared_sources(path.parent)]
    except DefinitionRefused as refused:
        return None, list(refused.problems)
    problems = [problem for source in sources for problem in source.problems]
    elements: dict[str, dict[str, Element]] = {}
    origins: dict[str, Source] = {}
    for source in sources:
        for section, read in _sections(source, problems).items():
            elements[section] = read
            origins[section] = source
    main = sources[0]
    for section in _NEEDED:
        if section not in elements:
            problems.append(main.problem((), f"the section '{section}' is missing"))
    if problems:
        return None, problems
    definition = Definition(_narrowed(elements), file=path.name)
    return definition, problems


def _shared_sources(folder: Path) -> list[Source]:
    return [read_yaml(folder / name) for name in SHARED if (folder / name).exists()]


def _narrowed(elements: dict[str, dict[str, Element]]) -> dict[str, dict[str, Element]]:
    """The elements with only those contacts and numbers that belong to this track."""
    key = elements["head"]["head"].key
    mine: dict[str, Element] = {}
    for name, contact in elements.get("contacts", {}).items():
        assert isinstance(contact, Contact)
        if contact.tracks and key not in contact.tracks:
            continue
        numbers = tuple(one for one in contact.numbers if not one.tracks or key in one.tracks)
        mine[name] = contact.model_copy(update={"numbers": numbers})
    return {**elements, "contacts": mine}


def _sections(source: Source, problems: list[Problem]) -> dict[str, dict[str, Element]]:
    """The elements of one file, section by section; what is wrong goes to `problems`."""
    if not isinstance(source.values, Mapping):
        problems.append(source.problem((), "expected sections such as head, steps and ends"))
        return {}
    only = SHARED.get(source.file)
    found: dict[str, dict[str, Element]] = {}
    for section, written in source.values.items():
        kind = sections().get(section)
        if kind is None or (only is not None and section != only):
            allowed = [only] if only else list(sections())
            problems.append(source.problem((section,), _unknown_key(section, allowed), at_key=True))
        elif not isinstance(written, Mapping):
            problems.append(source.problem((section,), f"the section '{section}' must hold names and values"))
        elif kind.single:
            entry = _element(source, kind, (section,), written, problems)
            found[section] = {section: entry} if entry is not None else {}
        else:
            found[section] = {}
            for name, entry_written in written.items():
                entry = _entry(source, kind, section, name, entry_written, problems)
                if entry is not None:
                    found[section][name] = entry
    return found


def _entry(
    source: Source, kind: type[Element], section: str, name: str, written: object, problems: list[Problem]
) -> Element | None:
    where: Where = (section, name)
    if not (name.isascii() and name.isidentifier()):
        sentence = f"'{name}' cannot be a name; use a to z, digits and underscores, and do not begin with a digit"
        problems.append(source.problem(where, sentence, at_key=True))
        return None
    if not isinstance(written, Mapping):
        problems.append(source.problem(where, f"'{name}' must hold names and values"))
        return None
    return _element(source, kind, where, {**written, "key": name}, problems)


def _element(
    source: Source, kind: type[Element], where: Where, written: Mapping[str, Any], problems: list[Problem]
) -> Element | None:
    try:
        return kind.model_validate(written)
    except ValidationError as error:
        for one in error.errors():
            place = where + tuple(part for part in one["loc"] if part != "[key]")
            problems.append(_structural(source, kind, place, one))
        return None


def _structural(source: Source, kind: type[Element], where: Where, error: Mapping[str, Any]) -> Problem:
    """One complaint of the models as a sentence that says how to mend it."""
    name = str(where[-1])
    match error["type"]:
        case "extra_forbidden":
            known = _known_keys(kind, where)
            return source.problem(where, _unknown_key(name, known), at_key=True)
        case "missing":
            return source.problem(where[:-1], f"'{name}' is missing; add it", at_key=True)
        case "value_error":
            return source.problem(where, str(error["ctx"]["error"]))
        case "enum":
            return source.problem(where, f"'{error['input']}' is not allowed for '{name}'; write {error['ctx']['expected']}")
        case _:
            return source.problem(where, f"'{name}' is not right: {error['msg'].lower()}")


def _known_keys(kind: type[Element], where: Where) -> list[str]:
    """The keys an element of this kind may have; nested ones are guessed from the deepest model."""
    fields = [info.alias or name for name, info in kind.model_fields.items() if name != "key"]
    return fields if len(where) <= (2 if kind.single else 3) else []


def _unknown_key(name: str, known: list[str]) -> str:
    if name in NOT_YET_SUPPORTED:
        return f"'{name}' is not yet supported"
    close = difflib.get_close_matches(name, known, n=1)
    if close:
        return f"unknown key '{name}'; did you mean '{close[0]}'?"
    return f"unknown key '{name}'" + (f"; known here: {', '.join(sorted(known))}" if known else "; remove it")
