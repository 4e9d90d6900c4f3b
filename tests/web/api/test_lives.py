"""A case of each track, from the concern to the closed case, over HTTP alone."""

from datetime import timedelta

from tests.make import DAY, HOUR
from tests.web.api.calling import NOTE, Api


def test_a_case_about_a_child_is_led_through_its_protocol_with_a_handover_on_the_way(
    api_on_both: Api,
) -> None:
    api, mia, kim = api_on_both, api_on_both.house.mia, api_on_both.house.kim
    # The team follows the duty: once Kim has it, it is Kim's leader who decides.
    sofie = api.house.sofie
    reference = api.raised(mia)

    api.complete(mia, reference, "danger_assessment")
    api.complete(mia, reference, "acknowledge_underretning")
    api.complete(mia, reference, "discuss", sparring_needed="yes")
    api.complete(mia, reference, "sparring")
    api.complete(mia, reference, "siblings", other_children="no")
    done = api.complete(mia, reference, "assess", still_concerned="yes", safety_plan_needed="yes")
    assert {"risk_assessment", "child_conversation", "safety_plan"} <= set(done["case"]["open_steps"])

    offer = api.offered(mia, reference, "kim")
    api.clock.later(timedelta(minutes=5))
    api.did(kim, f"/handovers/{offer}/accept")
    assert api.saw(kim, f"/cases/{reference}")["holder"]["username"] == "kim"

    for key in ("risk_assessment", "child_conversation", "child_assessment_decision", "safety_plan"):
        api.complete(kim, reference, key)
    api.complete(kim, reference, "follow_up", followup_outcome="may_end")
    answers = {"closing_reason": "Der er ro.", "closing_help": "En kontaktperson."}
    request = api.asked_to_close(kim, reference, end="help_in_place", answers=answers)
    closed = api.did(sofie, f"/close-requests/{request}/approve")

    assert closed["status"] == "closed"
    assert closed["holder"] is None
    assert closed["closed_at"] is not None
    kinds = [one["kind"] for one in api.saw(sofie, f"/cases/{reference}/events", limit=200)["items"]]
    assert kinds[0] == "concern_raised"
    assert kinds[-1] == "case_closed"
    assert kinds.count("duty_transferred") == 1


def test_a_case_about_an_adult_turns_acute_and_comes_back_to_rest(api: Api) -> None:
    otto, karin, lars = api.house.otto, api.house.karin, api.house.lars
    citizen = {"name": "Samira Opdigtet", "birth_date": "2001-05-01"}
    reference = api.raised(otto, citizen=citizen)
    assert api.saw(otto, f"/cases/{reference}")["track"] == "adviser_over_18"

    acute = api.did(otto, f"/cases/{reference}/acute", {"reason": "Hun er ringet op hjemmefra."})
    assert acute["is_acute"]
    assert "acute" in acute["open_steps"]
    contact = next(
        one
        for one in api.saw(otto, "/contacts/now", track="adviser_over_18", age=25)["items"]
        if "acute" in one["purposes"]
    )
    api.did(otto, f"/cases/{reference}/calls", {"contact": contact["key"], "outcome": "answered"})
    api.complete(otto, reference, "acute", responsible_reached="yes")
    api.complete(otto, reference, "safety_acceptance")
    api.clock.later(HOUR)
    calm = api.complete(otto, reference, "safety_assessment", acute_is_over="yes", safe_stay_needed="no")
    assert not calm["case"]["is_acute"]

    api.complete(otto, reference, "discuss", sparring_needed="no")
    api.complete(otto, reference, "assess", still_concerned="no")
    api.complete(otto, reference, "siblings", other_children="no")
    for step in api.saw(otto, f"/cases/{reference}")["open_steps"]:
        if step != "conclude":
            api.complete(otto, reference, step)
    request = api.asked_to_close(otto, reference)
    assert api.did(lars, f"/close-requests/{request}/approve")["status"] == "closed"
    assert api.post(karin, f"/cases/{reference}/acute").status_code == 409


def test_a_professional_hands_the_case_to_the_police_and_still_follows_it_up(api: Api) -> None:
    frida, lars = api.house.frida, api.house.lars
    reference = api.raised(frida, facts={})
    assert api.saw(frida, f"/cases/{reference}")["track"] == "professional"
    api.complete(frida, reference, "discuss", sparring_needed="no")
    api.complete(frida, reference, "assess", still_concerned="yes")
    authority = {
        "name": "Nordjyllands Politi",
        "unit": "Vagtcentralen",
        "journal_number": "5200-1",
        "confirmed_by": "Vagtchefen",
    }

    handed = api.did(frida, f"/cases/{reference}/handovers", {"authority": authority, "note": NOTE})

    assert handed["is_authority"]
    assert handed["holder"] is None
    api.clock.later(DAY)
    case = api.saw(lars, f"/cases/{reference}")
    assert case["authority"]["name"] == "Nordjyllands Politi"
    before = api.saw(frida, f"/cases/{reference}/duty", at=case["raised_at"])["held"]
    assert before["holder"]["username"] == "frida"
    api.complete(frida, reference, "siblings", other_children="no")
    assert api.saw(frida, f"/cases/{reference}/duty")["held"]["authority"]["journal_number"] == "5200-1"
