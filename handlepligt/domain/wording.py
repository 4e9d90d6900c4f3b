"""What free text may be: long enough to say it, and nothing hidden in it."""

import re
import unicodedata

LINE = 500
LETTER = 20_000

# They turn the direction of the text around them, so that what is read is not what is stored.
BIDI_CONTROLS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CPR = re.compile(r"(?<!\d)\d{6}[-–—.\s]{0,3}\d{4}(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")


def tidied(text: str) -> str:
    """The text without surrounding space and with one kind of line break."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def problem_with(text: str, *, limit: int = LETTER, required: bool = True, lines: bool = True) -> str | None:
    """A Danish sentence about what is wrong with the tidied text, or None when it can be kept.

    `limit` is in characters. Control characters, NUL and marks that turn the reading direction are
    refused rather than removed: what is stored is what was typed. Emoji are fine.
    """
    if not text:
        return "Feltet skal udfyldes." if required else None
    if len(text) > limit:
        return f"Teksten er på {len(text)} tegn. Den må højst være på {limit} tegn."
    if not BIDI_CONTROLS.isdisjoint(text):
        return "Teksten indeholder skjulte tegn, der vender læseretningen. Skriv den uden dem."
    allowed = "\n\t" if lines else ""
    if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in allowed for sign in text):
        return "Teksten indeholder tegn, der ikke kan gemmes. Skriv den uden dem."
    return None


def points_at(text: str, name: str) -> bool:
    """Whether the text contains a CPR number or a word of the person's name of three letters or more.

    The genitive counts too ("Amiras"), and neither signs without width nor another way of writing
    the same letter hides a name.
    """
    text = _plain(text)
    if _CPR.search(text):
        return True
    names = {word for word in _WORD.findall(_plain(name)) if len(word) >= 3}
    words = set(_WORD.findall(text))
    return not names.isdisjoint(words | {word.removesuffix("s") for word in words})


def _plain(text: str) -> str:
    shown = (sign for sign in text if unicodedata.category(sign) != "Cf")
    return unicodedata.normalize("NFKC", "".join(shown)).casefold()
