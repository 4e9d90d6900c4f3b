"""Each role that confirms a decision by its own hand is another person, also where one has two roles."""

from collections.abc import Iterator

import pytest

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.view_own_steps import view_own_steps
from handlepligt.errors import RefusedByRuleError
from models import Case, Staff
from models.session import reading
from tests.cases.acting import Stage
from tests.cases.small_case import small_in_force

ROLES = ("roles:\n", "roles:\n  leads: {title: En leder, staff: {role: leader}}\n")
JUDGE = """\
  judge:
    title: Afgør sagen
    what: Afgør den sammen.
    opens_when: done("talk") && (rounds("judge") == 0 || settled_later("alarm", "judge"))
    repeats: {at_most: 9}
    modality: must
    questions:
      verdict: {ask: Hvad blev det?, type: yes_no}
    decisions:
      ruling: {by: [keeper, boss, leads], questions: [verdict], own_hand: [boss, leads], within: 2 days}
    deadlines:
      judged: {base: opened("judge"), within: 5 days, basis: local, decided: false, ladder: local}

  finish:
"""
AS_BOSS, AS_LEADER = "ruling_confirmed_by_boss", "ruling_confirmed_by_leads"


@pytest.fixture
def case(stage: Stage) -> Iterator[Case]:
    """A case of Mia's that waits to be confirmed by her leader Lars and by any leader, and Lars is both."""
    with small_in_force(ROLES, ("  finish:\n", JUDGE)):
        made = stage.raised(track="small", facts={"urgent": "no"})
        stage.complete(made, "talk", by=stage.house.mia, worried="no", danger="no")
        stage.complete(made, "judge", by=stage.house.mia)
        yield made


def refused(stage: Stage, case: Case, key: str, by: Staff) -> str:
    error = stage.refused(
        RefusedByRuleError, complete_step, by=by, case_id=case.id, step_key=key, answers={key: "yes"}
    )
    rule: str = error.rule
    return rule


@pytest.mark.parametrize(("first", "second"), [(AS_BOSS, AS_LEADER), (AS_LEADER, AS_BOSS)])
def test_whoever_has_confirmed_in_one_role_does_not_in_another(
    first: str, second: str, stage: Stage, case: Case
) -> None:
    stage.complete(case, first, by=stage.house.lars, **{first: "yes"})

    assert refused(stage, case, second, stage.house.lars) == f"{second}.own_hand"


def test_somebody_else_of_that_role_confirms(stage: Stage, case: Case) -> None:
    stage.complete(case, AS_BOSS, by=stage.house.lars, **{AS_BOSS: "yes"})

    stage.complete(case, AS_LEADER, by=stage.house.sofie, **{AS_LEADER: "yes"})

    assert not {AS_BOSS, AS_LEADER} & set(stage.open_steps(case))


def test_the_step_is_not_offered_to_whoever_has_confirmed_already(stage: Stage, case: Case) -> None:
    stage.complete(case, AS_BOSS, by=stage.house.lars, **{AS_BOSS: "yes"})

    with reading(stage.engine) as session:
        row = session.get_one(Case, case.id)
        may_act = {
            one.name: [
                (step.row.key, step.may_act)
                for step in view_own_steps(session, row, by=one, now=stage.now).open_steps
            ]
            for one in (stage.house.lars, stage.house.sofie)
        }

    assert may_act == {"Lars Bak": [(AS_LEADER, False)], "Sofie Juhl": [(AS_LEADER, True)]}


def test_a_decision_that_comes_back_is_confirmed_by_either_again(stage: Stage, case: Case) -> None:
    stage.complete(case, AS_BOSS, by=stage.house.lars, **{AS_BOSS: "yes"})
    stage.complete(case, AS_LEADER, by=stage.house.sofie, **{AS_LEADER: "yes"})
    stage.do(press_acute, by=stage.house.mia, case_id=case.id)
    stage.complete(case, "alarm", by=stage.house.mia)
    stage.complete(case, "judge", by=stage.house.mia)

    stage.complete(case, AS_LEADER, by=stage.house.lars, **{AS_LEADER: "yes"})

    assert stage.step(case, AS_LEADER, 2).settled_by_id == stage.house.lars.id
    assert refused(stage, case, AS_BOSS, stage.house.lars) == f"{AS_BOSS}.own_hand"
