"""What a form came to is lifted upwards only, with a reason, and by whom the form says."""

from collections.abc import Iterator

import pytest

from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.override_form import FormNotFilledError, override_form
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError
from models import Case
from tests.cases.acting import Stage
from tests.cases.branching import branching_in_force

CALM = {"judged": {"items": {"threats": "no"}}}


@pytest.fixture
def case(stage: Stage) -> Iterator[Case]:
    """A case of Mia's on the invented protocol of tests/cases/branching.py, whose form can be filled in."""
    with branching_in_force():
        trunk = stage.raised(track="trunk")
        stage.complete(trunk, "talk", by=stage.house.mia, own_case="no")
        yield trunk


@pytest.fixture
def judged(stage: Stage, case: Case) -> Case:
    stage.do(complete_step, by=stage.house.mia, case_id=case.id, step_key="judge", answers=CALM)
    return case


def test_a_form_is_kept_with_its_score_and_band(stage: Stage, judged: Case) -> None:
    answer = stage.step(judged, "judge").answers["judged"]

    assert (answer["score"], answer["band"], answer["override"]) == (0, "low", "")
    assert "alarm" not in stage.open_steps(judged)


def test_the_role_lifts_what_another_filled_in_and_what_follows_opens(stage: Stage, judged: Case) -> None:
    given = {"case_id": judged.id, "question": "judged", "band": "high", "reason": " Jeg kender familien. "}

    stage.do(override_form, by=stage.house.lars, **given)

    answer = stage.step(judged, "judge").answers["judged"]
    assert (answer["band"], answer["override"], answer["reason"]) == ("low", "high", "Jeg kender familien.")
    assert "alarm" in stage.open_steps(judged)
    assert EventKind.FORM_OVERRIDDEN in stage.kinds(judged)


def test_nobody_but_the_role_lifts(stage: Stage, case: Case) -> None:
    lifted = {"judged": {**CALM["judged"], "override": "high", "reason": "Jeg er bange."}}
    in_step = {"case_id": case.id, "step_key": "judge", "answers": lifted}

    error = stage.refused(InvalidInputError, complete_step, by=stage.house.mia, **in_step)
    stage.do(complete_step, by=stage.house.mia, case_id=case.id, step_key="judge", answers=CALM)
    afterwards = {"case_id": case.id, "question": "judged", "band": "high", "reason": "Jeg er bange."}

    assert list(error.problems) == ["judged.override"]
    stage.refused(NotAllowedError, override_form, by=stage.house.mia, **afterwards)
    stage.refused(NotFoundError, override_form, by=stage.house.kim, **afterwards)


@pytest.mark.parametrize(
    ("band", "reason", "field"),
    [
        ("low", "Fordi.", "band"),
        ("grave", "Fordi.", "band"),
        ("", "Fordi.", "band"),
        ("high", "  ", "reason"),
        ("high", "x" * 20_001, "reason"),
        ("high", "før\x00efter", "reason"),
    ],
)
def test_lifting_needs_a_graver_band_and_a_reason(
    stage: Stage, judged: Case, band: str, reason: str, field: str
) -> None:
    given = {"case_id": judged.id, "question": "judged", "band": band, "reason": reason}

    error = stage.refused(InvalidInputError, override_form, by=stage.house.lars, **given)

    assert list(error.problems) == [field]


def test_only_a_form_that_is_filled_in_and_can_be_lifted_is_lifted(stage: Stage, case: Case) -> None:
    given = {"case_id": case.id, "band": "high", "reason": "Fordi."}

    stage.refused(FormNotFilledError, override_form, by=stage.house.lars, question="judged", **given)
    for question in ("own_case", "nothing"):
        error = stage.refused(
            InvalidInputError, override_form, by=stage.house.lars, question=question, **given
        )
        assert list(error.problems) == ["question"]
