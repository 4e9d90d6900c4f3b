"""The chronology of a case (hændelser). Rows are only ever added."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from handlepligt.domain.vocabulary import EventKind
from models.base import Row, UtcDateTime, enum_check, new_id
from models.sealing import SealedBytes, SealedText


class CaseEvent(Row, table=True):
    """Something that happened. `about` is keys and ids only (JSON); free text is sealed in `detail`.

    `by_id` is empty when the system itself acted (a deadline passed, an offer expired).
    """

    __tablename__ = "case_event"
    __table_args__ = (
        CheckConstraint(enum_check("kind", EventKind), name="kind"),
        Index("ix_case_event_case_id_at", "case_id", "at"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    kind: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)
    number: int
    by_id: int | None = Field(default=None, foreign_key="staff.id")
    about: str = Field(default="{}", max_length=1000)
    detail_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)

    detail = SealedText()
