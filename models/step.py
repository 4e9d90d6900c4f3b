"""One round of one step of a case's protocol (trin), with its answers sealed."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from handlepligt.domain.vocabulary import StepStatus
from models.base import Row, UtcDateTime, enum_check, new_id
from models.sealing import SealedBytes, SealedJson, SealedText


class CaseStep(Row, table=True):
    """Keyed by case, step, round and person: opening it twice changes nothing (promise of idempotence).

    `person` is the id of the linked person the round is about, "" when it is about the citizen; each has a
    line of rounds of their own. A round is *waiting* while somebody else acts or another step goes first.
    `ticks` are the items of its checklist that are done: item -> ISO instant. `mirrored_at` is written by
    the flow's task for this round. `due_at` is the earliest deadline of the round, for lists. `sequence`
    orders the steps of a case by their opening. `version` is the version of the protocol that a settled round
    was settled under, when the case has moved on to another since; else "".
    """

    __tablename__ = "case_step"
    __table_args__ = (
        UniqueConstraint("case_id", "key", "round", "person"),
        CheckConstraint(enum_check("status", StepStatus), name="status"),
        CheckConstraint("(status IN ('open', 'waiting')) = (settled_at IS NULL)", name="settled"),
        Index(
            "ix_case_step_unmirrored",
            "case_id",
            sqlite_where=text("mirrored_at IS NULL"),
            postgresql_where=text("mirrored_at IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    key: str = Field(max_length=60)
    round: int = 1
    sequence: int
    status: str = Field(default=StepStatus.OPEN, max_length=20)
    opened_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_by_id: int | None = Field(default=None, foreign_key="staff.id")
    answers_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)
    reason_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)
    mirrored_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    person: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": text("''")})
    ticks_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)
    version: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": text("''")})

    answers = SealedJson()
    reason = SealedText()
    ticks = SealedJson()
