"""Two people act in the same moment: one wins, the other is told, and nothing is done twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest
from sqlmodel import select

from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.closing import CloseRequestDecidedError
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.handover_offers import OfferAnsweredError
from handlepligt.cases.link_sibling import SiblingLinkedError, link_sibling
from handlepligt.cases.offer_handover import OfferWaitingError, offer_handover
from handlepligt.cases.open_case import CaseClosedError
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.reopen_case import CaseOpenError, reopen_case
from handlepligt.cases.revoke_handover import revoke_handover
from handlepligt.cases.rounds import StepNotOpenError
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import HandlepligtError
from models import Case, HandoverOffer, Staff
from models.session import reading
from tests.cases.acting import CHILD, NOTE, Stage
from tests.cases.any_case import check_case

Act = tuple[Callable[..., Any], Staff, dict[str, Any]]


def at_once(stage: Stage, *acts: Act) -> list[HandlepligtError | None]:
    """Each act in a thread, session and transaction of its own, started together; None where it succeeded."""
    ready = Barrier(len(acts))

    def one(act: Act) -> HandlepligtError | None:
        verb, by, given = act
        ready.wait(timeout=20)
        try:
            stage.do(verb, by=by, **given)
        except HandlepligtError as error:
            return error
        return None

    with ThreadPoolExecutor(len(acts)) as threads:
        outcomes = list(threads.map(one, acts))
    with reading(stage.engine) as session:
        for case in session.exec(select(Case)).all():
            check_case(session, case, stage.now)
    return outcomes


def refusals(outcomes: list[HandlepligtError | None]) -> list[type[HandlepligtError]]:
    return [type(one) for one in outcomes if one is not None]


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.raised(facts={"underretning_received": "no"})


def test_one_of_two_who_complete_the_same_step_wins(stage: Stage, case: Case) -> None:
    answers = stage.answers(case, "discuss", sparring_needed="no")
    act: Act = (
        complete_step, stage.house.mia, {"case_id": case.id, "step_key": "discuss", "answers": answers},
    )  # fmt: skip

    outcomes = at_once(stage, act, act, act)

    assert refusals(outcomes) == [StepNotOpenError, StepNotOpenError]
    assert stage.kinds(case).count(EventKind.STEP_COMPLETED) == 1
    assert stage.open_steps(case) == ["assess", "siblings"]


def test_one_of_two_who_accept_the_same_offer_has_the_duty(stage: Stage, case: Case) -> None:
    nora = stage.colleague()
    offer = stage.do(offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_pool="under_18")

    outcomes = at_once(
        stage,
        (accept_handover, nora, {"offer_id": offer.id}),
        (accept_handover, stage.house.kim, {"offer_id": offer.id}),
    )

    assert refusals(outcomes) == [OfferAnsweredError]
    winner = nora if outcomes[0] is None else stage.house.kim
    assert [row.holder_id for row in stage.holdings(case)] == [stage.house.mia.id, winner.id]


def test_an_offer_is_either_accepted_or_taken_back(stage: Stage, case: Case) -> None:
    nora = stage.colleague()
    offer = stage.do(offer_handover, by=stage.house.mia, case_id=case.id, note=NOTE, to_id=nora.id)

    outcomes = at_once(
        stage,
        (accept_handover, nora, {"offer_id": offer.id}),
        (revoke_handover, stage.house.lars, {"offer_id": offer.id}),
    )

    assert refusals(outcomes) == [OfferAnsweredError]
    status = stage.rows(select(HandoverOffer.status))
    assert status == (["accepted"] if outcomes[0] is None else ["revoked"])
    assert len(stage.holdings(case)) == (2 if outcomes[0] is None else 1)


def test_one_of_two_offers_waits(stage: Stage, case: Case) -> None:
    nora = stage.colleague()
    given = {"case_id": case.id, "note": NOTE, "to_id": nora.id}

    outcomes = at_once(
        stage, (offer_handover, stage.house.mia, given), (offer_handover, stage.house.lars, given)
    )

    assert refusals(outcomes) == [OfferWaitingError]


def test_a_case_is_asked_about_and_closed_once(stage: Stage) -> None:
    case = stage.ready_to_close()
    ask: Act = (
        ask_to_close, stage.house.mia,
        {
            "case_id": case.id, "end_key": "not_concerned", "reason": "Ingen fare.", "has_siblings": "no",
            "answers": {"closing_reason": "Ingen fare."},
        },
    )  # fmt: skip

    assert refusals(at_once(stage, ask, ask)) == [CloseRequestDecidedError]
    request = stage.rows(select(Case.id))
    assert request == [case.id]


def test_of_two_approvals_one_closes_the_case(stage: Stage) -> None:
    case = stage.ready_to_close()
    request = stage.ask(case, by=stage.house.mia)
    given = {"request_id": request.id}

    outcomes = at_once(
        stage, (approve_close, stage.house.lars, given), (approve_close, stage.house.karin, given)
    )

    assert len(refusals(outcomes)) == 1
    assert issubclass(refusals(outcomes)[0], CloseRequestDecidedError | CaseClosedError)
    assert stage.kinds(case).count(EventKind.CASE_CLOSED) == 1


def test_of_two_who_reopen_one_does(stage: Stage) -> None:
    case = stage.ready_to_close()
    stage.close(case, by=stage.house.mia, leader=stage.house.lars)
    given = {"case_id": case.id, "reason": "En ny hændelse."}

    outcomes = at_once(stage, (reopen_case, stage.house.mia, given), (reopen_case, stage.house.lars, given))

    assert refusals(outcomes) == [CaseOpenError]
    assert stage.case(case).openings == 2


def test_acute_pressed_by_two_is_one_press(stage: Stage, case: Case) -> None:
    given = {"case_id": case.id}

    outcomes = at_once(stage, (press_acute, stage.house.mia, given), (press_acute, stage.house.lars, given))

    assert refusals(outcomes) == []
    assert stage.case(case).acute_presses == 1
    assert stage.open_steps(case).count("acute") == 1


def test_two_cases_linked_from_both_sides_are_linked_once(stage: Stage, case: Case) -> None:
    other = stage.raised(citizen_name="Samir Opdigtet")

    for _ in range(3):
        outcomes = at_once(
            stage,
            (link_sibling, stage.house.mia, {"case_id": case.id, "reference": other.reference}),
            (link_sibling, stage.house.lars, {"case_id": other.id, "reference": case.reference}),
        )
        assert set(refusals(outcomes)) == {SiblingLinkedError}


def test_concerns_raised_at_once_have_consecutive_references(stage: Stage) -> None:
    # The first of a year, so that the counter itself does not exist yet.
    stage.now = datetime(2027, 1, 4, 8, tzinfo=UTC)

    with ThreadPoolExecutor(6) as threads:
        cases = list(threads.map(lambda _: stage.raised(birth_date=CHILD), range(12)))

    assert sorted(case.reference for case in cases) == [f"2027-{n:06d}" for n in range(1, 13)]
