"""A deadline on the page of a case: made longer by whom its protocol names, standing still, seen."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from handlepligt.cases.press_acute import press_acute
from handlepligt.web.rendering import full, local_day
from models import Deadline
from tests.cases.acting import Stage
from tests.cases.clockwork import clockwork_in_force
from tests.make import DAY
from tests.web.conftest import Case, OpenBrowser

WHY = {"extend.why": "Familien er rejst"}


@pytest.fixture
def case(stage: Stage) -> Iterator[Case]:
    with clockwork_in_force():
        yield stage.raised(track="clockwork")


def finished(stage: Stage, case: Case) -> Deadline:
    found: Deadline = stage.rows(
        select(Deadline).where(Deadline.case_id == case.id, Deadline.key == "finished")
    )[0]
    return found


def path(stage: Stage, case: Case) -> str:
    return f"/sager/{case.reference}/frister/{finished(stage, case).id}/forlaeng"


def test_only_whoever_decides_it_is_offered_to_extend(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    by_leader = open_browser("lars").get(f"/sager/{case.reference}")
    by_holder = open_browser("mia").get(f"/sager/{case.reference}")

    assert by_leader.count("Forlæng fristen") == 1
    assert "Den kan forlænges 2 gange endnu." in by_leader
    assert "Loven § 3" in by_leader
    assert "Familien er rejst" in by_leader
    assert "Forlæng fristen" not in by_holder


def test_a_deadline_is_extended_as_far_as_it_goes(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    browser, before = open_browser("lars"), finished(stage, case)

    answer = browser.post(path(stage, case), **WHY, **{"extend.note": "De er i udlandet."})

    after = finished(stage, case)
    assert "Fristen er forlænget." in answer.text
    assert "Det er sidste gang." in answer.text
    assert "De er i udlandet." in answer.text
    assert after.due_at > before.due_at
    assert after.extensions == 1
    assert full(after.due_at)[:5] in answer.text


def test_a_deadline_is_extended_to_an_earlier_day(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    before = finished(stage, case)
    until = local_day(before.due_at + 3 * DAY)

    open_browser("lars").post(path(stage, case), **WHY, **{"extend.until": until})

    assert DAY < finished(stage, case).due_at - before.due_at < 5 * DAY


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({}, 422),
        ({"extend.note": "Kun en note."}, 422),
        (WHY | {"extend.until": "om lidt"}, 422),
        (WHY | {"extend.until": "01-01-2020"}, 422),
        (WHY | {"extend.until": "01-01-2099"}, 409),
    ],
)
def test_an_extension_that_cannot_be_changes_nothing_and_keeps_the_form(
    open_browser: OpenBrowser, case: Case, stage: Stage, typed: dict[str, str], status: int
) -> None:
    before = finished(stage, case).due_at

    answer = open_browser("lars").post(path(stage, case), **typed)

    assert answer.status_code == status
    for text in typed.values():
        assert text in answer.text
    assert finished(stage, case).due_at == before


def test_what_is_offered_is_what_goes_through_to_the_last_time(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    browser = open_browser("lars")

    offered = ["Forlæng fristen" in browser.get(f"/sager/{case.reference}")]
    statuses = []
    for _ in range(3):
        statuses.append(browser.post(path(stage, case), **WHY).status_code)
        offered.append("Forlæng fristen" in browser.get(f"/sager/{case.reference}"))

    assert statuses == [200, 200, 409]
    assert offered == [True, True, False, False]


def test_the_holder_cannot_extend_what_the_leader_decides(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    before = finished(stage, case).due_at

    answer = open_browser("mia").post(path(stage, case), **WHY)

    assert answer.status_code == 403
    assert finished(stage, case).due_at == before


def test_a_deadline_of_another_case_is_not_found(open_browser: OpenBrowser, case: Case, stage: Stage) -> None:
    other = stage.raised(track="clockwork")
    wrong = path(stage, case).replace(case.reference, other.reference)

    assert open_browser("lars").post(wrong, **WHY).status_code == 404


def test_a_deadline_that_stands_still_says_so_and_is_never_overdue(
    open_browser: OpenBrowser, case: Case, stage: Stage
) -> None:
    stage.do(press_acute, by=stage.house.mia, case_id=case.id)

    page = open_browser("mia").get(f"/sager/{case.reference}")

    assert page.count("Står stille siden") == 2
    assert "Venter. Først skal dette være udført: Slå alarm." in page
