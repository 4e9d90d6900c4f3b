"""One concern per child: cases of one family know of each other, and nothing of what they hold."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import col, select

from handlepligt.cases.link_sibling import SiblingLinkedError, link_sibling
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError
from models import Case, SiblingLink
from tests.cases.acting import Stage


@pytest.fixture
def case(stage: Stage) -> Case:
    return stage.raised()


def test_two_cases_are_linked_once_whichever_comes_first(stage: Stage, case: Case) -> None:
    other = stage.raised(citizen_name="Samir Opdigtet")

    stage.do(link_sibling, by=stage.house.mia, case_id=case.id, reference=f" {other.reference} ")

    link = stage.rows(select(SiblingLink))[0]
    assert [link.case_id, link.other_case_id] == sorted([case.id, other.id])
    assert stage.kinds(case)[-1] == stage.kinds(other)[-1] == EventKind.SIBLING_LINKED
    assert stage.told("sibling_linked") == {stage.house.lars.id}
    stage.refused(
        SiblingLinkedError, link_sibling, by=stage.house.mia, case_id=other.id, reference=case.reference
    )


def test_a_child_without_a_case_gets_one_of_its_own(stage: Stage, case: Case) -> None:
    stage.do(
        link_sibling, by=stage.house.mia, case_id=case.id, citizen_name="Samir Opdigtet",
        birth_date=date(2012, 2, 29),
    )  # fmt: skip

    other = stage.rows(select(Case).where(Case.id != case.id))[0]
    assert (other.keeper_id, other.track, other.received_at) == (
        stage.house.mia.id, "adviser_under_18", stage.now,
    )  # fmt: skip
    assert case.reference in other.summary
    assert "discuss" in stage.open_steps(other)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"reference": "2026-000001", "citizen_name": "Samir"},
        {"citizen_name": "a\x00b"},
        {"citizen_name": "Samir", "birth_date": date(2030, 1, 1)},
        {"citizen_name": "Samir", "cpr": "310209-1234"},
        {"citizen_name": "Samir", "summary": "x" * 10_000_000},
    ],
)
def test_a_sibling_is_named_one_way_and_properly(stage: Stage, case: Case, given: dict[str, Any]) -> None:
    stage.refused(InvalidInputError, link_sibling, by=stage.house.mia, case_id=case.id, **given)


def test_a_case_is_not_its_own_sibling(stage: Stage, case: Case) -> None:
    stage.refused(
        InvalidInputError, link_sibling, by=stage.house.mia, case_id=case.id, reference=case.reference
    )


@pytest.mark.parametrize("reference", ["2026-999999", "banana", "\x00", "x" * 100_000])
def test_a_case_one_cannot_see_cannot_be_linked_nor_told_from_none(
    stage: Stage, case: Case, reference: str
) -> None:
    kims = stage.raised(by=stage.house.kim)
    not_hers = stage.refused(
        NotFoundError, link_sibling, by=stage.house.mia, case_id=case.id, reference=kims.reference
    )

    unknown = stage.refused(
        NotFoundError, link_sibling, by=stage.house.mia, case_id=case.id, reference=reference
    )

    assert (str(unknown), unknown.user_message) == (str(not_hers), not_hers.user_message)
    assert stage.rows(select(SiblingLink).order_by(col(SiblingLink.id))) == []


def test_only_those_who_may_link_do(stage: Stage, case: Case) -> None:
    stage.refused(NotAllowedError, link_sibling, by=stage.house.hanne, case_id=case.id, citizen_name="Samir")
    stage.refused(NotFoundError, link_sibling, by=stage.house.kim, case_id=case.id, citizen_name="Samir")
