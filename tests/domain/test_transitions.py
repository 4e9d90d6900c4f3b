"""A case's status follows from what is true of it."""

from itertools import product

import pytest

from handlepligt.domain.transitions import status_of
from handlepligt.domain.vocabulary import CaseStatus

PHASES = ["received", "in_progress", "follow_up"]


@pytest.mark.parametrize(
    ("is_offered", "is_reopened", "phase"), list(product([True, False], [True, False], PHASES))
)
def test_a_closed_case_is_closed_whatever_else_is_true(
    is_offered: bool, is_reopened: bool, phase: str
) -> None:
    status = status_of(is_closed=True, is_offered=is_offered, is_reopened=is_reopened, phase=phase)

    assert status == CaseStatus.CLOSED


@pytest.mark.parametrize(("is_reopened", "phase"), list(product([True, False], PHASES)))
def test_a_waiting_offer_comes_before_where_the_steps_are(is_reopened: bool, phase: str) -> None:
    status = status_of(is_closed=False, is_offered=True, is_reopened=is_reopened, phase=phase)

    assert status == CaseStatus.HANDOVER_PENDING


@pytest.mark.parametrize("phase", PHASES)
def test_an_open_case_is_where_its_steps_are_unless_it_just_came_back(phase: str) -> None:
    assert status_of(is_closed=False, is_offered=False, is_reopened=False, phase=phase) == phase
    assert status_of(is_closed=False, is_offered=False, is_reopened=True, phase=phase) == CaseStatus.REOPENED


def test_a_phase_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="banana"):
        status_of(is_closed=False, is_offered=False, is_reopened=False, phase="banana")
