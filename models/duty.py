"""The duty ledger (handlepligt): who held the duty to act in a case, from when until when."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from models.base import Row, UtcDateTime, new_id
from models.sealing import SealedBytes, SealedText


class DutyHolding(Row, table=True):
    """One person's (or one named authority's) time with the duty.

    What the database itself guarantees, on SQLite and PostgreSQL alike:

    - `open_for` is the case's id while the holding runs, and is unique: never two holders.
    - The case points at it, and it at the case, with deferred foreign keys: never an open case
      without a holding, never a closed one with a holding that runs, and the holding that runs
      belongs to the opening the case counts.
    - `previous_until` points at the `until` of a holding of the same opening and equals `since`:
      never a gap or an overlap, to the microsecond. Only the first of an opening has none.
    """

    __tablename__ = "duty_holding"
    __table_args__ = (
        UniqueConstraint("open_for"),
        UniqueConstraint("open_for", "opening"),
        UniqueConstraint("case_id", "opening", "until", name="uq_duty_holding_end"),
        UniqueConstraint("case_id", "opening", "previous_until", name="uq_duty_holding_successor"),
        CheckConstraint(
            "(until IS NULL AND open_for IS NOT NULL AND open_for = case_id)"
            " OR (until IS NOT NULL AND open_for IS NULL)",
            name="open_for",
        ),
        CheckConstraint("until IS NULL OR until > since", name="until_after_since"),
        CheckConstraint("previous_until IS NULL OR previous_until = since", name="no_gap"),
        CheckConstraint(
            "(holder_id IS NOT NULL AND authority_sealed IS NULL)"
            " OR (holder_id IS NULL AND authority_sealed IS NOT NULL)",
            name="one_holder",
        ),
        ForeignKeyConstraint(
            ["case_id", "opening", "previous_until"],
            ["duty_holding.case_id", "duty_holding.opening", "duty_holding.until"],
            name="fk_duty_holding_previous",
        ),
        ForeignKeyConstraint(
            ["open_for", "opening"],
            ["case.open_for", "case.openings"],
            name="fk_duty_holding_open_for_case",
            deferrable=True,
            initially="DEFERRED",
        ),
        Index(
            "uq_duty_holding_first",
            "case_id",
            "opening",
            unique=True,
            sqlite_where=text("previous_until IS NULL"),
            postgresql_where=text("previous_until IS NULL"),
        ),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    opening: int = 1
    holder_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    authority_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    previous_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    open_for: str | None = Field(default=None, max_length=32)

    authority = SealedText()
