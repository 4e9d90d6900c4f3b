"""Who works here: teams, staff, their absences. The only people the product can address."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field

from handlepligt.domain.vocabulary import StaffRole
from models.base import Row, UtcDateTime, enum_check


class Team(Row, table=True):
    """A team. Its leader is the active member with the role `leader`."""

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=120)


class Staff(Row, table=True):
    """A member of staff (medarbejder). Addresses here are work addresses; there are no others."""

    __table_args__ = (
        CheckConstraint(enum_check("role", StaffRole), name="role"),
        Index(
            "uq_staff_one_leader_per_team",
            "team_id",
            unique=True,
            sqlite_where=text("role = 'leader' AND is_active = 1"),
            postgresql_where=text("role = 'leader' AND is_active"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(unique=True, max_length=60)
    name: str = Field(max_length=120)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=30)
    role: str = Field(max_length=30)
    pool: str = Field(default="", max_length=30)
    team_id: int | None = Field(default=None, foreign_key="team.id", index=True)
    deputy_id: int | None = Field(default=None, foreign_key="staff.id")
    is_active: bool = True
    password_hash: str = Field(default="", max_length=200)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Absence(Row, table=True):
    """A time in which somebody is away (fravær); `until` is open while nobody knows."""

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)
