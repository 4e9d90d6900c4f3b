"""What response times (svartider) add up to: counts, median, 90th percentile, share on time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

SMALLEST_SHOWN = 5


@dataclass(frozen=True)
class Timing:
    """One thing that was, or should have been, done.

    `took` is None while it is not done. `is_on_time` is None when it had no deadline; an undone one
    whose deadline has passed is False.
    """

    took: timedelta | None
    is_on_time: bool | None = None


@dataclass(frozen=True)
class Summary:
    """`done` and `overdue` count; `share_on_time` is 0..1 of those that had a deadline that is decided.

    Everything but the counts is None when nothing was done (or nothing had a deadline).
    """

    done: int
    overdue: int
    median: timedelta | None
    ninetieth: timedelta | None
    longest: timedelta | None
    share_on_time: float | None


def summarise(timings: Sequence[Timing]) -> Summary:
    """The figures of a set of timings. An open overdue one counts against the share on time."""
    took = sorted(one.took for one in timings if one.took is not None)
    judged = [one.is_on_time for one in timings if one.is_on_time is not None]
    return Summary(
        done=len(took),
        overdue=sum(one.took is None and one.is_on_time is False for one in timings),
        median=percentile(took, 50),
        ninetieth=percentile(took, 90),
        longest=took[-1] if took else None,
        share_on_time=sum(judged) / len(judged) if judged else None,
    )


def percentile(ordered: Sequence[timedelta], percent: int) -> timedelta | None:
    """The nearest-rank percentile of values in ascending order: always one that occurred. None of nothing."""
    if not ordered:
        return None
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(rank, 1) - 1]
