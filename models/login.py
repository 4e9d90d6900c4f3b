"""How staff prove who they are: sessions, tokens of the API, one-time links. Only hashes are kept."""

from datetime import datetime

from sqlmodel import Field

from models.base import Row, UtcDateTime


class LoginSession(Row, table=True):
    """A logged-in browser. `id` is the SHA-256 of the cookie, so the table opens no door."""

    __tablename__ = "login_session"

    id: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    csrf_token: str = Field(max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class LoginAttempt(Row, table=True):
    """A failed log-in, kept to slow down guessing by account and by source."""

    __tablename__ = "login_attempt"

    id: int | None = Field(default=None, primary_key=True)
    username: str = Field(max_length=60, index=True)
    source: str = Field(max_length=64, index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class AccessToken(Row, table=True):
    """A personal token for the JSON API. `id` is the SHA-256 of the token."""

    __tablename__ = "access_token"

    id: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    label: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SetupLink(Row, table=True):
    """A one-time link that lets one person choose a passphrase. `id` is the SHA-256 of its secret."""

    __tablename__ = "setup_link"

    id: str = Field(primary_key=True, max_length=64)
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    expires_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
