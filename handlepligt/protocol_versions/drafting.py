"""Reads what somebody wants to publish: a definition with its shared files, whole or refused altogether."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from protocols.definition import Definition
from protocols.loader import DEFINITIONS, examine_texts
from protocols.problems import DefinitionRefused, Problem
from protocols.published import texts_beside
from protocols.reading import SHARED


@dataclass(frozen=True)
class Draft:
    """A definition that is whole, with the exact bytes it was read from, by the names of the files."""

    definition: Definition
    texts: Mapping[str, bytes]


def read_draft(content: bytes, *, shared: Mapping[str, bytes], name: str = "") -> Draft:
    """The definition in `content`, read with `shared`, examined to the last.

    `name` is what the file is called in the complaints. This can take seconds, so it is done before any
    transaction. Raises DefinitionRefused with everything that is wrong, at once.
    """
    called = Path(name).name if Path(name).name not in ("", *SHARED) else "definition.yaml"
    definition, problems = examine_texts({called: content, **shared})
    if definition is None or problems:
        raise DefinitionRefused(problems or [Problem(called, 1, 1, "this is no definition")])
    # A file is kept under the key it speaks of, whatever it was called on somebody's machine.
    return Draft(definition, {f"{definition.key}.yaml": content, **shared})


def shared_texts(folder: Path) -> dict[str, bytes]:
    """Contacts and ladders as the house keeps them in `folder`; those of the product where it has none.

    Raises OSError when a file is there and cannot be read.
    """
    found = (next(one for one in (folder / name, DEFINITIONS / name) if one.exists()) for name in SHARED)
    return {one.name: one.read_bytes() for one in found}


def draft_of_file(path: Path, *, folder: Path) -> Draft:
    """The definition in a file, with the shared files beside it, else those of `shared_texts(folder)`.

    Raises DefinitionRefused, and OSError when the file cannot be read.
    """
    texts = texts_beside(path)
    content = texts.pop(path.name)
    return read_draft(content, shared=shared_texts(folder) | texts, name=path.name)
