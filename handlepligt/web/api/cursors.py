"""Cursors that say nothing to whoever holds them but where the next page begins."""

import base64

from handlepligt.errors import InvalidInputError


def given_out(place: str | None) -> str | None:
    """The cursor for a place in a list; None at its end."""
    if place is None:
        return None
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")


def taken_back(cursor: str | None) -> str | None:
    """The place a cursor means. Raises InvalidInputError for one that nobody gave out."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        place = base64.b64decode(padded, altchars=b"-_", validate=True).decode("ascii")
    except ValueError:
        place = ""
    if not place.isprintable() or not place:
        raise unknown_cursor()
    return place


def unknown_cursor() -> InvalidInputError:
    """The error about a cursor that belongs to no list."""
    return InvalidInputError("an unknown cursor", problems={"cursor": "Siden findes ikke. Begynd forfra."})
