"""Keeps the record of what ships (published.lock), so that a changed file is seen before it is released."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from handlepligt.errors import ConflictError
from protocols.loader import DEFINITIONS, load_file
from protocols.published import LOCK, Lock, changed, hashes_of, read_lock, texts_beside, write_lock
from protocols.reading import SHARED

_VERSION = re.compile(r'^(  version:\s*)"?[0-9]{4}-[0-9]{1,4}"?', re.MULTILINE)


class ShippedChangedError(ConflictError):
    """A definition that ships was changed without a new version."""

    user_message = "En arbejdsgang er ændret uden en ny version."


def shipped_now(folder: Path = DEFINITIONS) -> dict[tuple[str, str], dict[str, str]]:
    """The hashes of the files of each definition in a folder, by key and version."""
    files = [path for path in sorted(folder.glob("*.yaml")) if path.name not in SHARED]
    found = {path: load_file(path, thorough=False) for path in files}
    return {(one.key, one.version): hashes_of(texts_beside(path)) for path, one in found.items()}


def pinned(folder: Path = DEFINITIONS) -> dict[tuple[str, str], dict[str, str]]:
    """What the lock says; empty when there is none yet."""
    path = folder / LOCK
    return read_lock(path.read_text("utf-8")) if path.exists() else {}


def unpinned(lock: Lock, now: Lock) -> list[tuple[str, str]]:
    """The versions that ship and are not what the lock says, or not in it."""
    return [name for name, hashes in now.items() if lock.get(name) != hashes]


def complaints(folder: Path = DEFINITIONS) -> list[str]:
    """A sentence for each definition of a folder that the lock does not know as it is, and how to mend it."""
    lock, now = pinned(folder), shipped_now(folder)
    return [
        touched_sentence(name, lock[name], now[name])
        if name in lock
        else f"{name[0]} {name[1]} is not in {LOCK} yet; say `handlepligt protocol pin` and commit that file"
        for name in unpinned(lock, now)
    ]


def touched_sentence(name: tuple[str, str], before: Mapping[str, str], now: Mapping[str, str]) -> str:
    """What differs between a version that was pinned and its files, and how to mend it."""
    key, version = name
    return (
        f"{key} {version} has changed since it was pinned ({differing(before, now, 'pinned')}). Cases follow"
        f" that version, so it never changes: put the file back, or say"
        f" `handlepligt protocol pin --version {next_version(version)}`, which writes the new version into it"
    )


def differing(before: Mapping[str, str], now: Mapping[str, str], word: str) -> str:
    """The files whose hashes differ, each with both; `word` says what was done with them before."""
    return "; ".join(
        f"{name}: {word} {before.get(name, 'not at all')[:12]}, now {now.get(name, 'missing')[:12]}"
        for name in changed([*before, *now], before, now)
    )


def next_version(version: str) -> str:
    """The number after one: 2026-2 after 2026-1."""
    year, _, number = version.partition("-")
    return f"{year}-{int(number) + 1}"


def pin(folder: Path = DEFINITIONS, *, version: str = "") -> list[tuple[str, str]]:
    """Adds to the lock every version that is not in it; returns those added.

    A definition that has changed under a version already in the lock is refused, unless `version` is the
    new one to write into it: then its file gets that version first. Raises ShippedChangedError.
    """
    lock = pinned(folder)
    found = shipped_now(folder)
    touched = [name for name in unpinned(lock, found) if name in lock]
    if touched and not version:
        raise ShippedChangedError("\n".join(touched_sentence(one, lock[one], found[one]) for one in touched))
    for key, _ in touched:
        path = folder / f"{key}.yaml"
        text = path.read_text("utf-8")
        path.write_text(_VERSION.sub(rf'\g<1>"{version}"', text, count=1), "utf-8")
    now = shipped_now(folder)
    if wrong := [name for name in unpinned(lock, now) if name in lock]:
        raise ShippedChangedError(f"{wrong[0][0]} {wrong[0][1]} is pinned already; choose a higher version")
    added = unpinned(lock, now)
    (folder / LOCK).write_text(write_lock({**lock, **now}), "utf-8")
    return added
