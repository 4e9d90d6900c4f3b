"""A call is logged in one action, also the one nobody answered."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from handlepligt.cases.log_call import log_call
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError
from models import Call, Case
from tests.cases.acting import ADULT, Stage
from tests.make import HOUR, MINUTE, MONDAY


@pytest.fixture
def case(stage: Stage) -> Case:
    """Mia's case, received an hour before it was typed in."""
    return stage.raised(received_at=MONDAY - HOUR)


def test_a_call_is_kept_with_its_outcome(stage: Stage, case: Case) -> None:
    stage.do(
        log_call, by=stage.house.mia, case_id=case.id, contact_key="safety_responsible", outcome="no_answer",
        called_at=MONDAY - MINUTE, note="Telefonsvarer 📞",
    )  # fmt: skip

    call = stage.rows(select(Call))[0]
    assert (call.contact_key, call.outcome, call.called_at) == (
        "safety_responsible", "no_answer", MONDAY - MINUTE,
    )  # fmt: skip
    assert (call.note, call.by_id) == ("Telefonsvarer 📞", stage.house.mia.id)
    event = stage.events(case)[-1]
    assert event.kind == EventKind.CALL_LOGGED
    assert json.loads(event.about)["outcome"] == "no_answer"


def test_a_call_without_a_time_was_made_now(stage: Stage, case: Case) -> None:
    stage.do(log_call, by=stage.house.lars, case_id=case.id, contact_key="police", outcome="answered")

    assert stage.rows(select(Call.called_at)) == [MONDAY]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"contact_key": "the_mother"}, "contact"),
        ({"contact_key": ""}, "contact"),
        ({"contact_key": "\x00"}, "contact"),
        ({"contact_key": "red_safehouse"}, "contact"),
        ({"outcome": "eaten"}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"called_at": MONDAY + timedelta(microseconds=1)}, "called_at"),
        ({"called_at": MONDAY - 2 * HOUR}, "called_at"),
        ({"called_at": MONDAY.replace(tzinfo=None)}, "called_at"),
        ({"note": "\x00"}, "note"),
        ({"note": "x" * 10_000_000}, "note"),
        ({"note": "\u202e"}, "note"),
    ],
)
def test_what_cannot_be_used_is_named(stage: Stage, case: Case, given: dict[str, Any], field: str) -> None:
    usual = {"contact_key": "police", "outcome": "answered"}

    error = stage.refused(InvalidInputError, log_call, by=stage.house.mia, case_id=case.id, **(usual | given))

    assert list(error.problems) == [field]


def test_each_track_has_its_own_contacts(stage: Stage) -> None:
    case = stage.raised(by=stage.house.otto, birth_date=ADULT)

    stage.do(log_call, by=stage.house.otto, case_id=case.id, contact_key="red_safehouse", outcome="answered")

    assert stage.rows(select(Call.contact_key)) == ["red_safehouse"]


def test_only_those_on_the_case_log_calls(stage: Stage, case: Case) -> None:
    given = {"case_id": case.id, "contact_key": "police", "outcome": "answered"}

    stage.refused(NotAllowedError, log_call, by=stage.house.hanne, **given)
    stage.refused(NotFoundError, log_call, by=stage.house.kim, **given)


def test_what_follows_when_nobody_answers_opens_at_once_and_falls_away_when_somebody_does(
    stage: Stage, family_case: Case
) -> None:
    given = {"by": stage.house.mia, "case_id": family_case.id, "contact_key": "hotline"}

    stage.do(log_call, outcome="no_answer", **given)
    once = stage.open_steps(family_case)
    stage.do(log_call, outcome="busy", **given)
    twice = stage.open_steps(family_case)
    stage.do(log_call, outcome="answered", **given)

    assert once == ["talk"]
    assert twice == ["talk", "call_others"]
    assert stage.open_steps(family_case) == ["talk"]
