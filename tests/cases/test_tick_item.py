"""The checklist of a step is ticked on its open round, in the order the protocol asks for."""

import pytest

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.rounds import StepNotOpenError
from handlepligt.cases.tick_item import tick_item
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from models import Case, CaseStep, Staff
from tests.cases.acting import Stage
from tests.cases.small_case import small_in_force
from tests.make import HOUR, MONDAY


def tick(stage: Stage, case: Case, item: str, *, done: bool = True, by: Staff | None = None) -> CaseStep:
    step: CaseStep = stage.do(
        tick_item, by=by or stage.house.mia, case_id=case.id, step_key="pack", item=item, done=done
    )
    return step


def ticked(stage: Stage, case: Case) -> list[str]:
    return sorted(stage.step(case, "pack").ticks)


def test_a_tick_keeps_the_instant_of_the_first(stage: Stage, talked_case: Case) -> None:
    wake = stage.case(talked_case).wake
    tick(stage, talked_case, "papers")
    stage.later(HOUR)

    tick(stage, talked_case, "papers")

    assert stage.step(talked_case, "pack").ticks == {"papers": MONDAY.isoformat()}
    assert stage.kinds(talked_case).count(EventKind.ITEM_TICKED) == 1
    assert stage.case(talked_case).wake == wake + 1


def test_a_strict_order_is_kept_both_ways(stage: Stage, talked_case: Case) -> None:
    given = {"case_id": talked_case.id, "step_key": "pack"}
    mia = stage.house.mia

    stage.refused(RefusedByRuleError, tick_item, by=mia, item="phone", done=True, **given)
    tick(stage, talked_case, "papers")
    tick(stage, talked_case, "phone")
    stage.refused(RefusedByRuleError, tick_item, by=mia, item="papers", done=False, **given)
    tick(stage, talked_case, "phone", done=False)

    assert ticked(stage, talked_case) == ["papers"]
    refused = [one for one in stage.events(talked_case) if one.kind == EventKind.REFUSED_BY_RULE]
    assert len(refused) == 2


def test_a_step_is_not_completed_before_what_must_be_ticked_is(stage: Stage, talked_case: Case) -> None:
    given = {"case_id": talked_case.id, "step_key": "pack", "answers": {"packed": "yes"}}

    error = stage.refused(RefusedByRuleError, complete_step, by=stage.house.mia, **given)
    tick(stage, talked_case, "papers")
    stage.do(complete_step, by=stage.house.mia, **given)

    assert "Pas og papirer" in error.user_message
    assert "pack" not in stage.open_steps(talked_case)


def test_what_is_settled_is_not_ticked_any_more(stage: Stage, talked_case: Case) -> None:
    tick(stage, talked_case, "papers")
    stage.complete(talked_case, "pack", by=stage.house.mia)

    stage.refused(
        StepNotOpenError, tick_item, by=stage.house.mia, case_id=talked_case.id, step_key="pack",
        item="papers", done=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("step", "item"), [("pack", "money"), ("pack", ""), ("hide", "papers"), ("finish", "papers")]
)
def test_only_what_is_on_the_list_can_be_ticked(
    stage: Stage, family_case: Case, step: str, item: str
) -> None:
    stage.complete(family_case, "talk", by=stage.house.mia, worried="yes")

    error = stage.refused(
        InvalidInputError, tick_item, by=stage.house.mia, case_id=family_case.id, step_key=step, item=item,
        done=True,
    )  # fmt: skip

    assert list(error.problems) == ["item"]


def test_whoever_neither_holds_the_duty_nor_owns_the_step_ticks_nothing(
    stage: Stage, talked_case: Case
) -> None:
    given = {"case_id": talked_case.id, "step_key": "pack", "item": "papers", "done": True}

    stage.refused(NotAllowedError, tick_item, by=stage.house.lars, **given)
    stage.refused(NotAllowedError, tick_item, by=stage.house.selma, **given)
    stage.refused(NotFoundError, tick_item, by=stage.house.kim, **given)


def test_a_step_that_is_paused_is_not_ticked_before_what_pauses_it_is_done(stage: Stage) -> None:
    mia, pausing = stage.house.mia, ("    interrupts: true\n", "    interrupts: true\n    pauses: all\n")
    listing = ("    contacts: [hotline]\n", "    contacts: [hotline]\n    checklist: {shoes: Sko}\n")
    with small_in_force(pausing, listing):
        case = stage.raised(track="small", facts={"urgent": "no"})
        stage.do(press_acute, by=mia, case_id=case.id)
        given = {"case_id": case.id, "step_key": "talk", "item": "shoes", "done": True}

        error = stage.refused(RefusedByRuleError, tick_item, by=mia, **given)
        stage.complete(case, "alarm", by=mia)
        stage.do(tick_item, by=mia, **given)

    assert error.rule == "talk.paused"
    assert "Slå alarm" in error.user_message
    assert list(stage.step(case, "talk").ticks) == ["shoes"]
