"""Keeps the record of what ships (published.lock), so that a changed file is seen before it is released."""

from __future__ import annotations

import re
from pathlib import Path

from handlepligt.errors import ConflictError
from protocols.loader import DEFINITIONS, load_file
from protocols.published import LOCK, Lock, hashes_of, read_lock, texts_beside, write_lock
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


def pin(folder: Path = DEFINITIONS, *, version: str = "") -> list[tuple[str, str]]:
    """Adds to the lock every version that is not in it; returns those added.

    A definition that has changed under a version already in the lock is refused, unless `version` is the
    new one to write into it: then its file gets that version first. Raises ShippedChangedError.
    """
    lock = pinned(folder)
    changed = [name for name in unpinned(lock, shipped_now(folder)) if name in lock]
    if changed and not version:
        said = ", ".join(f"{key} {old}" for key, old in changed)
        raise ShippedChangedError(
            f"{said} changed since it was pinned; say `handlepligt protocol pin --version` with a new version"
        )
    for key, _ in changed:
        path = folder / f"{key}.yaml"
        text = path.read_text("utf-8")
        path.write_text(_VERSION.sub(rf'\g<1>"{version}"', text, count=1), "utf-8")
    now = shipped_now(folder)
    if wrong := [name for name in unpinned(lock, now) if name in lock]:
        raise ShippedChangedError(f"{wrong[0][0]} {wrong[0][1]} is pinned already; choose a higher version")
    added = unpinned(lock, now)
    (folder / LOCK).write_text(write_lock({**lock, **now}), "utf-8")
    return added
