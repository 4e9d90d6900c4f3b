"""The rule that somebody always holds the duty to act (handlepligt)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from handlepligt.errors import HandlepligtError


class NobodyHoldsDutyError(HandlepligtError):
    """The ledger of a case has not exactly one holder where it must."""

    user_message = "Det kan ikke afgøres, hvem der har handlepligten. Kontakt administratoren med det samme."


@dataclass(frozen=True)
class DutyPeriod:
    """One holder's time, in aware UTC; `until` is None while it runs. `opening` counts reopenings from 1."""

    holder: str
    since: datetime
    until: datetime | None
    opening: int = 1


def current_holder(periods: Sequence[DutyPeriod]) -> str:
    """The one who holds the duty now. Raises NobodyHoldsDutyError unless exactly one period runs."""
    running = [period for period in periods if period.until is None]
    if len(running) != 1:
        raise NobodyHoldsDutyError(f"{len(running)} open duty periods, expected exactly 1")
    return running[0].holder


def holder_at(periods: Sequence[DutyPeriod], at: datetime) -> str | None:
    """Who held the duty at an instant, or None when the case was not open then.

    A handover at 12.00 means that the new holder holds it at 12.00 sharp.
    """
    for period in periods:
        if period.since <= at and (period.until is None or at < period.until):
            return period.holder
    return None


def gaps(periods: Sequence[DutyPeriod]) -> list[tuple[datetime, datetime]]:
    """Every gap or overlap between one period and the next of its opening; empty when the ledger is whole."""
    ordered = sorted(periods, key=lambda period: (period.opening, period.since))
    found = []
    for earlier, later in pairwise(ordered):
        if earlier.opening == later.opening and earlier.until != later.since:
            found.append((earlier.until or earlier.since, later.since))
    return found
