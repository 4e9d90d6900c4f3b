"""Holds what ships with the product against what was recorded: a published version never changes."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, func, select

from handlepligt.cases.definitions import read_version, renewed, shipped_prints
from handlepligt.domain.version_words import VersionOrigin, VersionStatus
from handlepligt.domain.vocabulary import CaseStatus
from handlepligt.errors import ConfigurationError
from handlepligt.protocol_versions.versions import new_row
from models import Case, ProtocolVersion
from models.session import reading, writing
from protocols.loader import DEFINITIONS, shipped
from protocols.problems import DefinitionRefused
from protocols.published import changed, hashes_of, texts_beside

Recorded = Mapping[tuple[str, str], ProtocolVersion]


def check_versions(engine: Engine, now: datetime) -> None:
    """Records the versions that ship, the first time they are seen, and lets this process work by them all.

    To be called at each start. Raises ConfigurationError, naming file, version and both hashes, when a
    file that ships differs from what was recorded under its version; and when this product cannot read a
    version that was published before it.
    """
    with reading(engine) as session:
        recorded = _recorded(session)
        _refuse_changed(recorded)
        unknown = [name for name in shipped_prints() if name not in recorded]
    if unknown:
        try:
            with writing(engine) as session:
                _record(session, now)
        except IntegrityError:
            # Another process has started at the same instant and was quicker.
            with reading(engine) as session:
                _refuse_changed(_recorded(session))
    with reading(engine) as session:
        _refuse_unreadable(session)


def _recorded(session: Session) -> dict[tuple[str, str], ProtocolVersion]:
    return {(row.key, row.version): row for row in session.exec(select(ProtocolVersion))}


def _record(session: Session, now: datetime) -> None:
    recorded = _recorded(session)
    _refuse_changed(recorded)
    for one in shipped().all():
        if (one.key, one.version) not in recorded:
            texts = texts_beside(DEFINITIONS / one.file)
            row = new_row(texts, key=one.key, version=one.version, title=one.title)
            row.published_at = now
            session.add(row)
    session.flush()


def _refuse_changed(recorded: Recorded) -> None:
    """A version that the house itself wrote under the same number stands; it is the house's own."""
    for one in shipped().all():
        row = recorded.get((one.key, one.version))
        if (
            row is None
            or row.origin != VersionOrigin.PRODUCT
            or row.sha256 == shipped_prints()[row.key, row.version]
        ):
            continue
        raise ConfigurationError(changed_sentence(row, hashes_of(texts_beside(DEFINITIONS / one.file))))


def changed_sentence(row: ProtocolVersion, found: Mapping[str, str]) -> str:
    """What differs between a recorded version and the files, and what to do about it."""
    before = recorded_hashes(row)
    differing = "; ".join(
        f"{name}: recorded {before.get(name, 'not at all')[:12]}, now {found.get(name, 'missing')[:12]}"
        for name in changed([*before, *found], before, found)
    )
    return (
        f"{row.key} version {row.version} has changed since it was published ({differing}). Running cases"
        f" follow that version, so it never changes: put the file back, or give {row.key}.yaml a new version:"
    )


def recorded_hashes(row: ProtocolVersion) -> dict[str, str]:
    """The SHA-256 of each file of a version, as recorded."""
    return {name: str(kept["sha256"]) for name, kept in json.loads(row.files).items()}


def unreadable_versions(session: Session) -> list[ProtocolVersion]:
    """The published versions that this version of the product cannot read."""
    return [row for row, _ in _unreadable(session)]


def cases_without_version(session: Session) -> int:
    """How many open cases follow a version that is neither shipped nor in the table."""
    there = {(one.key, one.version) for one in renewed(session).all()}
    followed = session.exec(
        select(Case.track, Case.protocol_version, func.count())
        .where(Case.status != CaseStatus.CLOSED)
        .group_by(col(Case.track), col(Case.protocol_version))
    )
    return sum(count for track, version, count in followed if (track, version) not in there)


def _refuse_unreadable(session: Session) -> None:
    for row, refused in _unreadable(session):
        raise ConfigurationError(
            f"{row.key} version {row.version} was published and cannot be read any more"
            f" ({refused.problems[0]}); start the version of the product that published it"
        )


def _unreadable(session: Session) -> Iterator[tuple[ProtocolVersion, DefinitionRefused]]:
    # What could be read stands on the shelf already, and reading takes its time.
    there = {(one.key, one.version) for one in renewed(session).all()}
    for row in session.exec(select(ProtocolVersion).where(ProtocolVersion.status != VersionStatus.DRAFT)):
        if (row.key, row.version) in there:
            continue
        try:
            read_version(row)
        except DefinitionRefused as refused:
            yield row, refused
