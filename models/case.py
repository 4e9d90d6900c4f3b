"""A case (sag): one concern about one person, with its pinned protocol and where it stands."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from handlepligt.domain.vocabulary import CaseStatus
from models.base import Row, UtcDateTime, enum_check, new_id
from models.sealing import SealedBytes, SealedJson, SealedText


class Case(Row, table=True):
    """One row a case.

    `id` is opaque and the only thing Prefect ever gets. `wake` is raised by every act; the flow
    writes `seen` when it has mirrored that far. `next_due_at` is the earliest instant at which
    something is due and is kept by the verbs. `keeper_id` is the holder, or the last member of staff
    who was, while an outside authority holds the duty.

    `open_for` is the case's own id while it is open. It and the duty ledger point at each other with
    deferred foreign keys, so that the database refuses any commit that leaves an open case without
    its holder, a closed one with a holder, or either in another opening than the case counts.
    `closed_at` points at the end of a holding: a case closes at the very instant its duty ends.
    """

    __table_args__ = (
        CheckConstraint(enum_check("status", CaseStatus), name="status"),
        CheckConstraint(
            "(status = 'closed' AND open_for IS NULL AND closed_at IS NOT NULL)"
            " OR (status <> 'closed' AND open_for IS NOT NULL AND open_for = id AND closed_at IS NULL)",
            name="open_for",
        ),
        CheckConstraint("status = 'closed' OR next_due_at IS NOT NULL", name="next_due"),
        # What the duty ledger points at; and without it every transfer would read the whole table.
        UniqueConstraint("open_for", "openings"),
        ForeignKeyConstraint(
            ["open_for", "openings"],
            ["duty_holding.open_for", "duty_holding.opening"],
            name="fk_case_open_for_duty_holding",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        ForeignKeyConstraint(
            ["id", "openings", "closed_at"],
            ["duty_holding.case_id", "duty_holding.opening", "duty_holding.until"],
            name="fk_case_closed_at_duty_holding",
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
        Index(
            "ix_case_open_due",
            "next_due_at",
            "id",
            sqlite_where=text("status <> 'closed'"),
            postgresql_where=text("status <> 'closed'"),
        ),
        Index(
            "ix_case_woken",
            "id",
            sqlite_where=text("wake > seen"),
            postgresql_where=text("wake > seen"),
        ),
        Index("ix_case_team_id_status", "team_id", "status"),
        Index("ix_case_keeper_id_status", "keeper_id", "status"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    reference: str = Field(unique=True, max_length=20)
    track: str = Field(max_length=60)
    protocol_version: str = Field(max_length=40)
    status: str = Field(default=CaseStatus.RECEIVED, max_length=30)
    is_acute: bool = False
    acute_presses: int = 0
    acute_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    raised_at: datetime = Field(sa_type=UtcDateTime)
    raised_by_id: int = Field(foreign_key="staff.id")
    team_id: int = Field(foreign_key="team.id")
    keeper_id: int = Field(foreign_key="staff.id")
    citizen_id: str = Field(foreign_key="citizen.id", index=True, max_length=32)
    summary_sealed: bytes = Field(sa_type=SealedBytes)
    facts_sealed: bytes = Field(sa_type=SealedBytes)
    next_followup_on: date | None = None
    next_due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    touched_at: datetime = Field(sa_type=UtcDateTime)
    open_for: str | None = Field(default=None, max_length=32)
    openings: int = 1
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    end_key: str | None = Field(default=None, max_length=60)
    wake: int = 1
    seen: int = 0
    flow_run_id: str | None = Field(default=None, max_length=36)

    summary = SealedText()
    facts = SealedJson()


class ReferenceCounter(Row, table=True):
    """The last number given out in a year, so that references are short and never repeat."""

    __tablename__ = "reference_counter"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int = 0
