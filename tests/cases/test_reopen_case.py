"""A case that comes back has a holder from the same instant, and what was unfinished is to be done again."""

import pytest

from handlepligt.cases.hand_to_authority import hand_to_authority
from handlepligt.cases.open_case import CaseClosedError
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.reopen_case import CaseOpenError, reopen_case
from handlepligt.domain.duty import DutyPeriod, holder_at
from handlepligt.domain.vocabulary import CaseStatus, EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from models import Case, Staff
from models.session import writing
from tests.cases.acting import CHILD, NOTE, Stage
from tests.cases.test_hand_to_authority import POLICE
from tests.make import DAY, HOUR, WEEK


@pytest.fixture
def closed(stage: Stage) -> Case:
    """Mia's case, closed on Monday because nobody was concerned any more."""
    case = stage.ready_to_close()
    stage.later(HOUR)
    return stage.close(case, by=stage.house.mia, leader=stage.house.lars)


def reopen(stage: Stage, case: Case, *, by: Staff | None = None) -> Case:
    again: Case = stage.do(reopen_case, by=by or stage.house.mia, case_id=case.id, reason="En ny hændelse.")
    return again


def test_whoever_kept_the_case_holds_the_duty_again_from_the_same_instant(stage: Stage, closed: Case) -> None:
    stage.later(WEEK)

    reopen(stage, closed, by=stage.house.lars)

    first, second = stage.holdings(closed)
    assert (second.holder_id, second.since, second.opening) == (stage.house.mia.id, stage.now, 2)
    assert first.until == closed.closed_at
    case = stage.case(closed)
    assert (case.status, case.closed_at, case.openings) == (CaseStatus.REOPENED, None, 2)
    assert case.next_followup_on is not None
    assert case.next_due_at is not None
    assert EventKind.CASE_REOPENED in stage.kinds(closed)
    assert stage.told("case_reopened") == {stage.house.mia.id}


def test_the_steps_of_the_way_in_open_again(stage: Stage, closed: Case) -> None:
    stage.later(DAY)

    reopen(stage, closed)

    assert stage.open_steps(closed) == ["assess"]
    assert stage.step(closed, "assess", 2).opened_at == stage.now
    assert ("assessed", 2) in stage.deadlines(closed)


def test_the_status_is_reopened_until_a_step_is_completed(stage: Stage, closed: Case) -> None:
    reopen(stage, closed)

    stage.complete(closed, "assess", by=stage.house.mia, still_concerned="yes")

    assert stage.case(closed).status == CaseStatus.FOLLOW_UP


def test_what_the_closing_left_undone_is_to_be_done_again(stage: Stage) -> None:
    frida = stage.house.frida
    case = stage.raised(by=frida)
    stage.complete(case, "discuss", by=frida, sparring_needed="no")
    stage.complete(case, "siblings", by=frida, other_children="no")
    stage.complete(case, "assess", by=frida, still_concerned="yes")
    undone = ["risk_assessment", "underretning_decision"]
    assert set(undone) < set(stage.open_steps(case))
    stage.later(HOUR)
    stage.do(hand_to_authority, by=frida, case_id=case.id, authority=POLICE, note=NOTE)
    stage.later(HOUR)
    stage.close(case, by=frida, leader=stage.house.lars, end="handed_to_authority")
    stage.later(DAY)

    reopen(stage, case, by=frida)
    stage.complete(case, "assess", by=frida, still_concerned="yes")

    assert set(undone) < set(stage.open_steps(case))
    assert stage.step(case, "underretning_decision", 2).opened_at == stage.now


def test_reopening_in_the_microsecond_of_closing_gives_no_instant_to_two_holders(stage: Stage) -> None:
    case = stage.raised(facts={"underretning_received": "no"}, birth_date=CHILD)
    stage.complete(case, "discuss", by=stage.house.mia, sparring_needed="no")
    stage.complete(case, "assess", by=stage.house.mia, still_concerned="no")
    stage.complete(case, "siblings", by=stage.house.mia, other_children="no")
    stage.close(case, by=stage.house.mia, leader=stage.house.lars)

    reopen(stage, case)

    first, second = stage.holdings(case)
    assert first.until is not None
    assert second.since >= first.until
    periods = [DutyPeriod(str(row.opening), row.since, row.until, row.opening) for row in (first, second)]
    assert holder_at(periods, first.since) == "1"
    assert holder_at(periods, second.since) == "2"


def test_when_the_keeper_has_left_whoever_reopens_holds_the_duty(stage: Stage, closed: Case) -> None:
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.mia.id).is_active = False

    reopen(stage, closed, by=stage.house.lars)

    assert stage.case(closed).keeper_id == stage.house.lars.id
    assert stage.holdings(closed)[-1].holder_id == stage.house.lars.id


def test_a_case_closed_for_too_long_does_not_come_back(stage: Stage, closed: Case) -> None:
    stage.later(27 * WEEK)

    stage.refused(RefusedByRuleError, reopen_case, by=stage.house.mia, case_id=closed.id, reason="Igen.")


def test_an_open_case_is_not_reopened(stage: Stage, closed: Case) -> None:
    reopen(stage, closed)

    stage.refused(CaseOpenError, reopen_case, by=stage.house.mia, case_id=closed.id, reason="Igen.")


@pytest.mark.parametrize("reason", ["", " ", "a\x00b", "\u202d", "x" * 20_001])
def test_reopening_needs_a_usable_reason(stage: Stage, closed: Case, reason: str) -> None:
    error = stage.refused(
        InvalidInputError, reopen_case, by=stage.house.mia, case_id=closed.id, reason=reason
    )

    assert list(error.problems) == ["reason"]


def test_who_has_no_part_in_the_case_does_not_reopen_it(stage: Stage, closed: Case) -> None:
    stage.refused(NotFoundError, reopen_case, by=stage.house.kim, case_id=closed.id, reason="Igen.")
    stage.refused(NotAllowedError, reopen_case, by=stage.house.hanne, case_id=closed.id, reason="Igen.")


def test_a_reopened_case_can_be_closed_again(stage: Stage, closed: Case) -> None:
    reopen(stage, closed)
    stage.complete(closed, "assess", by=stage.house.mia, still_concerned="no")
    assert stage.open_steps(closed) == ["conclude"]

    stage.close(closed, by=stage.house.mia, leader=stage.house.lars)

    assert stage.case(closed).status == CaseStatus.CLOSED
    stage.refused(CaseClosedError, press_acute, by=stage.house.mia, case_id=closed.id)


def test_a_case_a_professional_gave_to_an_adviser_stays_handed_over_when_it_comes_back(stage: Stage) -> None:
    frida, mia = stage.house.frida, stage.house.mia
    case = stage.ready_to_close(by=frida, facts={})
    stage.hand_over(case, by=frida, to=mia)
    stage.later(HOUR)
    stage.close(case, by=mia, leader=stage.house.lars)

    reopen(stage, case, by=mia)
    stage.complete(case, "assess", by=mia, still_concerned="yes")
    stage.complete(case, "underretning_decision", by=mia, underretning_needed="yes")
    stage.complete(case, "underretning", by=mia)

    assert "hand_over" not in stage.open_steps(case)
    stage.complete(case, "danger_assessment", by=mia, child_in_danger="no")
