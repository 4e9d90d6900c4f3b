"""The page of a case names the cases raised from it, and opens them only for those who may see them."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from handlepligt import clock
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.raise_concern import raise_concern
from models import Case, Staff, SubCase
from models.session import reading, writing
from tests.cases.branching import branching_in_force
from tests.house import House
from tests.web.conftest import OpenBrowser


@pytest.fixture
def pair(engine: Engine, house: House) -> Iterator[tuple[str, str]]:
    """The references of a case of Mia's and of the one that was raised from it, which Selma holds."""
    with branching_in_force():
        with writing(engine) as session:
            mia, now = session.get_one(Staff, house.mia.id), clock.now()
            given = {"citizen_name": "Amira Opdigtet", "summary": "Hun er bange.", "track": "trunk"}
            case = raise_concern(session, by=mia, now=now, **given)
            answers = {"own_case": "yes"}
            complete_step(session, case_id=case.id, step_key="talk", by=mia, now=now, answers=answers)
            reference = case.reference
        with reading(engine) as session:
            raised = select(Case.reference).join(SubCase, col(SubCase.case_id) == Case.id)
            yield reference, session.exec(raised).one()


def test_the_parent_names_the_case_with_its_holder_and_opens_it_for_nobody_else(
    open_browser: OpenBrowser, pair: tuple[str, str]
) -> None:
    parent, raised = pair

    page = open_browser("mia").get(f"/sager/{parent}")

    assert raised in page
    assert "Selma Toft" in page
    assert f'href="/sager/{raised}"' not in page


def test_who_leads_both_can_go_from_one_to_the_other(
    open_browser: OpenBrowser, pair: tuple[str, str]
) -> None:
    parent, raised = pair
    browser = open_browser("lars")

    assert f'href="/sager/{raised}"' in browser.get(f"/sager/{parent}")
    assert f'href="/sager/{parent}"' in browser.get(f"/sager/{raised}")


def test_the_raised_case_says_where_it_came_from_and_nothing_of_it(
    open_browser: OpenBrowser, pair: tuple[str, str]
) -> None:
    parent, raised = pair

    page = open_browser("selma").get(f"/sager/{raised}")

    assert f"Rejst fra sag {parent}" in page
    assert f'href="/sager/{parent}"' not in page
    assert "Hun er bange" not in page
