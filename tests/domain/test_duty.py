"""Somebody always holds the duty, and the ledger can prove who."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlepligt.domain.duty import DutyPeriod, NobodyHoldsDutyError, current_holder, gaps, holder_at

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
INSTANT = timedelta(microseconds=1)
LEDGER = [
    DutyPeriod("mia", NOON, NOON + HOUR),
    DutyPeriod("nora", NOON + HOUR, NOON + 3 * HOUR),
    DutyPeriod("nora", NOON + 9 * HOUR, None, opening=2),
]


def test_the_holder_is_whoever_has_no_end_yet() -> None:
    assert current_holder(LEDGER) == "nora"


@pytest.mark.parametrize("periods", [[], LEDGER[:2], [LEDGER[2], DutyPeriod("otto", NOON, None)]])
def test_nobody_or_two_holders_is_an_error(periods: list[DutyPeriod]) -> None:
    with pytest.raises(NobodyHoldsDutyError):
        current_holder(periods)


@pytest.mark.parametrize(
    ("at", "holder"),
    [
        (NOON - INSTANT, None),
        (NOON, "mia"),
        (NOON + HOUR - INSTANT, "mia"),
        (NOON + HOUR, "nora"),
        (NOON + 3 * HOUR - INSTANT, "nora"),
        (NOON + 3 * HOUR, None),
        (NOON + 9 * HOUR, "nora"),
        (NOON + 1000 * HOUR, "nora"),
    ],
)
def test_who_held_it_at_an_instant_has_one_answer(at: datetime, holder: str | None) -> None:
    assert holder_at(LEDGER, at) == holder


def test_the_time_a_case_was_closed_is_no_gap() -> None:
    assert gaps(LEDGER) == []


@pytest.mark.parametrize("wrong", [INSTANT, -INSTANT])
def test_a_microsecond_too_early_or_too_late_is_found(wrong: timedelta) -> None:
    ledger = [LEDGER[0], DutyPeriod("nora", NOON + HOUR + wrong, None)]

    assert gaps(ledger) == [(NOON + HOUR, NOON + HOUR + wrong)]


def test_two_who_both_hold_it_are_found() -> None:
    assert gaps([DutyPeriod("mia", NOON, None), DutyPeriod("nora", NOON + HOUR, None)]) != []


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=8), st.integers(-5, 60_000))
def test_in_a_whole_ledger_each_instant_has_exactly_one_holder(lengths: list[int], minute: int) -> None:
    starts = [NOON + timedelta(minutes=sum(lengths[:n])) for n in range(len(lengths) + 1)]
    ledger = [
        DutyPeriod(str(number), since, until)
        for number, (since, until) in enumerate(zip(starts, [*starts[1:], None], strict=True))
    ]
    at = NOON + timedelta(minutes=minute)

    assert gaps(ledger) == []
    holding = [one.holder for one in ledger if one.since <= at and (one.until is None or at < one.until)]
    assert holding == ([holder_at(ledger, at)] if at >= NOON else [])
