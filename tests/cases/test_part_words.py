"""A settled step tells what a form came to and what was agreed in words, never as it is stored."""

from pathlib import Path

import pytest

from handlepligt.cases.part_words import actions_in_words, form_in_words
from protocols.answers import read_answers
from protocols.definition import Definition
from tests.protocols.kinds.test_form import DANGER, MAP, with_form
from tests.protocols.small import small
from tests.protocols.walk import fresh


def said(definition: Definition, **raw: object) -> tuple[str, tuple[str, ...]]:
    answer = read_answers(definition, "visit", fresh(), raw)["visit_note"]
    assert isinstance(answer, dict)
    return form_in_words(definition.forms["danger"], answer)


@pytest.fixture
def danger(tmp_path: Path) -> Definition:
    return small(tmp_path, *with_form(DANGER))


def test_a_scored_form_is_told_with_its_points_and_each_item(danger: Definition) -> None:
    told = said(danger, visit_note={"items": {"threats": "no", "control": "some"}})

    assert told == ("Mellem (1 point)", ("Er der trusler? Nej", "Er der kontrol? Noget"))


def test_a_lifted_outcome_is_told_with_its_reason(danger: Definition) -> None:
    lifted = {"override": "high", "reason": "Hun er bange."}

    summary, _ = said(danger, visit_note={"items": {"threats": "no", "control": "none"}, **lifted})

    assert summary == "Lav (0 point)\nHævet til høj: Hun er bange."


def test_an_unscored_form_is_told_time_by_time(tmp_path: Path) -> None:
    everyday = small(tmp_path, *with_form(MAP))
    filled = {
        "items": {"school": {"before": "bad", "now": "good"}},
        "notes": {"school": {"now": "Går hver dag."}},
        "overall": "fine",
    }

    assert said(everyday, visit_note=filled) == (
        "Samlet I orden",
        ("Skole, før: Dårlig", "Skole, nu: God – Går hver dag."),
    )


def test_agreed_actions_are_told_a_line_each_with_titles_for_roles(danger: Definition) -> None:
    agreed = [
        {"what": "Ring til skolen", "who": "keeper", "by": "2026-12-01"},
        {"what": "Tag på besøg", "who": "Naboen", "by": "2026-12-04"},
    ]

    assert actions_in_words(danger, agreed) == (
        "Ring til skolen – Den ansvarlige, senest 01-12-2026",
        "Tag på besøg – Naboen, senest 04-12-2026",
    )
