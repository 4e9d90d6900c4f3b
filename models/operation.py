"""What the running product remembers about itself: leases, heartbeats, answered writes, its mode."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from models.base import Row, UtcDateTime, new_id
from models.sealing import SealedBytes, SealedText


class Lease(Row, table=True):
    """Who may do a job that only one process may do (the sweep with the reconciler)."""

    name: str = Field(primary_key=True, max_length=40)
    holder: str = Field(max_length=80)
    until: datetime = Field(sa_type=UtcDateTime)
    fence: int = 1


class Heartbeat(Row, table=True):
    """When a job last ran to its end."""

    name: str = Field(primary_key=True, max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


class AnsweredWrite(Row, table=True):
    """The answer once given to a write with an Idempotency-Key, so that the same key gets the same."""

    __tablename__ = "answered_write"
    __table_args__ = (UniqueConstraint("staff_id", "key"),)

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    staff_id: int = Field(foreign_key="staff.id")
    key: str = Field(max_length=200)
    request_hash: str = Field(max_length=64)
    status: int
    body_sealed: bytes = Field(sa_type=SealedBytes)
    at: datetime = Field(sa_type=UtcDateTime)

    body = SealedText()


class InstallationFact(Row, table=True):
    """A fact about this installation, such as that it holds demo data."""

    __tablename__ = "installation_fact"

    key: str = Field(primary_key=True, max_length=40)
    value: str = Field(max_length=200)
