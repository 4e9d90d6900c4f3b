"""A cursor is taken back as it was given out, and nothing else is."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlepligt.errors import InvalidInputError
from handlepligt.web.api.cursors import given_out, taken_back


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=80))
def test_what_was_given_out_is_taken_back(place: str) -> None:
    cursor = given_out(place)

    assert cursor is not None
    assert taken_back(cursor) == place


@given(st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=40))
def test_anything_else_is_refused_or_names_a_place(cursor: str) -> None:
    place = None
    with contextlib.suppress(InvalidInputError):
        place = taken_back(cursor)

    assert place is None or (place.isascii() and place.isprintable())


def test_the_end_of_a_list_has_no_cursor() -> None:
    assert given_out(None) is None
    assert taken_back(None) is None
    with pytest.raises(InvalidInputError):
        taken_back("")
