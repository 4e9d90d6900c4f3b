"""Until somebody accepts, nothing moves; then everything moves in one instant."""

from datetime import timedelta

import pytest
from sqlmodel import select

from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.expire_handover import expire_handover
from handlepligt.cases.handover_offers import OfferAnsweredError
from handlepligt.cases.offer_handover import offer_handover
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.reject_handover import reject_handover
from handlepligt.cases.revoke_handover import revoke_handover
from handlepligt.domain.vocabulary import CaseStatus, EventKind, OfferStatus
from handlepligt.errors import InvalidInputError, NotFoundError
from models import Case, DueRow, HandoverOffer, Staff
from models.session import writing
from tests.cases.acting import NOTE, Stage
from tests.make import HOUR, MINUTE, MONDAY


@pytest.fixture
def nora(stage: Stage) -> Staff:
    return stage.colleague()


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.raised()


@pytest.fixture
def offer(stage: Stage, case: Case, nora: Staff) -> HandoverOffer:
    """Mia has offered Nora the duty, an hour after the concern was raised."""
    stage.later(HOUR)
    made: HandoverOffer = stage.do(
        offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_id=nora.id
    )
    stage.later(5 * MINUTE)
    return made


def waiting(stage: Stage, case: Case) -> list[HandoverOffer]:
    query = select(HandoverOffer).where(
        HandoverOffer.case_id == case.id, HandoverOffer.status == OfferStatus.OFFERED
    )
    return stage.rows(query)


def test_accepting_moves_the_duty_without_an_instant_between(
    stage: Stage, case: Case, nora: Staff, offer: HandoverOffer
) -> None:
    stage.do(accept_handover, by=nora, offer_id=offer.id)

    before, after = stage.holdings(case)
    assert (before.holder_id, before.until) == (stage.house.mia.id, stage.now)
    assert (after.holder_id, after.since, after.until) == (nora.id, stage.now, None)
    assert stage.case(case).keeper_id == nora.id
    assert stage.case(case).status == CaseStatus.RECEIVED
    assert stage.kinds(case)[-1] == EventKind.DUTY_TRANSFERRED
    assert stage.told("duty_received") == {nora.id}
    assert stage.told("handover_accepted") == {stage.house.mia.id, stage.house.lars.id}
    assert stage.rows(select(DueRow).where(DueRow.offer_id == offer.id)) == []


def test_a_handover_in_the_microsecond_of_the_last_still_leaves_no_gap(stage: Stage, nora: Staff) -> None:
    case = stage.raised()

    stage.hand_over(case, by=stage.house.mia, to=nora)
    stage.hand_over(case, by=nora, to=stage.house.mia)

    first, second, third = stage.holdings(case)
    assert (first.until, second.until) == (second.since, third.since)
    assert third.since > second.since > first.since == MONDAY


def test_a_rejection_needs_a_reason_and_leaves_the_duty_where_it_was(
    stage: Stage, case: Case, nora: Staff, offer: HandoverOffer
) -> None:
    stage.do(reject_handover, by=nora, offer_id=offer.id, reason="Jeg kender familien.")

    assert stage.case(case).keeper_id == stage.house.mia.id
    assert stage.rows(select(HandoverOffer))[0].reason == "Jeg kender familien."
    assert stage.told("handover_rejected") == {stage.house.mia.id, stage.house.lars.id}
    assert stage.kinds(case)[-1] == EventKind.HANDOVER_REJECTED
    assert waiting(stage, case) == []


@pytest.mark.parametrize("reason", ["", "  \n ", "a\x00b", "x" * 20_001, "\u202eom"])
def test_a_rejection_without_a_usable_reason_is_refused(
    stage: Stage, nora: Staff, offer: HandoverOffer, reason: str
) -> None:
    error = stage.refused(InvalidInputError, reject_handover, by=nora, offer_id=offer.id, reason=reason)

    assert list(error.problems) == ["reason"]


def test_an_offer_taken_back_cannot_be_accepted(stage: Stage, nora: Staff, offer: HandoverOffer) -> None:
    stage.do(revoke_handover, by=stage.house.mia, offer_id=offer.id)

    stage.refused(OfferAnsweredError, accept_handover, by=nora, offer_id=offer.id)

    assert stage.told("handover_revoked") == {nora.id}


def test_an_offer_is_accepted_once(stage: Stage, nora: Staff, offer: HandoverOffer) -> None:
    stage.do(accept_handover, by=nora, offer_id=offer.id)

    stage.refused(OfferAnsweredError, accept_handover, by=nora, offer_id=offer.id)
    stage.refused(OfferAnsweredError, reject_handover, by=nora, offer_id=offer.id, reason="Fortrudt.")


def test_nobody_but_the_one_it_was_offered_to_answers(stage: Stage, offer: HandoverOffer) -> None:
    stage.refused(NotFoundError, accept_handover, by=stage.house.kim, offer_id=offer.id)
    stage.refused(NotFoundError, accept_handover, by=stage.house.otto, offer_id=offer.id)


@pytest.mark.parametrize("offer_id", ["0" * 32, "banana", "", "\x00", "x" * 100_000])
def test_an_unknown_offer_looks_like_somebody_elses(
    stage: Stage, offer: HandoverOffer, offer_id: str
) -> None:
    kim = stage.house.kim
    not_his = stage.refused(NotFoundError, accept_handover, by=kim, offer_id=offer.id)

    unknown = stage.refused(NotFoundError, accept_handover, by=kim, offer_id=offer_id)

    assert (str(unknown), unknown.user_message) == (str(not_his), not_his.user_message)


def test_whoever_of_the_pool_comes_first_has_it(stage: Stage, case: Case, nora: Staff) -> None:
    pool = stage.do(offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_pool="under_18")

    stage.do(accept_handover, by=nora, offer_id=pool.id)

    stage.refused(OfferAnsweredError, accept_handover, by=stage.house.kim, offer_id=pool.id)
    assert stage.case(case).keeper_id == nora.id


def test_somebody_who_left_cannot_accept(stage: Stage, nora: Staff, offer: HandoverOffer) -> None:
    with writing(stage.engine) as session:
        session.get_one(Staff, nora.id).is_active = False

    stage.refused(NotFoundError, accept_handover, by=nora, offer_id=offer.id)


# An offer nobody answers.


def expire(stage: Stage, offer: HandoverOffer) -> HandoverOffer:
    with writing(stage.engine) as session:
        return expire_handover(session, offer_id=offer.id, now=stage.now)


def test_an_offer_does_not_expire_before_its_time(stage: Stage, case: Case, offer: HandoverOffer) -> None:
    stage.now = offer.expires_at - timedelta(seconds=1)

    expire(stage, offer)

    assert [one.id for one in waiting(stage, case)] == [offer.id]


def test_an_unanswered_offer_is_renewed_and_the_leader_told_once(
    stage: Stage, case: Case, nora: Staff, offer: HandoverOffer
) -> None:
    stage.now = offer.expires_at
    second = expire(stage, offer)
    stage.now = second.expires_at
    third = expire(stage, second)

    assert second.expires_at - offer.expires_at == 60 * MINUTE
    assert third.expires_at - second.expires_at == 120 * MINUTE
    assert [one.id for one in waiting(stage, case)] == [third.id]
    assert stage.case(case).keeper_id == stage.house.mia.id
    assert stage.told("handover_expired") == {stage.house.mia.id, stage.house.lars.id}
    assert stage.told("handover_renewed") == {nora.id}
    assert stage.kinds(case).count(EventKind.HANDOVER_EXPIRED) == 2
    assert stage.do(accept_handover, by=nora, offer_id=third.id).status == OfferStatus.ACCEPTED


def test_expiring_twice_changes_nothing_more(stage: Stage, case: Case, offer: HandoverOffer) -> None:
    stage.now = offer.expires_at
    expire(stage, offer)

    again = expire(stage, offer)

    assert again.status == OfferStatus.EXPIRED
    assert len(waiting(stage, case)) == 1


def test_an_offer_in_an_acute_case_waits_a_quarter_of_an_hour_each_time(stage: Stage, nora: Staff) -> None:
    case = stage.raised()
    stage.do(press_acute, by=stage.house.mia, case_id=case.id)
    offer = stage.do(offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_id=nora.id)
    stage.now = offer.expires_at

    renewed = expire(stage, offer)

    assert offer.expires_at - MONDAY == 15 * MINUTE
    assert renewed.expires_at - offer.expires_at == 15 * MINUTE


def test_pressing_acute_shortens_an_offer_that_waits(
    stage: Stage, case: Case, nora: Staff, offer: HandoverOffer
) -> None:
    stage.now = offer.expires_at
    renewed = expire(stage, offer)
    assert renewed.expires_at > stage.now + 15 * MINUTE

    stage.do(press_acute, by=stage.house.mia, case_id=case.id)

    assert waiting(stage, case)[0].expires_at == stage.now + 15 * MINUTE
    woken = stage.rows(select(DueRow.fire_at).where(DueRow.offer_id == renewed.id))
    assert woken == [stage.now + 15 * MINUTE]
