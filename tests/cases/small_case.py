"""Cases that follow the small definition of tests/protocols/small.py, changed by a test in a line or two."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from protocols.definition import Definition
from protocols.library import Library, in_force, put_in_force
from protocols.loader import library
from tests.protocols.small import small


@contextmanager
def small_in_force(*changes: tuple[str, str]) -> Iterator[Definition]:
    """Lets cases follow the changed definition (`track="small"`) beside those that ship."""
    before = in_force()
    with TemporaryDirectory() as folder:
        definition = small(Path(folder), *changes)
    put_in_force(Library([*library().all(), definition]))
    try:
        yield definition
    finally:
        put_in_force(before)
