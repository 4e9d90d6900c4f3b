"""An offer to take over the duty (overdragelse). Until somebody accepts it, nothing moves."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from handlepligt.domain.vocabulary import OfferStatus
from models.base import Row, UtcDateTime, enum_check, new_id
from models.sealing import SealedBytes, SealedJson, SealedText


class HandoverOffer(Row, table=True):
    """To one person or to a pool, with a structured note; at most one waits per case.

    `renewals` counts how often an unanswered offer has been renewed before this row.
    """

    __tablename__ = "handover_offer"
    __table_args__ = (
        CheckConstraint(enum_check("status", OfferStatus), name="status"),
        CheckConstraint("(to_id IS NULL) <> (to_pool IS NULL)", name="one_recipient"),
        CheckConstraint(
            "status <> 'accepted' OR (answered_by_id IS NOT NULL AND answered_at IS NOT NULL)",
            name="accepted_by_somebody",
        ),
        CheckConstraint("status <> 'rejected' OR reason_sealed IS NOT NULL", name="rejected_with_reason"),
        Index(
            "uq_handover_offer_waiting",
            "case_id",
            unique=True,
            sqlite_where=text("status = 'offered'"),
            postgresql_where=text("status = 'offered'"),
        ),
        Index("ix_handover_offer_case_id", "case_id"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    to_id: int | None = Field(default=None, foreign_key="staff.id", index=True)
    to_pool: str | None = Field(default=None, max_length=60)
    note_sealed: bytes = Field(sa_type=SealedBytes)
    by_id: int = Field(foreign_key="staff.id")
    offered_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    renewals: int = 0
    status: str = Field(default=OfferStatus.OFFERED, max_length=20)
    answered_by_id: int | None = Field(default=None, foreign_key="staff.id")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)

    note = SealedJson()
    reason = SealedText()
