"""The kernel's own words: the same texts with the same blanks in every language, and none without a file."""

from __future__ import annotations

import pytest

from protocols.wording import UnknownLanguageError, languages, placeholders, words_of


@pytest.mark.parametrize("language", languages())
def test_every_language_has_the_same_texts_with_the_same_placeholders(language: str) -> None:
    danish, other = words_of("da").texts, words_of(language).texts

    assert list(other) == list(danish)
    assert {key: placeholders(text) for key, text in other.items()} == {
        key: placeholders(text) for key, text in danish.items()
    }
    assert all(text.strip() for text in other.values())


def test_the_languages_are_those_of_the_neighbours() -> None:
    assert languages() == ("da", "de", "en", "nb", "sv")


def test_a_text_is_filled_in() -> None:
    assert words_of("da")("duty_to_inform.not_this", text="adressen") == "Fortæl ikke: adressen."


def test_a_language_nobody_has_written_names_the_file_to_add() -> None:
    with pytest.raises(UnknownLanguageError, match=r"add protocols/wording/fi\.yaml"):
        words_of("fi")
