"""Each of the three tracks, walked from the concern to the closed case."""

from datetime import timedelta

from handlepligt.cases.press_acute import press_acute
from tests.cases.acting import ADULT, Stage
from tests.make import DAY, HOUR


def test_probe(stage: Stage) -> None:
    mia = stage.house.mia
    case = stage.ready_to_close()
    print(stage.open_steps(case))
    stage.close(case, by=mia, leader=stage.house.lars)
    case = stage.raised(facts={"underretning_received": "no"})
    stage.complete(case, "discuss", by=mia, sparring_needed="no")
    stage.complete(case, "siblings", by=mia, other_children="unknown")
    stage.complete(case, "assess", by=mia, still_concerned="yes")
    print(stage.open_steps(case), stage.deadlines(case).keys())
    print([(d.key, d.step_round, d.status) for d in stage.deadlines(case).values()])
    stage.complete(case, "follow_up", by=mia, followup_outcome="continue", next_followup_on=(stage.now + 7*DAY).date().isoformat())
