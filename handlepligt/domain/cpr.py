"""CPR numbers: reading what was typed, the birth date inside, and how old somebody is on a day."""

from __future__ import annotations

import re
from datetime import date

from stdnum.dk import cpr as danish_cpr
from stdnum.exceptions import ValidationError

from handlepligt.errors import InvalidInputError

_LONGEST_TYPED = 40
_TEN_DIGIT_NUMBER = re.compile(r"[0-9]{10}")
# A date with 60 added to its day, or a date followed by four signs of which some are letters.
_REPLACEMENT_NUMBER = re.compile(
    r"(6[1-9]|7[0-9]|8[0-9]|9[01])[0-9]{8}|[0-9]{6}(?=[0-9]*[A-Z])[0-9A-Z]{4}", re.IGNORECASE | re.ASCII
)

_REPLACEMENT = (
    "Erstatnings-CPR kan ikke bruges. Lad feltet stå tomt, og skriv fødselsdatoen, hvis den er kendt."
)
_TEN_DIGITS = "CPR-nummeret skal have ti cifre, for eksempel ddmmåå-xxxx. Ret det, eller lad feltet stå tomt."
_NO_DATE = "CPR-nummeret begynder ikke med en dato, der findes. Ret det, eller lad feltet stå tomt."


class CprError(InvalidInputError):
    """What was typed is no CPR number. Neither text of the error ever repeats the number."""

    def __init__(self, text: str, sentence: str) -> None:
        super().__init__(text, problems={"cpr": sentence})


class BirthDateError(InvalidInputError):
    """A birth date lies after the day on which an age is asked for."""

    def __init__(self) -> None:
        sentence = "Fødselsdatoen ligger ude i fremtiden. Ret den, eller lad feltet stå tomt."
        super().__init__("birth date lies after the day asked for", problems={"birth_date": sentence})


def parse_cpr(text: str) -> str:
    """The ten digits of a CPR number typed as `ddmmyyxxxx`, `ddmmyy-xxxx` or with spaces.

    Raises CprError unless it has ten digits and begins with a date of the century its seventh
    digit says. Modulus 11 is not asked for: numbers without it have been given out since 2007.
    A birth date in the future is for the use case to refuse (`age_on`), as only it knows the day.

    Replacement numbers are refused: those with 60 added to the day (administrative numbers) and
    those with letters (hospitals' erstatnings-CPR). They are exchanged for another number later,
    so recognising a person's earlier concerns by them would fail without anybody seeing it. The
    concern can be raised without CPR, by name and birth date.
    """
    # python-stdnum's own validate() asks for today's date, which rules may not; its parts do not.
    number = danish_cpr.compact(text) if len(text) <= _LONGEST_TYPED else ""
    if _REPLACEMENT_NUMBER.fullmatch(number):
        raise CprError("replacement CPR", _REPLACEMENT)
    if not _TEN_DIGIT_NUMBER.fullmatch(number):
        raise CprError("CPR without ten digits", _TEN_DIGITS)
    birth_date_of(number)
    return number


def birth_date_of(cpr: str) -> date:
    """The birth date in a CPR number that `parse_cpr` gave back, its century read from the seventh digit."""
    try:
        return danish_cpr.get_birth_date(cpr)
    except (ValidationError, ValueError, IndexError):
        # The library's wording is dropped, so that no later version of it can put the number in a log.
        raise CprError("CPR that begins with no date", _NO_DATE) from None


def age_on(birth_date: date, on: date) -> int:
    """Whole years lived on the day `on`; who was born on 29 February turns older on 1 March.

    `on` is a day where the person lives, not a UTC day. Raises BirthDateError before the birth.
    """
    if on < birth_date:
        raise BirthDateError
    had_birthday = (on.month, on.day) >= (birth_date.month, birth_date.day)
    return on.year - birth_date.year - (0 if had_birthday else 1)
