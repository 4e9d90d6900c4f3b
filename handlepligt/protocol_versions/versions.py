"""Writes versions down: drafted, thrown away, published by a second person, withdrawn."""

import json
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from handlepligt.domain.access import HouseAction, may_in_the_house
from handlepligt.domain.version_words import VersionOrigin, VersionStatus
from handlepligt.errors import ConflictError, NotAllowedError, NotFoundError, RefusedByRuleError
from handlepligt.protocol_versions.drafting import Draft
from models import ProtocolVersion, Staff
from protocols.published import fingerprint, hashes_of


class VersionTakenError(ConflictError):
    """That version of that protocol has been published already, and what is published never changes."""

    user_message = (
        "Den version er allerede udgivet og kan ikke ændres. Skriv et nyt nummer ved version: øverst i filen."
    )


class VersionStandsElsewhereError(ConflictError):
    """Somebody has published, withdrawn or thrown away the version meanwhile."""

    user_message = "Versionen står ikke længere, som da du åbnede siden. Se den igen, og prøv så."


def submit_draft(session: Session, *, draft: Draft, by: Staff, now: datetime) -> ProtocolVersion:
    """The draft, written down. A draft of the same version is replaced, and `by` is its drafter from now on.

    Raises NotAllowedError, and VersionTakenError when the version is published or withdrawn.
    """
    refuse_unless_editor(by)
    key, version = draft.definition.key, draft.definition.version
    row = version_named(session, key, version)
    if row is not None and row.status != VersionStatus.DRAFT:
        raise VersionTakenError(f"{key} {version} is {row.status}")
    row = row or new_row(draft.texts, key=key, version=version, title=draft.definition.title)
    row.title, row.origin, row.status = draft.definition.title, VersionOrigin.HOUSE, VersionStatus.DRAFT
    row.files, row.sha256 = files_json(draft.texts), fingerprint(draft.texts)
    row.drafted_by_id, row.drafted_at = by.id, now
    session.add(row)
    session.flush()
    return row


def discard_draft(session: Session, *, version_id: str, by: Staff, now: datetime) -> None:
    """Throws a draft away; what was published cannot be. Raises as `publish` does, but for four eyes."""
    session.delete(_draft_in_hand(session, version_id, by))
    session.flush()


def publish(
    session: Session, *, version_id: str, by: Staff, now: datetime, sha256: str = ""
) -> ProtocolVersion:
    """The version, which new cases follow from this instant; running cases stay on theirs.

    `sha256` is that of the text `by` has read: another one is refused. Raises NotAllowedError,
    NotFoundError, VersionStandsElsewhereError, and RefusedByRuleError when `by` drafted it.
    """
    row = _draft_in_hand(session, version_id, by)
    if sha256 and sha256 != row.sha256:
        raise VersionStandsElsewhereError(f"the draft {row.id} was replaced meanwhile")
    if row.drafted_by_id == by.id:
        raise RefusedByRuleError(
            "four_eyes", user_message="En anden end den, der har skrevet kladden, skal udgive den."
        )
    row.status, row.published_by_id, row.published_at = VersionStatus.PUBLISHED, by.id, now
    session.add(row)
    session.flush()
    return row


def withdraw(session: Session, *, version_id: str, by: Staff, now: datetime) -> ProtocolVersion:
    """The version, which takes no new cases any more; running cases go on under it.

    Raises NotAllowedError, NotFoundError, and VersionStandsElsewhereError when it is not published.
    """
    refuse_unless_editor(by)
    row = row_in_hand(session, version_id)
    if row.status != VersionStatus.PUBLISHED:
        raise VersionStandsElsewhereError(f"version {row.id} is {row.status}")
    row.status, row.withdrawn_by_id, row.withdrawn_at = VersionStatus.WITHDRAWN, by.id, now
    session.add(row)
    session.flush()
    return row


def refuse_unless_editor(by: Staff) -> None:
    """Raises NotAllowedError for somebody who may not write protocols."""
    if not by.is_active or not may_in_the_house(HouseAction.EDIT_PROTOCOLS, by.role):
        raise NotAllowedError(
            f"staff {by.id} may not edit protocols",
            user_message="Kun den protokolansvarlige kan ændre arbejdsgange.",
        )


def version_named(session: Session, key: str, version: str) -> ProtocolVersion | None:
    """The row of one version of one protocol."""
    named = select(ProtocolVersion).where(ProtocolVersion.key == key, ProtocolVersion.version == version)
    return session.exec(named).first()


def row_in_hand(session: Session, version_id: str) -> ProtocolVersion:
    """The row, locked until the transaction ends. Raises NotFoundError."""
    locked = select(ProtocolVersion).where(ProtocolVersion.id == version_id).with_for_update()
    # PostgreSQL refuses to be asked for a text with NUL in it.
    row = (
        None
        if "\x00" in version_id
        else session.exec(locked.execution_options(populate_existing=True)).first()
    )
    if row is None:
        raise NotFoundError("no such version of a protocol")
    return row


def new_row(texts: Mapping[str, bytes], *, key: str, version: str, title: str) -> ProtocolVersion:
    """A row for these files that is not yet written; its status is the caller's to set."""
    return ProtocolVersion(
        key=key, version=version, title=title, origin=VersionOrigin.PRODUCT, status=VersionStatus.PUBLISHED,
        sha256=fingerprint(texts), files=files_json(texts),
    )  # fmt: skip


def files_json(texts: Mapping[str, bytes]) -> str:
    """The files as a row keeps them: name -> text and SHA-256."""
    hashes = hashes_of(texts)
    return json.dumps(
        {name: {"sha256": hashes[name], "text": text.decode()} for name, text in texts.items()},
        ensure_ascii=False,
        sort_keys=True,
    )


def _draft_in_hand(session: Session, version_id: str, by: Staff) -> ProtocolVersion:
    refuse_unless_editor(by)
    row = row_in_hand(session, version_id)
    if row.status != VersionStatus.DRAFT:
        raise VersionStandsElsewhereError(f"version {row.id} is {row.status}")
    return row
