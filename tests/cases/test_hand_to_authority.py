"""The duty can end with an authority outside the house, by name and with somebody who confirmed it."""

import json
from typing import Any

import pytest

from handlepligt.cases.hand_to_authority import hand_to_authority
from handlepligt.cases.offer_handover import OfferWaitingError, offer_handover
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from models import Case
from tests.cases.acting import NOTE, Stage
from tests.make import HOUR

POLICE = {"name": "Politiet", "unit": "Nordjylland", "journal_number": "4200-1", "confirmed_by": "Vagtchefen"}


@pytest.fixture
def case(stage: Stage) -> Case:
    """Frida's case, discussed with her leader."""
    case = stage.raised(by=stage.house.frida)
    stage.complete(case, "discuss", by=stage.house.frida, sparring_needed="no")
    stage.later(HOUR)
    return case


def test_the_authority_holds_the_duty_and_the_last_of_the_staff_follows_up(stage: Stage, case: Case) -> None:
    stage.do(hand_to_authority, by=stage.house.frida, case_id=case.id, authority=POLICE, note=NOTE)

    before, after = stage.holdings(case)
    assert (before.until, after.since) == (stage.now, stage.now)
    assert after.holder_id is None
    assert json.loads(after.authority)["confirmed_by"] == "Vagtchefen"
    assert json.loads(after.authority)["note_risk"] == NOTE["risk"]
    assert stage.case(case).keeper_id == stage.house.frida.id
    assert EventKind.DUTY_TRANSFERRED in stage.kinds(case)
    assert stage.told("handover_accepted") == {stage.house.lars.id}


def test_not_before_it_was_discussed_or_acute(stage: Stage) -> None:
    case = stage.raised(by=stage.house.frida)

    stage.refused(
        RefusedByRuleError, hand_to_authority, by=stage.house.frida, case_id=case.id, authority=POLICE,
        note=NOTE,
    )  # fmt: skip


def test_an_advisers_case_goes_to_no_authority(stage: Stage) -> None:
    case = stage.raised()
    stage.complete(case, "discuss", by=stage.house.mia)

    stage.refused(
        RefusedByRuleError,
        hand_to_authority,
        by=stage.house.mia,
        case_id=case.id,
        authority=POLICE,
        note=NOTE,
    )


def test_not_while_an_offer_waits(stage: Stage, case: Case) -> None:
    stage.do(offer_handover, by=stage.house.frida, case_id=case.id, note=NOTE, to_id=stage.house.mia.id)

    stage.refused(
        OfferWaitingError,
        hand_to_authority,
        by=stage.house.frida,
        case_id=case.id,
        authority=POLICE,
        note=NOTE,
    )


@pytest.mark.parametrize(
    ("authority", "field"),
    [
        (POLICE | {"name": ""}, "name"),
        (POLICE | {"unit": " "}, "unit"),
        (POLICE | {"confirmed_by": "a\x00b"}, "confirmed_by"),
        (POLICE | {"confirmed_by": "x" * 10_000_000}, "confirmed_by"),
        (POLICE | {"name": "To\nlinjer"}, "name"),
        (POLICE | {"phone": "114"}, "phone"),
        ({key: POLICE[key] for key in ("name", "unit", "journal_number")}, "confirmed_by"),
    ],
)
def test_an_authority_is_named_whole(stage: Stage, case: Case, authority: dict[str, Any], field: str) -> None:
    error = stage.refused(
        InvalidInputError, hand_to_authority, by=stage.house.frida, case_id=case.id, authority=authority,
        note=NOTE,
    )  # fmt: skip

    assert list(error.problems) == [field]


def test_only_those_who_may_hand_over_do(stage: Stage, case: Case) -> None:
    given = {"case_id": case.id, "authority": POLICE, "note": NOTE}

    stage.refused(NotAllowedError, hand_to_authority, by=stage.house.hanne, **given)
    stage.refused(NotFoundError, hand_to_authority, by=stage.house.kim, **given)
