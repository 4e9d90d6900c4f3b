"""Cases that follow the small definition of tests/protocols/small.py, changed by a test in a line or two."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from protocols.definition import Definition
from protocols.library import Library, in_force, put_in_force
from protocols.loader import examine, library
from tests.protocols.small import small, write


@contextmanager
def small_in_force(*changes: tuple[str, str], is_whole: bool = True) -> Iterator[Definition]:
    """Lets cases follow the changed definition (`track="small"`) beside those that ship.

    One that is not whole is put in force all the same, as no municipality could.
    """
    before = in_force()
    with TemporaryDirectory() as folder:
        definition = small(Path(folder), *changes) if is_whole else _broken(Path(folder), *changes)
    put_in_force(Library([*library().all(), definition]))
    try:
        yield definition
    finally:
        put_in_force(before)


def _broken(folder: Path, *changes: tuple[str, str]) -> Definition:
    definition, _ = examine(write(folder, *changes), thorough=False)
    assert definition is not None
    return definition
