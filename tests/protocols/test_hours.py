"""Who can be called: the Friday afternoon of the example, a night, an ordinary Tuesday, a public holiday."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from protocols.engine import ContactNow, contacts_now
from protocols.loader import examine, library
from tests.protocols.small import small

INVENTED = Path(__file__).parent / "invented"
DANISH = ZoneInfo("Europe/Copenhagen")
FRIDAY_AFTERNOON = datetime(2026, 11, 27, 16, 55, tzinfo=DANISH)
FRIDAY_NIGHT = datetime(2026, 11, 27, 23, 30, tzinfo=DANISH)
TUESDAY = datetime(2026, 11, 24, 10, 0, tzinfo=DANISH)
CHRISTMAS_DAY = datetime(2026, 12, 25, 10, 0, tzinfo=DANISH)
STORE_BEDEDAG_OF_OLD = datetime(2027, 4, 23, 10, 0, tzinfo=DANISH)

ROUND_THE_CLOCK = {
    "adviser_under_18": {"emergency_call", "ethnic_youth", "police", "social_duty_service"},
    "adviser_over_18": {"emergency_call", "ethnic_youth", "crisis_centre", "red_safehouse"},
    "professional": {"emergency_call", "ethnic_youth", "police", "social_duty_service"},
}


def now(track: str, at: datetime, age: int | None, **more: list[str]) -> dict[str, ContactNow]:
    found = contacts_now(library().latest(track), age=age, at=at, purposes=more.get("purposes"))
    return {one.contact.key: one for one in found}


@pytest.mark.parametrize("age", [17, 18, None])
@pytest.mark.parametrize("at", [FRIDAY_AFTERNOON, FRIDAY_NIGHT, CHRISTMAS_DAY])
@pytest.mark.parametrize("track", ROUND_THE_CLOCK)
def test_out_of_hours_only_those_who_answer_round_the_clock_are_expected_open(
    track: str, at: datetime, age: int | None
) -> None:
    found = now(track, at, age)

    expected = set(ROUND_THE_CLOCK[track])
    if age == 18:
        expected -= {"social_duty_service"}
    assert {key for key, one in found.items() if one.expected_open} == expected


@pytest.mark.parametrize("age", [17, 18, None])
@pytest.mark.parametrize("track", ROUND_THE_CLOCK)
def test_on_a_tuesday_morning_everybody_shown_is_expected_open(track: str, age: int | None) -> None:
    assert all(one.expected_open for one in now(track, TUESDAY, age).values())


@pytest.mark.parametrize("track", ["adviser_under_18", "professional"])
@pytest.mark.parametrize(("age", "shown"), [(17, True), (None, True), (18, False)])
def test_the_duty_service_is_shown_for_minors_and_unknown_ages(
    track: str, age: int | None, shown: bool
) -> None:
    assert ("social_duty_service" in now(track, FRIDAY_NIGHT, age)) is shown


def test_adults_have_nobody_out_of_hours() -> None:
    found = now("adviser_over_18", FRIDAY_NIGHT, 30, purposes=["acute", "acute_out_of_hours"])

    assert list(found) == ["safety_responsible"]
    assert not found["safety_responsible"].expected_open


def test_unconfirmed_hours_are_never_called_open_or_closed() -> None:
    found = now("adviser_under_18", TUESDAY, 17)

    assert {one.is_open for one in found.values()} == {None}
    assert not any(number.hours_confirmed for one in found.values() for number in one.numbers)


def test_confirmed_hours_say_open_until_when_and_closed_until_when(tmp_path: Path) -> None:
    definition = small(tmp_path)
    shared = tmp_path / "contacts.yaml"
    text = shared.read_text(encoding="utf-8").replace('PH off"}', 'PH off", hours_confirmed: true}')
    shared.write_text(text, encoding="utf-8")
    from protocols.loader import load_file

    definition = load_file(tmp_path / "small.yaml")

    [tuesday] = contacts_now(definition, age=None, at=TUESDAY)
    [friday] = contacts_now(definition, age=None, at=FRIDAY_AFTERNOON)

    assert tuesday.is_open is True
    assert tuesday.numbers[0].closes_at == datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
    assert friday.is_open is False
    assert friday.numbers[0].opens_at == datetime(2026, 11, 30, 8, 0, tzinfo=UTC)


def test_store_bededag_is_an_ordinary_day() -> None:
    found = now("adviser_under_18", STORE_BEDEDAG_OF_OLD, 17)

    assert found["safety_responsible"].expected_open


def test_each_track_shows_its_own_number_and_name_and_says_that_the_source_disagrees() -> None:
    numbers = {
        track: {key: one.numbers[0].number for key, one in now(track, TUESDAY, 17).items()}
        for track in ROUND_THE_CLOCK
    }

    assert numbers["adviser_under_18"]["viso"] == numbers["professional"]["viso"] == "72 41 40 00"
    assert numbers["adviser_over_18"]["viso"] == "72 42 40 00"
    assert numbers["adviser_under_18"]["safety_consultant_fiolla"] == "25 20 28 49"
    assert numbers["professional"]["safety_consultant_anne"] == "25 20 28 49"
    assert "safety_consultant_fiolla" not in numbers["professional"]
    conflict = now("professional", TUESDAY, 17)["viso"].conflict
    assert conflict is not None
    assert "to numre til VISO" in conflict


def test_those_expected_open_come_first() -> None:
    order = [one.expected_open for one in now("adviser_under_18", FRIDAY_NIGHT, 17).values()]

    assert order == sorted(order, reverse=True)


def test_an_instant_in_another_zone_is_the_same_instant() -> None:
    here = now("adviser_under_18", TUESDAY, 17)
    there = now("adviser_under_18", TUESDAY.astimezone(UTC), 17)

    assert {k: v.expected_open for k, v in here.items()} == {k: v.expected_open for k, v in there.items()}


def test_whoever_does_not_answer_is_followed_by_the_next_in_the_chain() -> None:
    definition, problems = examine(INVENTED / "proeveby_violence.yaml", thorough=False)
    assert definition is not None
    assert not problems

    found = {one.contact.key: one for one in contacts_now(definition, age=17, at=TUESDAY)}

    then = found["night_team"].then
    assert then is not None
    assert (then.key, found["night_team"].wait) == ("regional_line", "15 minutter")
    assert (found["regional_line"].then, found["regional_line"].wait) == (None, "")
