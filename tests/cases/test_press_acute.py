"""Acute can be pressed at any time, opens its step at once, and leaves the others open."""

import pytest

from handlepligt.cases.open_case import CaseClosedError
from handlepligt.cases.press_acute import press_acute
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError
from models import Case, Staff
from tests.cases.acting import ADULT, Stage
from tests.make import HOUR, MINUTE, MONDAY


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.raised(facts={"underretning_received": "no"})


def test_acute_is_reachable_from_the_first_minute(stage: Stage, case: Case) -> None:
    stage.later(MINUTE)

    stage.do(press_acute, by=stage.house.mia, case_id=case.id, reason="Hun er spærret inde.")

    kept = stage.case(case)
    assert (kept.is_acute, kept.acute_at, kept.acute_presses) == (True, MONDAY + MINUTE, 1)
    assert stage.open_steps(case) == ["discuss", "acute"]
    assert kept.next_due_at == MONDAY + 31 * MINUTE
    pressed = next(one for one in stage.events(case) if one.kind == EventKind.ACUTE_PRESSED)
    assert pressed.detail == "Hun er spærret inde."
    assert stage.told("acute_pressed") == {stage.house.lars.id}


@pytest.mark.parametrize("track", ["child", "adult", "professional"])
def test_every_track_has_it(stage: Stage, track: str) -> None:
    by = stage.house.frida if track == "professional" else stage.house.mia
    case = stage.raised(by=by, birth_date=ADULT if track == "adult" else None)

    stage.do(press_acute, by=by, case_id=case.id)

    assert "acute" in stage.open_steps(case)


def test_pressing_twice_changes_nothing_more(stage: Stage, case: Case) -> None:
    stage.do(press_acute, by=stage.house.mia, case_id=case.id)
    stage.later(HOUR)

    stage.do(press_acute, by=stage.house.lars, case_id=case.id)

    kept = stage.case(case)
    assert (kept.acute_presses, kept.acute_at) == (1, MONDAY)
    assert stage.open_steps(case).count("acute") == 1
    assert stage.kinds(case).count(EventKind.ACUTE_PRESSED) == 1


def test_pressing_again_after_it_was_dealt_with_opens_it_anew(stage: Stage, case: Case) -> None:
    stage.do(press_acute, by=stage.house.mia, case_id=case.id)
    stage.complete(case, "acute", by=stage.house.mia, responsible_reached="yes")

    stage.do(press_acute, by=stage.house.mia, case_id=case.id)

    assert stage.step(case, "acute", 2).settled_at is None


@pytest.mark.parametrize("who", ["mia", "lars", "karin"])
def test_holder_leader_and_coordinator_may_press(stage: Stage, case: Case, who: str) -> None:
    by: Staff = getattr(stage.house, who)

    stage.do(press_acute, by=by, case_id=case.id)

    assert stage.case(case).is_acute


def test_others_may_not(stage: Stage, case: Case) -> None:
    stage.refused(NotAllowedError, press_acute, by=stage.house.hanne, case_id=case.id)
    stage.refused(NotFoundError, press_acute, by=stage.house.kim, case_id=case.id)
    stage.refused(NotFoundError, press_acute, by=stage.house.mia, case_id="0" * 32)


@pytest.mark.parametrize("reason", ["\x00", "\u202e", "x" * 501])
def test_an_unusable_reason_is_refused(stage: Stage, case: Case, reason: str) -> None:
    stage.refused(InvalidInputError, press_acute, by=stage.house.mia, case_id=case.id, reason=reason)


def test_a_closed_case_is_reopened_first(stage: Stage) -> None:
    case = stage.ready_to_close()
    stage.close(case, by=stage.house.mia, leader=stage.house.lars)

    stage.refused(CaseClosedError, press_acute, by=stage.house.mia, case_id=case.id)
