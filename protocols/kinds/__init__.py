"""The kinds of thing a protocol definition can contain, one class `Kind` per file, found by folder."""

from __future__ import annotations

import functools
import importlib
import pkgutil

from protocols.element import Element


@functools.cache
def kinds() -> dict[str, type[Element]]:
    """Every kind by the name of its file."""
    found = sorted(module.name for module in pkgutil.iter_modules(__path__))
    return {name: importlib.import_module(f"{__name__}.{name}").Kind for name in found}


@functools.cache
def sections() -> dict[str, type[Element]]:
    """The kinds that stand at the top of a file, by their section's key."""
    return {kind.section: kind for kind in kinds().values() if kind.section}
