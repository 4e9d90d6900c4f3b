"""A fact of a case is corrected afterwards: what was said stays in the chronology, what follows opens."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from handlepligt.cases.correct_fact import correct_fact
from handlepligt.domain.vocabulary import EventKind, StepStatus
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError
from models import Case, Deadline
from tests.cases.acting import Stage
from tests.make import DAY


def correct(stage: Stage, case: Case, value: object, fact: str = "at_home") -> None:
    stage.do(
        correct_fact, by=stage.house.mia, case_id=case.id, fact=fact, value=value, reason="Skolen ringede."
    )


def test_what_follows_from_a_corrected_fact_opens_at_once(stage: Stage, talked_case: Case) -> None:
    before = stage.open_steps(talked_case)

    correct(stage, talked_case, "no")

    assert "court" not in before
    assert "court" in stage.open_steps(talked_case)
    assert stage.case(talked_case).facts == {"at_home": "no"}
    event = next(one for one in stage.events(talked_case) if one.kind == EventKind.FACT_CORRECTED)
    assert event.detail == "Bor hun hjemme? Før: Ved ikke. Nu: Nej.\nSkolen ringede."
    assert event.about == '{"fact": "at_home"}'


def test_an_answer_can_be_taken_back_and_its_safe_reading_holds_again(
    stage: Stage, talked_case: Case
) -> None:
    correct(stage, talked_case, "no")

    correct(stage, talked_case, "unknown")

    assert stage.case(talked_case).facts == {}
    last = [one for one in stage.events(talked_case) if one.kind == EventKind.FACT_CORRECTED][-1]
    assert last.detail.startswith("Bor hun hjemme? Før: Nej. Nu: Ved ikke.")


def test_a_deadline_that_has_begun_stays_as_it_was_computed(stage: Stage, talked_case: Case) -> None:
    query = select(Deadline).where(Deadline.case_id == talked_case.id).order_by(Deadline.id)
    before = [one.model_dump() for one in stage.rows(query)]
    stage.later(DAY)

    correct(stage, talked_case, 3, fact="children")

    assert [one.model_dump() for one in stage.rows(query)] == before
    assert stage.step(talked_case, "examine").status == StepStatus.OPEN


@pytest.mark.parametrize(
    ("fact", "value", "kept"),
    [("children", "3", 3), ("children", "2,5", 2.5), ("threatened_on", "2026-11-20", "2026-11-20")],
)
def test_numbers_and_dates_are_read_as_they_are_written(
    stage: Stage, talked_case: Case, fact: str, value: str, kept: object
) -> None:
    correct(stage, talked_case, value, fact=fact)

    assert stage.case(talked_case).facts == {fact: kept}


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"fact": "shoe_size"}, "fact"),
        ({"fact": "in_danger"}, "fact"),
        ({"value": "maybe"}, "value"),
        ({"value": None}, "value"),
        ({"fact": "children", "value": "mange"}, "value"),
        ({"fact": "children", "value": True}, "value"),
        ({"fact": "children", "value": "9" * 5000}, "value"),
        ({"fact": "children", "value": "nan"}, "value"),
        ({"fact": "threatened_on", "value": "i går"}, "value"),
        ({"fact": "threatened_on", "value": "1899-12-31"}, "value"),
        ({"fact": "threatened_on", "value": "2026-11-24"}, "value"),
        ({"reason": ""}, "reason"),
        ({"reason": "a\x00b"}, "reason"),
    ],
)
def test_a_correction_that_cannot_be_used_is_said_of_field_by_field(
    stage: Stage, talked_case: Case, given: dict[str, Any], field: str
) -> None:
    whole = {"fact": "at_home", "value": "no", "reason": "Fejl."} | given

    error = stage.refused(
        InvalidInputError, correct_fact, by=stage.house.mia, case_id=talked_case.id, **whole
    )

    assert list(error.problems) == [field]


def test_a_date_that_is_no_moment_may_lie_ahead_but_one_that_is_may_not(
    stage: Stage, talked_case: Case
) -> None:
    ahead = (stage.now + timedelta(days=1)).date().isoformat()

    error = stage.refused(
        InvalidInputError, correct_fact, by=stage.house.mia, case_id=talked_case.id, fact="threatened_on",
        value=ahead, reason="Fejl.",
    )  # fmt: skip

    assert error.problems == {"value": "Datoen ligger i fremtiden. Skriv, hvornår det skete."}


def test_only_the_holder_and_the_leader_correct(stage: Stage, talked_case: Case) -> None:
    given = {"case_id": talked_case.id, "fact": "at_home", "value": "no", "reason": "Fejl."}

    stage.refused(NotFoundError, correct_fact, by=stage.house.kim, **given)
    stage.refused(NotAllowedError, correct_fact, by=stage.house.hanne, **given)
    stage.do(correct_fact, by=stage.house.lars, **given)
