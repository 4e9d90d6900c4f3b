"""The person the concern is about, sealed, and without any column that could hold an address."""

from sqlmodel import Field

from models.base import Row, new_id
from models.sealing import SealedBytes, SealedText


class Citizen(Row, table=True):
    """A citizen (borger, barnet, den unge). There is no phone, e-mail or address column, on purpose."""

    id: str = Field(default_factory=new_id, primary_key=True, max_length=32)
    name_sealed: bytes = Field(sa_type=SealedBytes)
    cpr_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)
    birth_date_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)
    notes_sealed: bytes | None = Field(default=None, sa_type=SealedBytes)
    cpr_index: str | None = Field(default=None, index=True, max_length=64)

    name = SealedText()
    cpr = SealedText()
    birth_date = SealedText()
    notes = SealedText()
