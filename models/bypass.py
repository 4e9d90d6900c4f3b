"""Roles that a case goes past: why the first in a row was not asked, and who must not hear of the case."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field

from handlepligt.domain.vocabulary import BypassReason
from models.base import Row, UtcDateTime, enum_check, new_id
from models.sealing import SealedBytes, SealedText


class RoleBypass(Row, table=True):
    """A role of the protocol was gone past in one case; once for each reason and opening of the case.

    `tried_at` is when somebody tried to reach those of the role, where that is the reason.
    """

    __tablename__ = "role_bypass"
    __table_args__ = (
        UniqueConstraint("case_id", "role", "opening", "reason"),
        CheckConstraint(enum_check("reason", BypassReason), name="reason"),
        CheckConstraint("reason <> 'no_answer' OR tried_at IS NOT NULL", name="tried"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    opening: int
    role: str = Field(max_length=60)
    reason: str = Field(max_length=20)
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int = Field(foreign_key="staff.id")
    note_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)

    note = SealedText()


class SetAside(Row, table=True):
    """One of the staff who is the concern: in this case no role means them, and nobody tells them."""

    __tablename__ = "set_aside"
    __table_args__ = (Index("ix_set_aside_staff_id", "staff_id"),)

    case_id: str = Field(foreign_key="case.id", primary_key=True, max_length=32)
    staff_id: int = Field(foreign_key="staff.id", primary_key=True, sa_column_kwargs={"autoincrement": False})
    bypass_id: str = Field(foreign_key="role_bypass.id", max_length=32)
