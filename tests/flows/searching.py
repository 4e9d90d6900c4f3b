"""Finds words where they are not written plainly: encoded, packed, escaped, one inside the other."""

import base64
import binascii
import bz2
import json
import lzma
import re
import sqlite3
import urllib.parse
import warnings
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

LAYERS = 6
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{8,}={0,2}")
_HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
_ESCAPE = re.compile(rb"\\+[uxn\"/]")
_UNPACK: list[Callable[[bytes], bytes]] = [
    lambda blob: zlib.decompress(blob, wbits=47),
    lambda blob: zlib.decompress(blob, wbits=-15),
    bz2.decompress,
    lzma.decompress,
]


def find(words: Iterable[str], blob: bytes) -> set[str]:
    """Which of `words` are in `blob`, in whatever way it is wrapped."""
    wanted = {word: word.casefold() for word in words}
    found: set[str] = set()
    for plain in _unwrapped(blob, LAYERS, set()):
        for codec in ("utf-8", "utf-16-le", "latin-1"):
            text = plain.decode(codec, "ignore").casefold()
            found |= {word for word, folded in wanted.items() if folded in text}
    return found


def find_in_database(words: Iterable[str], path: Path) -> dict[str, set[str]]:
    """The same for every column of every table: `table.column` with what it holds."""
    words = list(words)
    found: dict[str, set[str]] = {}
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        assert len(tables) > 20, "this is no database of Prefect's"
        for table in tables:
            rows = database.execute(f'SELECT * FROM "{table}"')
            columns = [column[0] for column in rows.description]
            for row in rows:
                for column, value in zip(columns, row, strict=True):
                    if there := find(words, _bytes(value)):
                        found.setdefault(f"{table}.{column}", set()).update(there)
    finally:
        database.close()
    return found


def find_in_files(words: Iterable[str], folder: Path) -> dict[str, set[str]]:
    """The same for every file in the folder, by its name too."""
    words = list(words)
    found = {}
    for path in sorted(folder.rglob("*")):
        blob = str(path.relative_to(folder)).encode() + b"\n" + (path.read_bytes() if path.is_file() else b"")
        if there := find(words, blob):
            found[str(path.relative_to(folder))] = there
    return found


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def _unwrapped(blob: bytes, layers: int, seen: set[bytes]) -> Iterator[bytes]:
    if blob in seen:
        return
    seen.add(blob)
    yield blob
    if layers:
        for inner in _one_layer_less(blob):
            yield from _unwrapped(inner, layers - 1, seen)


def _one_layer_less(blob: bytes) -> Iterator[bytes]:
    if _ESCAPE.search(blob):
        with suppress(ValueError):
            yield json.dumps(json.loads(blob), ensure_ascii=False).encode()
        with suppress(UnicodeError), warnings.catch_warnings(action="ignore"):
            yield blob.decode("unicode_escape").encode("utf-8", "surrogatepass")
    if b"%" in blob:
        yield urllib.parse.unquote_to_bytes(blob)
    for unpack in _UNPACK:
        with suppress(zlib.error, OSError, EOFError, lzma.LZMAError, ValueError):
            yield unpack(blob)
    if len(blob) < 1_000_000:
        for match in _BASE64.finditer(blob):
            with suppress(binascii.Error, ValueError):
                coded = match.group().rstrip(b"=")
                yield base64.b64decode(
                    coded + b"=" * (-len(coded) % 4), altchars=b"-_" if {45, 95} & set(coded) else None
                )
        for match in _HEX.finditer(blob):
            yield bytes.fromhex(match.group().decode())
