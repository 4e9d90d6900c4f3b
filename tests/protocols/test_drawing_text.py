"""Texts in drawings are broken so that they fit."""

from __future__ import annotations

import pytest

from protocols.drawing_text import width_of, wrapped


@pytest.mark.parametrize(
    "text",
    [
        "Vurder risikoen ved at inddrage forældre og netværk",
        "Speciallægepædagogikkonsulentbistandsvurderingsmøde",
        "Ærø Ångström ÆØÅ æøå",
        "Ελληνικά и русский",
        "a",
    ],
)
@pytest.mark.parametrize("width", [60.0, 104.0, 176.0])
def test_no_line_is_wider_than_it_may_be(text: str, width: float) -> None:
    lines = wrapped(text, 14, width)

    assert all(width_of(line, 14) <= width for line in lines)
    assert "".join(lines).replace("-", "").replace(" ", "") == text.replace(" ", "")


def test_a_text_that_fits_stays_one_line() -> None:
    assert wrapped("Følg op", 14, 176) == ("Følg op",)


def test_no_sign_is_left_alone_when_a_word_is_cut() -> None:
    lines = wrapped("”Riskbedömning”", 12, 104)

    assert len(lines) == 2
    assert len(lines[1]) >= 4
    assert lines[1].endswith("ing”")


def test_nothing_has_no_lines() -> None:
    assert wrapped("  ", 14, 100) == ()


def test_unknown_letters_are_taken_to_be_wide() -> None:
    assert width_of("Ω", 10) > width_of("n", 10)
