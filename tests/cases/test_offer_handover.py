"""An offer reaches the right people, says what they must know, and waits no longer than it may."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from handlepligt.cases.offer_handover import OfferWaitingError, offer_handover
from handlepligt.domain.vocabulary import CaseStatus, EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError
from models import Case, DueRow, HandoverOffer, Staff
from models.session import writing
from tests.cases.acting import ADULT, CHILD, NOTE, Stage
from tests.make import MINUTE, MONDAY


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.raised()


def test_an_offer_changes_the_status_and_leaves_the_duty(stage: Stage, case: Case) -> None:
    nora = stage.colleague()

    offer = stage.do(offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_id=nora.id)

    assert stage.case(case).status == CaseStatus.HANDOVER_PENDING
    assert stage.case(case).keeper_id == stage.house.mia.id
    kept = stage.rows(select(HandoverOffer))[0]
    assert (kept.note, kept.expires_at) == (NOTE, MONDAY + 30 * MINUTE)
    wakes = stage.rows(select(DueRow.fire_at).where(DueRow.offer_id == offer.id))
    assert wakes == [MONDAY + 30 * MINUTE]
    assert stage.kinds(case)[-1] == EventKind.HANDOVER_OFFERED
    assert stage.told("handover_offered") == {nora.id}


def test_a_leader_may_offer_and_the_holder_is_told(stage: Stage, case: Case) -> None:
    nora = stage.colleague()

    stage.do(offer_handover, by=stage.house.lars, case_id=case.id, note=NOTE, to_id=nora.id)

    assert stage.told("handover_started") == {stage.house.mia.id}


def test_a_pool_is_offered_to_everybody_in_it_but_the_holder(stage: Stage, case: Case) -> None:
    nora = stage.colleague()

    stage.do(offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_pool="under_18")

    assert stage.told("handover_offered") == {nora.id, stage.house.kim.id}


def test_only_one_offer_waits(stage: Stage, case: Case) -> None:
    nora = stage.colleague()
    stage.do(offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_id=nora.id)

    stage.refused(
        OfferWaitingError, offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_pool="under_18"
    )


def test_the_duty_is_not_offered_to_the_one_who_has_it(stage: Stage, case: Case) -> None:
    mia = stage.house.mia

    error = stage.refused(InvalidInputError, offer_handover, by=mia, case_id=case.id, note=NOTE, to_id=mia.id)

    assert list(error.problems) == ["to"]


def test_the_duty_is_not_offered_to_somebody_who_left(stage: Stage, case: Case) -> None:
    nora = stage.colleague()
    with writing(stage.engine) as session:
        session.get_one(Staff, nora.id).is_active = False

    error = stage.refused(
        InvalidInputError, offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_id=nora.id
    )

    assert "ikke længere ansat" in error.problems["to"]


@pytest.mark.parametrize(
    ("to", "field"),
    [
        ({}, "to"),
        ({"to_id": 1, "to_pool": "under_18"}, "to"),
        ({"to_id": 999_999}, "to"),
        ({"to_id": -1}, "to"),
        ({"to_id": 10**30}, "to"),
        ({"to_pool": "over_18"}, "pool"),
        ({"to_pool": "banana"}, "pool"),
        ({"to_pool": ""}, "pool"),
        ({"to_pool": "\x00"}, "pool"),
    ],
)
def test_an_offer_to_nobody_in_particular_is_refused(
    stage: Stage, case: Case, to: dict[str, Any], field: str
) -> None:
    stage.colleague()

    error = stage.refused(
        InvalidInputError, offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, **to
    )

    assert list(error.problems) == [field]


@pytest.mark.parametrize("who", ["otto", "frida", "lars", "karin", "hanne", "ada"])
def test_whoever_the_protocol_does_not_name_cannot_take_over(stage: Stage, case: Case, who: str) -> None:
    to: Staff = getattr(stage.house, who)

    error = stage.refused(
        InvalidInputError, offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_id=to.id
    )

    assert list(error.problems) == ["to"]


@pytest.mark.parametrize(
    ("born", "right", "wrong"),
    [(CHILD, "under_18", "over_18"), (None, "under_18", "over_18"), (ADULT, "over_18", "under_18")],
)
def test_a_professionals_case_goes_to_the_pool_that_fits_the_age(
    stage: Stage, born: date | None, right: str, wrong: str
) -> None:
    frida = stage.house.frida
    case = stage.raised(by=frida, birth_date=born)

    error = stage.refused(
        InvalidInputError, offer_handover, by=frida, case_id=case.id, note=NOTE, to_pool=wrong
    )

    assert list(error.problems) == ["pool"]
    stage.do(offer_handover, by=frida, case_id=case.id, note=NOTE, to_pool=right)
    assert stage.told("handover_offered") == {
        one.id for one in (stage.house.mia, stage.house.kim, stage.house.otto) if one.pool == right
    }


@pytest.mark.parametrize(
    ("note", "fields"),
    [
        ({}, {"situation", "risk", "next_action", "avoid"}),
        (NOTE | {"risk": " "}, {"risk"}),
        (NOTE | {"avoid": "a\x00b"}, {"avoid"}),
        (NOTE | {"avoid": "x" * 10_000_000}, {"avoid"}),
        (NOTE | {"situation": "\u2067om"}, {"situation"}),
        (NOTE | {"phone": "12345678"}, {"phone"}),
    ],
)
def test_a_note_that_does_not_say_everything_is_refused(
    stage: Stage, case: Case, note: dict[str, str], fields: set[str]
) -> None:
    nora = stage.colleague()

    error = stage.refused(
        InvalidInputError, offer_handover, by=stage.house.mia, case_id=case.id, note=note, to_id=nora.id
    )

    assert set(error.problems) == fields


def test_whoever_only_discusses_a_case_does_not_offer_it(stage: Stage) -> None:
    with writing(stage.engine) as session:
        session.get_one(Staff, stage.house.lars.id).deputy_id = None
    case = stage.raised()

    stage.refused(
        NotAllowedError, offer_handover, by=stage.house.karin, case_id=case.id, note=NOTE, to_pool="under_18"
    )
    stage.refused(
        NotFoundError, offer_handover, by=stage.house.kim, case_id=case.id, note=NOTE, to_pool="under_18"
    )
