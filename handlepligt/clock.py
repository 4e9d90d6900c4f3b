"""The only place that asks what time it is."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant as aware UTC, to the microsecond."""
    return datetime.now(UTC)
