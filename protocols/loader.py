"""YAML in; definitions or clear refusals out, all at once and each with its place."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from protocols.definition import Definition
from protocols.element import Element
from protocols.explore import explore
from protocols.kinds.contact import Kind as Contact
from protocols.library import Library, in_force
from protocols.lowering import lower, place_of
from protocols.problems import DefinitionRefused, Problem, sayable
from protocols.raised_protocols import wrong_protocols
from protocols.reading import NEEDED, SHARED, read_sections
from protocols.stand_in import stand_in
from protocols.tracks import unknown_tracks
from protocols.whole import check_elements
from protocols.yaml_source import Source, read_yaml, read_yaml_text

DEFINITIONS = Path(__file__).parent / "definitions"


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
    loaded, problems = examine_all(folder, thorough=thorough)
    if problems:
        raise DefinitionRefused(problems)
    return Library(loaded)


def library() -> Library:
    """The definitions in force in this process: those of the product, until others stand beside them."""
    return in_force() or shipped()


@functools.cache
def shipped() -> Library:
    """The definitions that ship with the product, loaded once."""
    return load_all(thorough=False)


def examine_all(folder: Path, *, thorough: bool = True) -> tuple[list[Definition], list[Problem]]:
    """What the files of a folder hold, and everything that is wrong with them, each problem once."""
    files = [path for path in sorted(folder.glob("*.yaml")) if path.name not in SHARED]
    examined = [examine(path, thorough=thorough) for path in files]
    built = [definition for definition, _ in examined if definition is not None]
    problems = [problem for _, found in examined for problem in found]
    if built and len(built) == len(files):
        # A file that cannot be read may be the one that a contact belongs to; then nothing is said of it.
        problems += unknown_tracks(folder, {one.key for one in built})
        problems += wrong_protocols(folder, built)
    return built, list(dict.fromkeys(problems))


def examine(path: Path, *, thorough: bool = True) -> tuple[Definition | None, list[Problem]]:
    """What a file holds and everything that is wrong with it; no definition when it cannot be built."""
    # Unlike Path.exists this is silent about a folder that may not be looked into; reading it is not.
    files = [path, *(path.parent / name for name in SHARED if os.path.exists(path.parent / name))]
    return _examined([functools.partial(read_yaml, file) for file in files], thorough=thorough)


def examine_texts(
    texts: Mapping[str, bytes], *, thorough: bool = True
) -> tuple[Definition | None, list[Problem]]:
    """The same from texts by the names of their files: a definition, and the shared ones it is read with."""
    names = sorted(texts, key=lambda name: name in SHARED)
    reading = [functools.partial(read_yaml_text, texts[name], name) for name in names]
    return _examined(reading, thorough=thorough)


def _examined(
    reading: Iterable[Callable[[], Source]], *, thorough: bool
) -> tuple[Definition | None, list[Problem]]:
    """`reading` yields the definition's own source and then the shared ones."""
    sources, problems = _read(reading)
    if problems:
        for source in sources:
            read_sections(source, problems)
        return None, sayable(problems + [problem for source in sources for problem in source.problems])
    problems += [problem for source in sources for problem in source.problems]
    elements: dict[str, dict[str, Element]] = {}
    origins: dict[str, Source] = {}
    for source in sources:
        for section, read in read_sections(source, problems).items():
            elements[section] = read
            origins[section] = source
    main = sources[0]
    problems += [
        main.problem((), f"the section '{section}' is missing; add it")
        for section in NEEDED
        if section not in elements
    ]
    headless = not elements.get("head")
    if headless:
        elements["head"] = {"head": stand_in(main)}
        origins["head"] = main
    origins.setdefault("contacts", main)
    elements = lower(_narrowed(elements), origins, problems)
    whole = not problems
    definition = Definition(elements, file=main.file)
    problems += check_elements(definition, origins, thorough=thorough)
    if whole and not problems and thorough:
        problems += [
            main.problem(place_of(definition.steps, where), sentence)
            for where, sentence in explore(definition).complaints
        ]
    return None if headless else definition, sayable(problems)


def _read(reading: Iterable[Callable[[], Source]]) -> tuple[list[Source], list[Problem]]:
    """The sources that could be read, and what is wrong with those that could not."""
    sources: list[Source] = []
    problems: list[Problem] = []
    for read in reading:
        try:
            sources.append(read())
        except DefinitionRefused as refused:
            problems += refused.problems
    return sources, problems


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
