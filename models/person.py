"""A person linked to a case (a sibling, a partner): known by the case alone, and by no way to reach them."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import Row, UtcDateTime, new_id
from models.sealing import SealedBytes, SealedJson, SealedText


class LinkedPerson(Row, table=True):
    """Somebody the case's protocol asks about beside the citizen; `relation` is a key of the protocol.

    There is no phone, e-mail or address column, on purpose. `number` counts the people of a case from 1,
    so that they have an order and can be spoken of without a name. `id` is all that Prefect ever gets.
    Whoever is unlinked stays as a row: the rounds that were about them keep what they point at.
    """

    __tablename__ = "linked_person"
    __table_args__ = (
        UniqueConstraint("case_id", "number"),
        CheckConstraint("(unlinked_at IS NULL) = (unlinked_by_id IS NULL)", name="unlinked"),
    )

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    case_id: str = Field(foreign_key="case.id", max_length=32)
    number: int
    relation: str = Field(max_length=60)
    name_sealed: bytes = Field(sa_type=SealedBytes)
    facts_sealed: bytes = Field(sa_type=SealedBytes)
    linked_at: datetime = Field(sa_type=UtcDateTime)
    linked_by_id: int = Field(foreign_key="staff.id")
    unlinked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    unlinked_by_id: int | None = Field(default=None, foreign_key="staff.id")

    name = SealedText()
    facts = SealedJson()
