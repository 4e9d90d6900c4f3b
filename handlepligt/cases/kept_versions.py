"""Writes down the versions that ship with the product, at the latest with the first case that follows one."""

import functools
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from handlepligt.domain.version_words import VersionOrigin, VersionStatus
from models import ProtocolVersion, new_id
from protocols.definition import Definition
from protocols.library import Name
from protocols.loader import DEFINITIONS, shipped
from protocols.published import fingerprint, hashes_of, texts_beside

_log = structlog.get_logger(__name__)
_VERSION = ProtocolVersion.__table__  # type: ignore[attr-defined]
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def keep_version(session: Session, definition: Definition, *, now: datetime) -> None:
    """Sees to it that what a case is about to follow is in the database, whatever happens to the files.

    What the house has published is there already; what ships is written down the first time.
    """
    named = select(ProtocolVersion.id).where(
        ProtocolVersion.key == definition.key,
        ProtocolVersion.version == definition.version,
        ProtocolVersion.status != VersionStatus.DRAFT,
    )
    if (definition.key, definition.version) in shipped_texts() and session.exec(named).first() is None:
        keep_shipped(session, now=now)


def keep_shipped(session: Session, *, now: datetime) -> None:
    """Writes down every version that ships and is not published here yet; `now` is aware UTC.

    Processes that start, or raise their first concern, at the same instant write each of them once. A
    draft never stands in the way of what cases follow: it gives way, and handing it in again says why.
    """
    there = {
        (key, version): status
        for key, version, status in session.exec(
            select(ProtocolVersion.key, ProtocolVersion.version, ProtocolVersion.status)
        )
    }
    rows = [
        _row(name, texts, now)
        for name, texts in sorted(shipped_texts().items())
        if there.get(name, VersionStatus.DRAFT) == VersionStatus.DRAFT
    ]
    for key, version in sorted(there.keys() & {(row["key"], row["version"]) for row in rows}):
        _log.warning("draft_gives_way_to_shipped_version", key=key, version=version)
    if not rows:
        return
    # One statement for all, in one order: two that write at once wait for each other and never in a circle.
    insert = _INSERT[session.get_bind().dialect.name](_VERSION).values(rows)
    written = [one for one in rows[0] if one not in ("id", "key", "version")]
    session.execute(
        insert.on_conflict_do_update(
            index_elements=["key", "version"],
            set_={one: insert.excluded[one] for one in written},
            where=col(ProtocolVersion.status) == VersionStatus.DRAFT,
        )
    )
    for row in session:
        if isinstance(row, ProtocolVersion):
            session.expire(row)


@functools.cache
def shipped_texts() -> Mapping[Name, Mapping[str, bytes]]:
    """The files of each version that ships, by key and version, as they were when this process first looked.

    Read once: a file that changes under a running process is not what the process works by.
    """
    return {(one.key, one.version): texts_beside(DEFINITIONS / one.file) for one in shipped().all()}


@functools.cache
def shipped_prints() -> Mapping[Name, str]:
    """The fingerprint of each version that ships with the product, by key and version."""
    return {name: fingerprint(texts) for name, texts in shipped_texts().items()}


def files_json(texts: Mapping[str, bytes]) -> str:
    """The files as a row keeps them: name -> text and SHA-256."""
    hashes = hashes_of(texts)
    return json.dumps(
        {name: {"sha256": hashes[name], "text": text.decode()} for name, text in texts.items()},
        ensure_ascii=False,
        sort_keys=True,
    )


def _row(name: Name, texts: Mapping[str, bytes], now: datetime) -> dict[str, object]:
    return {
        "id": new_id(), "key": name[0], "version": name[1], "title": shipped().get(*name).title,
        "origin": VersionOrigin.PRODUCT, "status": VersionStatus.PUBLISHED, "sha256": fingerprint(texts),
        "files": files_json(texts), "published_at": now, "drafted_by_id": None, "drafted_at": None,
    }  # fmt: skip
