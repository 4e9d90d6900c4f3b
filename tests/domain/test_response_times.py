"""Counts, medians and nearest-rank percentiles of response times."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from handlepligt.domain.response_times import Timing, percentile, summarise

HOURS = [timedelta(hours=n) for n in range(1, 11)]


def test_the_percentile_is_the_nearest_rank() -> None:
    assert percentile(HOURS, 50) == timedelta(hours=5)
    assert percentile(HOURS, 90) == timedelta(hours=9)
    assert percentile(HOURS[:1], 90) == timedelta(hours=1)
    assert percentile([], 50) is None


def test_what_is_open_and_overdue_counts_against_the_share_on_time() -> None:
    summary = summarise([Timing(HOURS[0], True), Timing(None, False), Timing(None, None)])

    assert (summary.done, summary.overdue, summary.share_on_time) == (1, 1, 0.5)


def test_nothing_has_no_figures() -> None:
    summary = summarise([])

    assert (summary.done, summary.median, summary.share_on_time) == (0, None, None)


@given(
    st.lists(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=400)), min_size=1),
    st.integers(1, 100),
)
def test_a_percentile_always_occurred_and_covers_its_share(values: list[timedelta], percent: int) -> None:
    ordered = sorted(values)

    found = percentile(ordered, percent)

    assert found in ordered
    assert sum(one <= found for one in ordered) * 100 >= percent * len(ordered)
