"""Holds what ships with the product against what was recorded: a published version never changes."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from handlepligt.cases.definitions import read_version, renewed
from handlepligt.cases.kept_versions import keep_shipped, shipped_prints, shipped_texts
from handlepligt.domain.version_words import VersionOrigin, VersionStatus
from handlepligt.domain.vocabulary import CaseStatus
from handlepligt.errors import ConfigurationError
from handlepligt.protocol_versions.pinning import differing, pinned, touched_sentence
from models import Case, ProtocolVersion
from models.session import reading, writing
from protocols.loader import DEFINITIONS
from protocols.problems import DefinitionRefused
from protocols.published import hashes_of


@dataclass(frozen=True)
class LostVersion:
    """A version that cases follow and that is neither shipped nor published here."""

    key: str
    version: str
    cases: int
    open_cases: int

    def __str__(self) -> str:
        """What is the matter, and how two people mend it."""
        return (
            f"{self.cases} cases ({self.open_cases} of them open) follow {self.key} {self.version}, which is"
            f" not here: take {self.key}.yaml, contacts.yaml and ladders.yaml from the release that shipped"
            f" it, hand them in with `handlepligt protocol draft {self.key}.yaml --as`, and let another"
            f" person say `handlepligt protocol publish {self.key} {self.version} --as`; the cases go on at"
            " once"
        )


def check_versions(engine: Engine, now: datetime) -> None:
    """Records the versions that ship, the first time they are seen, and lets this process work by them all.

    To be called at each start. Raises ConfigurationError, naming file, version and both hashes, when a
    file that ships differs from what was recorded under its version, here or beside the definitions; and
    when this product cannot read a version that was published before it.
    """
    with reading(engine) as session:
        _refuse_changed(session)
        recorded = _recorded(session)
        unknown = [
            name
            for name in shipped_prints()
            if name not in recorded or recorded[name].status == VersionStatus.DRAFT
        ]
    if unknown:
        with writing(engine) as session:
            keep_shipped(session, now=now)
    with reading(engine) as session:
        # Another process, of another version of the product, may have been quicker.
        _refuse_changed(session)
        _refuse_unreadable(session)


def changed_shipped(session: Session) -> Iterator[str]:
    """A sentence for each version that ships with other bytes than were recorded, and what to do about it.

    A version that the house itself published under the same number stands; it is the house's own.
    """
    recorded, lock = _recorded(session), pinned(DEFINITIONS)
    for name, texts in shipped_texts().items():
        row, found = recorded.get(name), hashes_of(texts)
        if row is not None and row.status != VersionStatus.DRAFT and row.origin != VersionOrigin.PRODUCT:
            continue
        if row is not None and row.origin == VersionOrigin.PRODUCT and row.sha256 != shipped_prints()[name]:
            yield _changed_sentence(row, found)
        elif name in lock and lock[name] != found:
            yield touched_sentence(name, lock[name], found)


def _recorded(session: Session) -> dict[tuple[str, str], ProtocolVersion]:
    return {(row.key, row.version): row for row in session.exec(select(ProtocolVersion))}


def _refuse_changed(session: Session) -> None:
    for sentence in changed_shipped(session):
        raise ConfigurationError(sentence)


def _changed_sentence(row: ProtocolVersion, found: Mapping[str, str]) -> str:
    """What differs between a version recorded here and the files, and what to do about it."""
    return (
        f"{row.key} version {row.version} has changed since it was published"
        f" ({differing(recorded_hashes(row), found, 'recorded')}). Running cases follow that version, so it"
        f" never changes: put the file back, or give {row.key}.yaml a new `version:`"
    )


def recorded_hashes(row: ProtocolVersion) -> dict[str, str]:
    """The SHA-256 of each file of a version, as recorded."""
    return {name: str(kept["sha256"]) for name, kept in json.loads(row.files).items()}


def unreadable_versions(session: Session) -> list[ProtocolVersion]:
    """The published versions that this version of the product cannot read."""
    return [row for row, _ in _unreadable(session)]


def lost_versions(session: Session) -> list[LostVersion]:
    """What open and closed cases follow, or have followed, and nobody can look up any more."""
    there = {(one.key, one.version) for one in renewed(session).all()}
    rows = session.exec(
        select(Case.track, Case.protocol_version, Case.status, func.count()).group_by(
            col(Case.track), col(Case.protocol_version), col(Case.status)
        )
    )
    found: dict[tuple[str, str], list[int]] = {}
    for track, version, status, count in rows:
        if (track, version) not in there:
            found.setdefault((track, version), [0, 0])[status != CaseStatus.CLOSED] += count
    return [
        LostVersion(*name, cases=closed + opened, open_cases=opened)
        for name, (closed, opened) in sorted(found.items())
    ]


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
