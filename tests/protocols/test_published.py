"""A version is the exact bytes it was published with."""

from pathlib import Path

from protocols.published import changed, fingerprint, hashes_of, read_lock, texts_beside, write_lock
from tests.protocols.small import write

TEXTS = {"small.yaml": b"head: {}\n", "contacts.yaml": b"contacts: {}\n"}


def test_a_definition_is_read_with_the_shared_files_beside_it(tmp_path: Path) -> None:
    found = texts_beside(write(tmp_path))

    assert set(found) == {"small.yaml", "contacts.yaml", "ladders.yaml"}
    assert found["small.yaml"] == (tmp_path / "small.yaml").read_bytes()


def test_one_byte_or_one_name_makes_another_version() -> None:
    same = fingerprint(dict(reversed(TEXTS.items())))
    byte = fingerprint(TEXTS | {"small.yaml": b"head: {}\n\n"})
    name = fingerprint({"other.yaml": TEXTS["small.yaml"], "contacts.yaml": TEXTS["contacts.yaml"]})

    assert same == fingerprint(TEXTS)
    assert len({same, byte, name}) == 3


def test_the_lock_says_what_was_written_into_it() -> None:
    lock = {("small", "2026-1"): hashes_of(TEXTS), ("small", "2026-2"): {"small.yaml": "0" * 64}}

    assert read_lock(write_lock(lock)) == lock
    assert read_lock("# nothing\n\nnot an entry\n") == {}


def test_what_differs_is_named() -> None:
    before, after = {"a": "1", "b": "2"}, {"a": "1", "b": "3", "c": "4"}

    assert changed([*before, *after], before, after) == ["b", "c"]
