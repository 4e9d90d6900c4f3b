"""Seals what is about people: AES-GCM per value, with a key that is never in the database.

A sealed value is bound to its table, row and column (the associated data), so that a value moved to
another place does not open. A blind index (HMAC) finds equal CPR numbers without opening any.
"""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Dialect, LargeBinary
from sqlalchemy.types import TypeDecorator

from handlepligt.errors import ConfigurationError, HandlepligtError

_VERSION = b"\x01"
_NONCE = 12


class SealBrokenError(HandlepligtError):
    """A sealed value does not open: another key, or it was changed or moved."""

    user_message = "Oplysningerne kan ikke læses. Kontakt administratoren med det samme."


@dataclass(frozen=True)
class KeyRing:
    """The sealing keys by name, which of them seals new values, and the key of the blind index."""

    current: str
    sealing: dict[str, bytes]
    index: bytes

    @classmethod
    def generate(cls) -> "KeyRing":
        """A new ring with one 256-bit sealing key and one index key."""
        return cls(current="k1", sealing={"k1": os.urandom(32)}, index=os.urandom(32))

    @classmethod
    def read(cls, path: Path) -> "KeyRing":
        """The ring in the file at `path`. Raises ConfigurationError naming the file when it is unusable."""
        try:
            raw = json.loads(path.read_text("ascii"))
            ring = cls(
                current=raw["current"],
                sealing={name: base64.b64decode(key, validate=True) for name, key in raw["sealing"].items()},
                index=base64.b64decode(raw["index"], validate=True),
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ConfigurationError(
                f"HANDLEPLIGT_KEY_FILE: {path} cannot be used as a key file ({type(error).__name__}); "
                "restore it from where the keys are kept, the data cannot be read without it"
            ) from error
        if ring.current not in ring.sealing or any(
            len(k) != 32 for k in (*ring.sealing.values(), ring.index)
        ):
            raise ConfigurationError(f"HANDLEPLIGT_KEY_FILE: {path} lacks a 256-bit key")
        return ring

    def write(self, path: Path) -> None:
        """Writes the ring to a new file that only the owner reads. Never overwrites one."""
        raw = {
            "current": self.current,
            "sealing": {name: base64.b64encode(key).decode() for name, key in self.sealing.items()},
            "index": base64.b64encode(self.index).decode(),
        }
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(raw, file)
            file.flush()
            os.fsync(file.fileno())


_ring: KeyRing | None = None


def install_keys(ring: KeyRing) -> None:
    """Makes `ring` the one this process seals and opens with."""
    global _ring
    _ring = ring


def _keys() -> KeyRing:
    if _ring is None:
        raise ConfigurationError("no key ring is installed; the start must call install_keys first")
    return _ring


def _place(table: str, row_id: object, column: str) -> bytes:
    return f"{table}:{row_id}:{column}".encode()


def seal(text: str, *, table: str, row_id: object, column: str) -> bytes:
    """`text` sealed for one place in the database."""
    ring = _keys()
    nonce = os.urandom(_NONCE)
    name = ring.current.encode("ascii")
    body = AESGCM(ring.sealing[ring.current]).encrypt(nonce, text.encode(), _place(table, row_id, column))
    return _VERSION + bytes([len(name)]) + name + nonce + body


def unseal(sealed: bytes, *, table: str, row_id: object, column: str) -> str:
    """The text that was sealed for this place. Raises SealBrokenError when it does not open here."""
    try:
        length = sealed[1]
        name, rest = sealed[2 : 2 + length].decode("ascii"), sealed[2 + length :]
        opened = AESGCM(_keys().sealing[name]).decrypt(
            rest[:_NONCE], rest[_NONCE:], _place(table, row_id, column)
        )
    except (InvalidTag, KeyError, IndexError, ValueError) as error:
        raise SealBrokenError(f"a value of {table}.{column} does not open") from error
    return opened.decode()


def blind_index(text: str, *, purpose: str) -> str:
    """A keyed fingerprint by which equal texts are found without keeping them (64 hex digits)."""
    return hmac.new(_keys().index, f"{purpose}:{text}".encode(), hashlib.sha256).hexdigest()


class SealedBytes(TypeDecorator[bytes]):
    """A column that accepts only what `seal` made, so that clear text cannot slip in."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        if value is not None and value[:1] != _VERSION:
            raise ValueError("this column takes sealed values only; use seal()")
        return value


class SealedText:
    """`row.name` in clear for a column `name_sealed`: opens on reading, seals on setting."""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, row: None, owner: type) -> "SealedText": ...
    @overload
    def __get__(self, row: object, owner: type) -> str: ...
    def __get__(self, row: Any, owner: type) -> "SealedText | str":
        if row is None:
            return self
        sealed = getattr(row, f"{self.name}_sealed")
        return "" if sealed is None else unseal(sealed, **self._where(row))

    def __set__(self, row: Any, text: str) -> None:
        setattr(row, f"{self.name}_sealed", seal(text, **self._where(row)))

    def _where(self, row: Any) -> dict[str, Any]:
        return {"table": row.__tablename__, "row_id": row.id, "column": self.name}


class SealedJson(SealedText):
    """The same for a value that is JSON (answers to a step's questions)."""

    def __get__(self, row: Any, owner: type) -> Any:
        if row is None:
            return self
        text = super().__get__(row, owner)
        return json.loads(text) if text else {}

    def __set__(self, row: Any, value: Any) -> None:
        super().__set__(row, json.dumps(value, ensure_ascii=False, sort_keys=True))
