"""Writes versions down: drafted, thrown away, published by a second person, withdrawn."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select

from handlepligt.cases.kept_versions import files_json, shipped_prints
from handlepligt.domain.access import HouseAction, may_in_the_house
from handlepligt.domain.version_words import VersionOrigin, VersionStatus
from handlepligt.errors import ConflictError, NotAllowedError, NotFoundError, RefusedByRuleError
from handlepligt.protocol_versions.drafting import Draft
from models import ProtocolVersion, Staff
from protocols.published import fingerprint


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
    row = version_named(session, key, version, locked=True)
    _refuse_taken(key, version, row)
    if row is None:
        try:
            with session.begin_nested():
                return _written(session, _blank(key, version), draft, by, now)
        except IntegrityError:
            # Somebody else handed in the same version a moment ago; theirs is replaced like any draft.
            row = version_named(session, key, version, locked=True)
            _refuse_taken(key, version, row)
    if row is None:
        raise VersionStandsElsewhereError(f"the draft of {key} {version} was thrown away meanwhile")
    return _written(session, row, draft, by, now)


def discard_draft(session: Session, *, version_id: str, by: Staff, now: datetime) -> None:
    """Throws a draft away; what was published cannot be. Raises as `publish` does, but for four eyes."""
    session.delete(_draft_in_hand(session, version_id, by))
    session.flush()


def publish(
    session: Session, *, version_id: str, by: Staff, now: datetime, sha256: str = ""
) -> ProtocolVersion:
    """The version, which new cases follow from this instant; running cases stay on theirs.

    `sha256` is that of the text `by` has read: another one is refused. Raises NotAllowedError,
    NotFoundError, VersionStandsElsewhereError, VersionTakenError when the product ships that number by
    now, and RefusedByRuleError when `by` drafted it.
    """
    row = _draft_in_hand(session, version_id, by)
    _refuse_taken(row.key, row.version, row)
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


def version_named(
    session: Session, key: str, version: str, *, locked: bool = False
) -> ProtocolVersion | None:
    """The row of one version of one protocol; `locked` until the transaction ends, for who changes it."""
    named = select(ProtocolVersion).where(ProtocolVersion.key == key, ProtocolVersion.version == version)
    if locked:
        named = named.with_for_update().execution_options(populate_existing=True)
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


def _blank(key: str, version: str) -> ProtocolVersion:
    """A draft before its text is written into it."""
    return ProtocolVersion(
        key=key, version=version, title="", origin=VersionOrigin.HOUSE, status=VersionStatus.DRAFT, sha256="",
        files="{}",
    )  # fmt: skip


def _written(
    session: Session, row: ProtocolVersion, draft: Draft, by: Staff, now: datetime
) -> ProtocolVersion:
    row.title = draft.definition.title
    row.files, row.sha256 = files_json(draft.texts), fingerprint(draft.texts)
    row.drafted_by_id, row.drafted_at = by.id, now
    session.add(row)
    session.flush()
    return row


def _refuse_taken(key: str, version: str, row: ProtocolVersion | None) -> None:
    """What ships has its number from the start, also before anybody has written it down here."""
    if (row is not None and row.status != VersionStatus.DRAFT) or (key, version) in shipped_prints():
        raise VersionTakenError(f"{key} {version} is {row.status if row else 'shipped'}")


def _draft_in_hand(session: Session, version_id: str, by: Staff) -> ProtocolVersion:
    refuse_unless_editor(by)
    row = row_in_hand(session, version_id)
    if row.status != VersionStatus.DRAFT:
        raise VersionStandsElsewhereError(f"version {row.id} is {row.status}")
    return row
