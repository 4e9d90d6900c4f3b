"""Versions of protocols as they were published, and the moves of running cases from one to another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from handlepligt.domain.version_words import MigrationStatus, VersionOrigin, VersionStatus
from models.base import Row, UtcDateTime, enum_check, new_id
from models.sealing import SealedBytes, SealedJson, SealedText


class ProtocolVersion(Row, table=True):
    """One version of one protocol (arbejdsgang) with the exact text of the files it was read from.

    `files` is JSON: the name of each file with its `text` and `sha256`; `sha256` is over all of them. A
    running case reads its protocol from here and never from a file that somebody may edit. What comes
    with the product has no drafter and no publisher; whatever the house writes is drafted by one person
    and published by another. Protocols hold no personal data, so nothing is sealed.
    """

    __tablename__ = "protocol_version"
    __table_args__ = (
        UniqueConstraint("key", "version"),
        CheckConstraint(enum_check("origin", VersionOrigin), name="origin"),
        CheckConstraint(enum_check("status", VersionStatus), name="status"),
        CheckConstraint(
            "origin <> 'house' OR (drafted_by_id IS NOT NULL AND drafted_at IS NOT NULL)", name="drafted"
        ),
        CheckConstraint(
            "origin <> 'house' OR status = 'draft' OR (published_by_id IS NOT NULL"
            " AND published_at IS NOT NULL AND published_by_id <> drafted_by_id)",
            name="four_eyes",
        ),
        CheckConstraint("origin <> 'product' OR status <> 'draft'", name="product_published"),
        CheckConstraint(
            "(status = 'withdrawn') = (withdrawn_by_id IS NOT NULL AND withdrawn_at IS NOT NULL)",
            name="withdrawn",
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    key: str = Field(max_length=60)
    version: str = Field(max_length=40)
    title: str = Field(max_length=300)
    origin: str = Field(max_length=20)
    status: str = Field(max_length=20)
    sha256: str = Field(max_length=64)
    files: str = Field(sa_type=Text)
    drafted_by_id: int | None = Field(default=None, foreign_key="staff.id")
    drafted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_by_id: int | None = Field(default=None, foreign_key="staff.id")
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by_id: int | None = Field(default=None, foreign_key="staff.id")
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class CaseMigration(Row, table=True):
    """A running case is to follow another version of its protocol; at most one proposal waits per case.

    `taken` says what the move changed (ids, keys and times only), so that it can be undone exactly.
    """

    __tablename__ = "case_migration"
    __table_args__ = (
        CheckConstraint(enum_check("status", MigrationStatus), name="status"),
        CheckConstraint("from_version <> to_version", name="another_version"),
        CheckConstraint(
            "status NOT IN ('done', 'undone') OR (decided_by_id IS NOT NULL AND decided_at IS NOT NULL"
            " AND decided_by_id <> by_id)",
            name="four_eyes",
        ),
        CheckConstraint(
            "(status = 'undone') = (undone_by_id IS NOT NULL AND undone_at IS NOT NULL)", name="undone"
        ),
        Index(
            "uq_case_migration_waiting",
            "case_id",
            unique=True,
            sqlite_where=text("status = 'proposed'"),
            postgresql_where=text("status = 'proposed'"),
        ),
        Index("ix_case_migration_case_id", "case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    from_version: str = Field(max_length=40)
    to_version: str = Field(max_length=40)
    reason_sealed: bytes = Field(sa_type=SealedBytes)
    by_id: int = Field(foreign_key="staff.id")
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(default=MigrationStatus.PROPOSED, max_length=20)
    decided_by_id: int | None = Field(default=None, foreign_key="staff.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    undone_by_id: int | None = Field(default=None, foreign_key="staff.id")
    undone_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)

    reason = SealedText()
    taken = SealedJson()
