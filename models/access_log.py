"""Every look at a case and every refused look, written before the answer."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from models.base import Row, UtcDateTime


class AccessLogEntry(Row, table=True):
    """Who looked at what, when, through which face, and whether they were let in. Only added to."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_case_id_at", "case_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    staff_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    case_id: str | None = Field(default=None, foreign_key="case.id", max_length=32)
    action: str = Field(max_length=40)
    was_allowed: bool
    face: str = Field(max_length=10)
