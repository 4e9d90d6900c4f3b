"""What all tables share: aware UTC times, opaque ids, names of constraints."""

import uuid
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel
from sqlmodel._compat import SQLModelConfig

from models.sealing import SealedText

# One naming rule for every constraint, so that a migration can name what it changes on both databases.
NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Row(SQLModel):
    """The base of every table."""

    model_config = SQLModelConfig(ignored_types=(SealedText,))
    metadata = MetaData(naming_convention=NAMES)

    def __setattr__(self, name: str, value: Any) -> None:
        # Pydantic refuses to set what is no field; a sealed attribute knows how to set itself.
        attribute = getattr(type(self), name, None)
        if isinstance(attribute, SealedText):
            attribute.__set__(self, value)
        else:
            super().__setattr__(name, value)


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out, on databases that keep no zone as well.

    A naive time is refused: which instant it means would be a guess.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime was about to be stored; pass aware UTC")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    def process_literal_param(self, value: datetime | None, dialect: Dialect) -> str:
        return str(self.process_bind_param(value, dialect))


def new_id() -> str:
    """An opaque id of 32 hexadecimal digits: says nothing about what it names or when it was made."""
    return uuid.uuid4().hex


def enum_check(column: str, words: Any) -> str:
    """The CHECK text that lets `column` hold only the values of the StrEnum `words`."""
    return f"{column} IN ({', '.join(repr(str(word)) for word in words)})"
