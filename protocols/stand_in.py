"""A head for a definition whose own cannot be read, so that the rest of the file is still checked."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from protocols.kinds.head import Kind as Head
from protocols.yaml_source import Source

_PLAIN: Mapping[str, object] = {
    "key": "unread", "version": "2000-1", "title": "?", "language": "da", "country": "DK", "zone": "UTC",
    "calendar": "DK", "organisation": {"name": "?"}, "source": "?", "raised_by": [], "applies_when": "true",
}  # fmt: skip


def stand_in(source: Source) -> Head:
    """What can be used of the head that is written there, and something plain for the rest."""
    written = source.values.get("head") if isinstance(source.values, Mapping) else None
    known = dict(written) if isinstance(written, Mapping) else {}
    try:
        return Head.model_validate({**_PLAIN, **known})
    except ValidationError as error:
        unusable = {one["loc"][0] for one in error.errors() if one["loc"]}
    return Head.model_validate(
        {**_PLAIN, **{key: value for key, value in known.items() if key not in unusable}}
    )
