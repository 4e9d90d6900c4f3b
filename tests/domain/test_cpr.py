"""Reading CPR numbers. Every number here is invented: its date is real, its last four digits are made up."""

from datetime import date

import pytest

from handlepligt.domain.cpr import BirthDateError, CprError, age_on, birth_date_of, parse_cpr

# Invented. 1234 fails modulus 11 for this date, as many real numbers have done since 2007.
INVENTED = "0102031234"


@pytest.mark.parametrize(
    "typed", ["0102031234", "010203-1234", "010203 1234", " 01 02 03 - 1234 \n", "010203–1234"]
)
def test_a_number_may_be_typed_with_hyphen_and_spaces(typed: str) -> None:
    assert parse_cpr(typed) == INVENTED


@pytest.mark.parametrize(
    "typed",
    ["310299-1234", "000199-1234", "011399-1234", "320199-1234", "290201-4000", "999999-9999", "290200-0123"],
)
def test_a_number_that_begins_with_no_date_is_refused(typed: str) -> None:
    with pytest.raises(CprError) as refused:
        parse_cpr(typed)

    assert "dato" in refused.value.user_message


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "123",
        "010203-123",
        "010203-12345",
        "jeg ved det ikke",
        "010203-12٣4",
        "010203\0001234",
        "\u202e0102031234",
    ],
)
def test_anything_but_ten_digits_is_refused(typed: str) -> None:
    with pytest.raises(CprError) as refused:
        parse_cpr(typed)

    assert "ti cifre" in refused.value.user_message


def test_ten_megabytes_are_refused_without_being_read() -> None:
    with pytest.raises(CprError):
        parse_cpr(INVENTED + " " * 10_000_000)


@pytest.mark.parametrize("typed", ["610199-1234", "911299-1234", "010199-1AB2", "010199abcd"])
def test_replacement_numbers_are_refused_with_what_to_do_instead(typed: str) -> None:
    with pytest.raises(CprError) as refused:
        parse_cpr(typed)

    assert "Erstatnings-CPR" in refused.value.user_message


@pytest.mark.parametrize("typed", ["310299-1234", "610199-1234", "010199-1AB2", "010203-12345"])
def test_an_error_never_repeats_the_number(typed: str) -> None:
    with pytest.raises(CprError) as refused:
        parse_cpr(typed)

    told = f"{refused.value} {refused.value!r} {refused.value.user_message} {refused.value.problems}"
    assert typed[:6] not in told
    assert typed[-4:] not in told


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("0102031234", date(1903, 2, 1)),
        ("0102034234", date(2003, 2, 1)),
        ("0102374234", date(1937, 2, 1)),
        ("0102364234", date(2036, 2, 1)),
        ("0102575234", date(2057, 2, 1)),
        ("0102585234", date(1858, 2, 1)),
        ("0102098234", date(2009, 2, 1)),
        ("0102369234", date(2036, 2, 1)),
        ("0102379234", date(1937, 2, 1)),
        ("2902004234", date(2000, 2, 29)),
    ],
)
def test_the_seventh_digit_says_the_century(number: str, born: date) -> None:
    assert birth_date_of(parse_cpr(number)) == born


@pytest.mark.parametrize("number", ["", "0102", "abcdefghij", "3102991234"])
def test_a_birth_date_is_not_guessed_from_something_else(number: str) -> None:
    with pytest.raises(CprError):
        birth_date_of(number)


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(2008, 11, 27), date(2026, 11, 26), 17),
        (date(2008, 11, 27), date(2026, 11, 27), 18),
        (date(2008, 2, 29), date(2026, 2, 28), 17),
        (date(2008, 2, 29), date(2026, 3, 1), 18),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2026, 11, 27), date(2026, 11, 27), 0),
    ],
)
def test_age_counts_whole_years_and_leap_day_births_turn_on_1_march(born: date, on: date, age: int) -> None:
    assert age_on(born, on) == age


def test_nobody_has_an_age_before_the_birth() -> None:
    with pytest.raises(BirthDateError):
        age_on(date(2026, 11, 28), date(2026, 11, 27))
