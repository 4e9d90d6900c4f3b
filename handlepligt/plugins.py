"""Finds classes by folder: one file, one class, its file name the key."""

from __future__ import annotations

import importlib
import pkgutil
from typing import TypeVar

_Base = TypeVar("_Base")


def find_classes(package: str, base: type[_Base]) -> dict[str, type[_Base]]:
    """The subclass of `base` that each module in `package` defines, by module name, in sorted order.

    Raises TypeError when a module does not define exactly one: a file that is silently not found is a
    channel or a report that silently does not exist.
    """
    found: dict[str, type[_Base]] = {}
    for name in sorted(
        module.name for module in pkgutil.iter_modules(importlib.import_module(package).__path__)
    ):
        module = importlib.import_module(f"{package}.{name}")
        classes = [
            each
            for each in vars(module).values()
            if isinstance(each, type) and issubclass(each, base) and each.__module__ == module.__name__
        ]
        if len(classes) != 1:
            raise TypeError(
                f"{module.__name__} must define exactly one {base.__name__}, it has {len(classes)}"
            )
        found[name] = classes[0]
    return found
