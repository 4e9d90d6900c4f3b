"""Forms, meetings, agreed actions and raised cases on the page, with an invented protocol that has all."""

from collections.abc import Iterator

import pytest
from sqlmodel import select

from handlepligt.cases.link_person import link_person
from handlepligt.web.rendering import day, local_day, local_time
from models import Case, SubCase
from tests.cases.acting import Stage
from tests.make import WEEK
from tests.web.conftest import OpenBrowser
from tests.web.invented import assessed, assessment, at_the_meeting, invented_in_force, raised


@pytest.fixture(autouse=True)
def invented() -> Iterator[None]:
    with invented_in_force():
        yield


def typed(stage: Stage, **changed: str) -> dict[str, str]:
    usual = {
        "q.danger_form.threats": "no",
        "q.danger_form.control": "some",
        "q.assessed_with": f"leader:{stage.house.lars.id}",
        "q.still_worried": "yes",
        "q.act_now": "no",
        "q.assess_note": "Samtale i dag.",
        "round": "1",
    }
    return usual | changed


def test_a_form_is_filled_in_and_told_in_words(open_browser: OpenBrowser, stage: Stage) -> None:
    case, browser = raised(stage), open_browser("mia")
    path = f"/sager/{case.reference}/trin/assess"

    lacking = browser.post(path, **typed(stage, **{"q.danger_form.threats": ""}))
    answer = browser.post(path, **typed(stage))

    assert lacking.status_code == 422
    assert 'id="f-q-danger_form-threats-error"' in lacking.text
    assert "Samtale i dag." in lacking.text
    assert "Lav (1 point)" in answer.text
    assert "<li>Er der trusler på livet? Nej</li>" in answer.text
    assert "<li>Hvor meget kontrolleres borgeren? Noget</li>" in answer.text


def test_only_whoever_may_lift_a_form_is_asked_to(open_browser: OpenBrowser, stage: Stage) -> None:
    case = raised(stage)
    assert "Skal vurderingen hæves?" not in open_browser("mia").get(f"/sager/{case.reference}")

    stage.complete(case, "assess", by=stage.house.mia, **assessment(stage))
    by_holder = open_browser("mia").get(f"/sager/{case.reference}")
    leader = open_browser("lars")
    by_leader = leader.get(f"/sager/{case.reference}")

    assert "/skemaer/danger_form" not in by_holder
    assert f'action="/sager/{case.reference}/skemaer/danger_form"' in by_leader
    row = stage.step(case, "assess").id
    path = f"/sager/{case.reference}/skemaer/danger_form"
    without = leader.post(path, **{"row": row, "lift.band": "high"})
    down = leader.post(path, **{"row": row, "lift.band": "low", "lift.reason": "Nej."})
    lifted = leader.post(path, **{"row": row, "lift.band": "high", "lift.reason": "Hun har blå mærker."})

    assert (without.status_code, down.status_code) == (422, 422)
    assert f'id="f-{row}-lift-reason-error"' in without.text
    assert "Vurderingen er hævet." in lifted.text
    assert "Hævet til høj: Hun har blå mærker." in lifted.text
    assert "/skemaer/danger_form" not in lifted.text


def test_what_is_agreed_at_a_meeting_becomes_a_list_to_tick_and_deadlines(
    open_browser: OpenBrowser, stage: Stage
) -> None:
    case, browser, by = at_the_meeting(stage), open_browser("mia"), day((stage.now + WEEK).date())
    actions = "q.network_meeting_actions"
    meeting = {
        "q.network_meeting": "held",
        "q.network_meeting_at.date": local_day(stage.now),
        "q.network_meeting_at.time": local_time(stage.now),
        "q.network_meeting_present": "leader",
        "q.network_meeting_chair": f"in_charge:{stage.house.lars.id}",
        "q.network_meeting_minutes": "Vi talte.",
        "q.network_meeting_again": "no",
        f"{actions}.0.what": "Ring til skolen 😟",
        f"{actions}.0.who": "holder",
        f"{actions}.0.by": by,
        f"{actions}.2.what": "Tag på besøg",
        f"{actions}.2.who": "Naboen",
        "round": "1",
    }
    path = f"/sager/{case.reference}/trin/network_meeting"

    lacking = browser.post(path, **meeting)
    answer = browser.post(path, **(meeting | {f"{actions}.2.by": by}))
    ticked = browser.post(f"{path}_actions_done/hak", round="1", tick="1:on")

    assert lacking.status_code == 422
    assert f'id="f-{actions.replace(".", "-")}-2-by-error"' in lacking.text
    assert 'value="Tag på besøg"' in lacking.text
    assert f"<li>Ring til skolen 😟 – Den handlepligtige, senest {by}</li>" in answer.text
    assert f"<li>Tag på besøg – Naboen, senest {by}</li>" in answer.text
    assert "Hakket er gemt." in ticked.text
    assert ticked.text.count('aria-pressed="true"') == 1


def test_a_case_of_its_own_is_named_with_its_holder_and_leads_back(
    open_browser: OpenBrowser, stage: Stage
) -> None:
    case = raised(stage)
    given = {"case_id": case.id, "relation": "child", "name": "Samir Opdigtet", "facts": {"witness": "yes"}}
    samir = stage.do(link_person, by=stage.house.mia, **given)
    stage.complete(case, "assess", by=stage.house.mia, **assessment(stage))
    path = f"/sager/{case.reference}/trin/talk_to_child"
    talked = {"q.child_safe": "yes", "q.child_on": local_day(stage.now), "round": "1"}

    answer = open_browser("mia").post(path, **talked, person=samir.id)

    [raised_id] = stage.rows(select(SubCase.case_id))
    child = stage.rows(select(Case).where(Case.id == raised_id))[0]
    assert "Tal med barnet: Samir Opdigtet (barn i hjemmet)" in answer.text
    assert f"Trinnet er udført, når delsagen er lukket: {child.reference}." in answer.text
    assert f'href="/sager/{child.reference}"' not in answer.text
    assert "Otto Krogh" in answer.text
    by_its_holder = open_browser("otto").get(f"/sager/{child.reference}")
    assert f"Rejst fra sag {case.reference}" in by_its_holder
    assert f'href="/sager/{case.reference}"' not in by_its_holder


def test_a_step_that_must_not_be_done_says_so_and_has_no_form(
    open_browser: OpenBrowser, stage: Stage
) -> None:
    case = assessed(stage, weapon="yes")

    page = open_browser("mia").get(f"/sager/{case.reference}")

    assert "Det må ikke gøres, som sagen står nu." in page
    assert f'action="/sager/{case.reference}/trin/neighbour_help"' not in page
