"""Deadlines (frister) and the rows that wake somebody: what is due is a row with a time on it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from handlepligt.domain.vocabulary import DeadlineStatus
from models.base import Row, UtcDateTime, enum_check, new_id


class Deadline(Row, table=True):
    """One computed deadline with its arithmetic, so that it can be explained years later.

    `breached_at` is the instant it truly passed, whenever that was noticed; `expired_at` likewise where its
    passing is no breach but ends its round or opens another path (`at_expiry`). Unique by the round of its
    step (`person` as in CaseStep) and its key; of one for each agreed action the key ends with ":" and the
    action's number. `extensions` counts how often it was lawfully made longer. While `paused_at` is set it
    stands still: it cannot pass, and nobody is reminded of it.
    """

    __table_args__ = (
        UniqueConstraint("case_id", "key", "step_round", "step_key", "person"),
        CheckConstraint(enum_check("status", DeadlineStatus), name="status"),
        CheckConstraint("at_expiry IN ('breach', 'lapse', 'path')", name="at_expiry"),
        Index("ix_deadline_case_id_status", "case_id", "status"),
        Index(
            "ix_deadline_unsettled",
            "due_at",
            "case_id",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    step_key: str = Field(default="", max_length=60)
    step_round: int = 0
    key: str = Field(max_length=60)
    title: str = Field(max_length=200)
    basis: str = Field(max_length=30)
    is_decided: bool = True
    reference: str = Field(default="", max_length=200)
    offset_text: str = Field(max_length=40)
    base_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime = Field(sa_type=UtcDateTime)
    safe_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_safe_working_day: date | None = None
    calendar_version: str = Field(max_length=40)
    explanation: str = Field(max_length=2000)
    ladder: str = Field(default="", max_length=60)
    status: str = Field(default=DeadlineStatus.RUNNING, max_length=20)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    breached_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_by_id: int | None = Field(default=None, foreign_key="staff.id")
    person: str = Field(default="", max_length=32, sa_column_kwargs={"server_default": text("''")})
    at_expiry: str = Field(default="breach", max_length=10, sa_column_kwargs={"server_default": "breach"})
    expired_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    extensions: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    paused_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class DueRow(Row, table=True):
    """Something falls due at `fire_at`. The sweep claims it by deleting it (or moving `fire_at`).

    Clustered by time: the sweep reads the start of the table and nothing else. `kind` says what to
    do; `roles` are names of the case's protocol (JSON list) to be resolved when it fires, so that
    the reminder goes to whoever holds the duty then. `repeat_minutes` keeps it coming back until a
    leader acknowledges. `dedupe` makes arming twice the same as arming once.
    """

    __tablename__ = "due_row"
    __table_args__ = (
        UniqueConstraint("dedupe"),
        Index("ix_due_row_case_id", "case_id"),
        {"sqlite_with_rowid": False},
    )

    fire_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    deadline_id: str | None = Field(default=None, foreign_key="deadline.id", max_length=32)
    offer_id: str | None = Field(default=None, foreign_key="handover_offer.id", max_length=32)
    kind: str = Field(max_length=30)
    message: str = Field(default="", max_length=60)
    roles: str = Field(default="[]", max_length=500)
    rung: int = 0
    repeat_minutes: int | None = None
    respects_quiet_hours: bool = True
    attempts: int = 0
    dedupe: str = Field(max_length=200)
