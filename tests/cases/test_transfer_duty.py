"""With the duty goes the case: its team, its leader, and who may see it."""

import pytest

from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.offer_handover import offer_handover
from handlepligt.cases.people import leader_of
from handlepligt.cases.queries import case_list, look_at_case
from handlepligt.errors import NotFoundError
from models import Case, Staff
from models.session import reading, writing
from tests.cases.acting import NOTE, Stage
from tests.make import HOUR


@pytest.fixture
def passed_on(stage: Stage) -> Case:
    """Mia of team Nord has handed her case to Kim of team Syd, who has accepted it."""
    case = stage.raised()
    stage.later(HOUR)
    offer = stage.do(offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_id=stage.house.kim.id)
    stage.do(accept_handover, by=stage.house.kim, offer_id=offer.id)
    return case


def sees(stage: Stage, case: Case, who: Staff) -> bool:
    with writing(stage.engine) as session:
        return look_at_case(session, reference=case.reference, by=who, now=stage.now, face="web").is_whole


def test_the_case_belongs_to_the_team_of_its_new_holder(stage: Stage, passed_on: Case) -> None:
    with reading(stage.engine) as session:
        case = session.get_one(Case, passed_on.id)
        leader = leader_of(session, case)

    assert case.team_id == stage.house.syd.id
    assert leader is not None
    assert leader.id == stage.house.sofie.id


def test_the_new_leader_sees_it_and_the_earlier_one_no_longer_does(stage: Stage, passed_on: Case) -> None:
    assert sees(stage, passed_on, stage.house.sofie)
    with pytest.raises(NotFoundError):
        sees(stage, passed_on, stage.house.lars)
    with reading(stage.engine) as session:
        listed = case_list(session, by=stage.house.lars, now=stage.now).rows

    assert listed == ()


def test_the_earlier_holder_keeps_their_own_part_only(stage: Stage, passed_on: Case) -> None:
    assert not sees(stage, passed_on, stage.house.mia)


def test_both_leaders_are_told(stage: Stage, passed_on: Case) -> None:
    assert {stage.house.lars.id, stage.house.sofie.id} <= stage.told("handover_accepted")
