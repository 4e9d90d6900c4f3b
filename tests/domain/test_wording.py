"""Free text is kept as it was typed, or refused with a sentence that says why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlepligt.domain.wording import BIDI_CONTROLS, LETTER, points_at, problem_with, tidied


@pytest.mark.parametrize(
    "text",
    ["Hej", "æøå ÆØÅ", "😟 👩‍👧", "To\nlinjer\tog et hop", "سارة", "x" * LETTER, "<script>", "a\u0301"],
)
def test_ordinary_text_in_any_script_can_be_kept(text: str) -> None:
    assert problem_with(text) is None


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\ud800", *sorted(BIDI_CONTROLS)])
def test_signs_that_hide_something_are_refused(sign: str) -> None:
    problem = problem_with(f"a{sign}b")

    assert problem is not None
    assert problem.endswith("Skriv den uden dem.")
    assert sign not in problem


def test_a_text_too_long_is_refused_with_its_length() -> None:
    assert problem_with("x" * 501, limit=500) == "Teksten er på 501 tegn. Den må højst være på 500 tegn."


def test_an_empty_text_is_refused_only_where_it_is_required() -> None:
    assert problem_with("") == "Feltet skal udfyldes."
    assert problem_with("", required=False) is None


def test_a_single_line_has_no_line_break() -> None:
    assert problem_with("To\nlinjer", lines=False) is not None
    assert problem_with("En\tlinje", lines=False) is not None


def test_line_breaks_are_written_one_way_and_space_around_is_dropped() -> None:
    assert tidied(" \r\nen\r\nto\rtre\n ") == "en\nto\ntre"


@given(st.text())
def test_tidying_twice_is_tidying_once(text: str) -> None:
    assert tidied(tidied(text)) == tidied(text)


@given(st.text(max_size=50))
def test_what_can_be_kept_can_be_encoded(text: str) -> None:
    if problem_with(tidied(text), required=False) is None:
        assert tidied(text).encode().decode() == tidied(text)
        assert "\x00" not in tidied(text)


@pytest.mark.parametrize(
    "text",
    [
        "Amira", "amira.", "»AMIRA«", "Amiras far", "Opdigtet-sagen", "Ami\u200bra", "Ａｍｉｒａ",
        "010509-4345", "0105094345", "010509 4345", "010509 - 4345", "cpr010509–4345!",
    ],
)  # fmt: skip
def test_a_name_or_a_number_points_at_the_person(text: str) -> None:
    assert points_at(text, "Amira El Opdigtet")


@pytest.mark.parametrize(
    "text", ["", "El", "Admiral", "Ring 99 31 27 22", "12345678901", "digtet", "6 hverdage"]
)
def test_what_only_looks_like_it_does_not(text: str) -> None:
    assert not points_at(text, "Amira El Opdigtet")


def test_one_letter_written_in_two_ways_is_the_same_letter() -> None:
    assert points_at("A\u030ase ringede", "\u00c5se Opdigtet")
