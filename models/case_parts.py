"""The smaller things a case consists of: calls, requests to close, siblings."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from handlepligt.domain.vocabulary import CloseRequestStatus
from models.base import Row, UtcDateTime, enum_check, new_id
from models.sealing import SealedBytes, SealedJson, SealedText


class Call(Row, table=True):
    """A telephone call to a contact of the protocol ("ringet 17.02 – intet svar")."""

    __tablename__ = "contact_call"
    __table_args__ = (
        CheckConstraint("outcome IN ('answered', 'no_answer', 'busy', 'message_left')", name="outcome"),
        Index("ix_contact_call_case_id", "case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    contact_key: str = Field(max_length=60)
    outcome: str = Field(max_length=20)
    called_at: datetime = Field(sa_type=UtcDateTime)
    by_id: int = Field(foreign_key="staff.id")
    note_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)

    note = SealedText()


class CloseRequest(Row, table=True):
    """A holder asks to close a case; another person, the leader, approves. At most one waits per case."""

    __tablename__ = "close_request"
    __table_args__ = (
        CheckConstraint(enum_check("status", CloseRequestStatus), name="status"),
        CheckConstraint("has_siblings IN ('yes', 'no')", name="has_siblings"),
        CheckConstraint(
            "status <> 'approved' OR (decided_by_id IS NOT NULL AND decided_by_id <> by_id"
            " AND decided_at IS NOT NULL)",
            name="four_eyes",
        ),
        Index(
            "uq_close_request_waiting",
            "case_id",
            unique=True,
            sqlite_where=text("status = 'waiting'"),
            postgresql_where=text("status = 'waiting'"),
        ),
        Index("ix_close_request_case_id", "case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    end_key: str = Field(max_length=60)
    has_siblings: str = Field(max_length=3)
    reason_sealed: bytes = Field(sa_type=SealedBytes)
    answers_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)
    by_id: int = Field(foreign_key="staff.id")
    asked_at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(default=CloseRequestStatus.WAITING, max_length=20)
    decided_by_id: int | None = Field(default=None, foreign_key="staff.id")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    reason = SealedText()
    answers = SealedJson()


class SiblingLink(Row, table=True):
    """Two cases about children of one family (søskende). Stored once, smaller id first."""

    __tablename__ = "sibling_link"
    __table_args__ = (
        UniqueConstraint("case_id", "other_case_id"),
        CheckConstraint("case_id < other_case_id", name="ordered"),
        Index("ix_sibling_link_other_case_id", "other_case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    other_case_id: str = Field(foreign_key="case.id", max_length=32)
    by_id: int = Field(foreign_key="staff.id")
    linked_at: datetime = Field(sa_type=UtcDateTime)
