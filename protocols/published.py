"""The exact bytes of a published version, and their hashes: a changed file is never the same version."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from protocols.reading import SHARED

# Lies beside the definitions that ship: what each version of them was when it was published.
LOCK = "published.lock"
Lock = Mapping[tuple[str, str], Mapping[str, str]]


def texts_beside(path: Path) -> dict[str, bytes]:
    """The bytes of a definition's file and of the shared files beside it, by file name. OSError."""
    shared = (path.parent / name for name in SHARED)
    return {one.name: one.read_bytes() for one in (path, *(one for one in shared if one.exists()))}


def hashes_of(texts: Mapping[str, bytes]) -> dict[str, str]:
    """The SHA-256 of each file by its name."""
    return {name: hashlib.sha256(text).hexdigest() for name, text in sorted(texts.items())}


def fingerprint(texts: Mapping[str, bytes]) -> str:
    """One SHA-256 over all of the files, names included."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in hashes_of(texts).items())
    return hashlib.sha256(lines.encode()).hexdigest()


def read_lock(text: str) -> dict[tuple[str, str], dict[str, str]]:
    """The hashes of each version by the names of its files; lines that are no entry are comments."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for line in text.splitlines():
        words = line.split()
        if len(words) == 4 and not line.startswith("#"):
            key, version, name, digest = words
            found.setdefault((key, version), {})[name] = digest
    return found


def write_lock(lock: Lock) -> str:
    """The text that `read_lock` reads."""
    head = "# What each published version was read from: key, version, file, SHA-256. Lines are only added.\n"
    return head + "".join(
        f"{key} {version} {name} {digest}\n"
        for (key, version), files in sorted(lock.items())
        for name, digest in sorted(files.items())
    )


def changed(names: Iterable[str], before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Those of the files whose hashes differ, or that only one side has."""
    return [name for name in sorted(set(names)) if before.get(name) != after.get(name)]
