"""Which case was raised from a step of another (delsag), so that its end can be answered there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from models.base import Row, UtcDateTime


class SubCase(Row, table=True):
    """A case that a sub-protocol of its parent raised: one for each round of the waiting step and person.

    It is a case like any other, with a holder, deadlines and a flow run of its own. `person` is the linked
    person it is about, "" when it is about the parent's citizen.
    """

    __tablename__ = "sub_case"
    __table_args__ = (
        UniqueConstraint("parent_case_id", "step_key", "round", "person"),
        CheckConstraint("case_id <> parent_case_id", name="not_its_own"),
    )

    case_id: str = Field(foreign_key="case.id", primary_key=True, max_length=32)
    parent_case_id: str = Field(foreign_key="case.id", max_length=32)
    step_key: str = Field(max_length=60)
    round: int
    person: str = Field(default="", max_length=32)
    raised_at: datetime = Field(sa_type=UtcDateTime)
