"""Runs invented cases through a definition under a simulated clock and reports what came of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

from protocols.conditions import ConditionError
from protocols.definition import Definition
from protocols.invented_answers import Draw
from protocols.invented_case import InventedCase, NeverAtRestError
from protocols.invented_people import Staff
from protocols.simulation_report import SimulationReport, Tally

# The first case comes in then, on a Monday; the others over the year that follows.
FIRST = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
_YEAR = timedelta(days=365)
# A case that has not ended after so much has been done, or so long a time, is said not to end.
MOST_ACTS = 1500
LONGEST = timedelta(days=3650)


def simulate(
    definition: Definition,
    *,
    cases: int = 1000,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> SimulationReport:
    """Leads invented cases from receipt to closing, each by its own chance; the same seed draws the same.

    Answers are drawn over what conditions tell apart, the time each step takes around the length of its
    deadlines, in working hours except where a step interrupts. `progress` is told how many cases are over.
    """
    tally = Tally(definition)
    for number in range(cases):
        # A text and not a tuple: a hash of objects could differ from one run to the next.
        _lead(definition, Random(f"{seed}:{number}"), tally)  # noqa: S311 - invented cases, not secrets
        if progress is not None:
            progress(number + 1)
    return tally.report(cases, seed)


def _lead(definition: Definition, chance: Random, tally: Tally) -> None:
    draw = Draw(definition, chance)
    received = FIRST + _YEAR * chance.random()
    try:
        case = InventedCase(
            definition,
            received_at=received,
            birth_date=draw.birth_date(received),
            facts=draw.facts(received),
        )
    except (NeverAtRestError, ConditionError) as error:
        tally.broken(str(error), ())
        return
    staff = Staff(case, draw, chance, tally)
    try:
        staff.begin()
        while not case.ended and staff.acts < MOST_ACTS and case.now - received < LONGEST:
            if not staff.act():
                break
    except (NeverAtRestError, ConditionError) as error:
        tally.broken(str(error), case.way)
    tally.add(case)
