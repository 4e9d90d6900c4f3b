"""Facts corrected, forms lifted and roles gone past, on the page of a case."""

import pytest
from sqlmodel import select

from handlepligt import clock
from handlepligt.web.rendering import local_day, local_time
from models import Case, RoleBypass
from tests.cases.acting import Stage
from tests.make import HOUR, MINUTE
from tests.web.conftest import OpenBrowser

REASON = {"fact.reason": "Det var misforstået."}


@pytest.mark.parametrize(
    ("fact", "typed", "kept", "shown"),
    [
        ("at_home", "no", "no", "Nej"),
        ("children", "3", 3, "3"),
        ("children", "2,5", 2.5, "2,5"),
        ("threatened_on", "01-11-2026", "2026-11-01", "01-11-2026"),
    ],
)
def test_each_type_of_fact_is_corrected_where_it_stands(
    open_browser: OpenBrowser,
    family_case: Case,
    stage: Stage,
    fact: str,
    typed: str,
    kept: object,
    shown: str,
) -> None:
    browser = open_browser("mia")

    answer = browser.post(
        f"/sager/{family_case.reference}/oplysninger/{fact}", **{"fact.value": typed, **REASON}
    )

    assert "Oplysningen er rettet." in answer.text
    assert f"<dd>{shown}</dd>" in answer.text
    assert "Det var misforstået." in answer.text
    assert stage.case(family_case).facts == {fact: kept}


@pytest.mark.parametrize(
    ("fact", "typed", "status"),
    [
        ("at_home", "maybe", 422),
        ("at_home", "", 422),
        ("children", "mange", 422),
        ("threatened_on", "i går", 422),
        ("threatened_on", "01-11-2099", 422),
        ("no_such_fact", "yes", 422),
    ],
)
def test_a_fact_that_cannot_be_is_refused_and_what_was_typed_stays(
    open_browser: OpenBrowser, family_case: Case, stage: Stage, fact: str, typed: str, status: int
) -> None:
    browser = open_browser("mia")

    answer = browser.post(
        f"/sager/{family_case.reference}/oplysninger/{fact}",
        **{"fact.value": typed, "fact.reason": "En lang begrundelse."},
    )

    assert answer.status_code == status
    assert fact == "no_such_fact" or "En lang begrundelse." in answer.text
    assert stage.case(family_case).facts == {}


def test_a_corrected_fact_needs_a_reason(open_browser: OpenBrowser, family_case: Case) -> None:
    answer = open_browser("mia").post(
        f"/sager/{family_case.reference}/oplysninger/at_home", **{"fact.value": "no"}
    )

    assert answer.status_code == 422
    assert 'id="f-at_home-fact-reason-error"' in answer.text


def test_a_role_is_gone_past_and_stands_on_record(
    open_browser: OpenBrowser, family_case: Case, stage: Stage
) -> None:
    browser = open_browser("mia")

    answer = browser.post(
        f"/sager/{family_case.reference}/uden-om",
        **{"bypass.role": "boss", "bypass.reason": "disagrees", "bypass.note": "Lars er ikke enig."},
    )

    assert "Den næste i rækken spørges i stedet." in answer.text
    assert "Nærmeste leder er uenig" in answer.text
    assert "Lars er ikke enig." in answer.text
    assert stage.rows(select(RoleBypass.reason)) == ["disagrees"]


def test_whoever_does_not_answer_is_gone_past_when_their_time_is_over(
    open_browser: OpenBrowser, family_case: Case, stage: Stage
) -> None:
    browser, now = open_browser("mia"), clock.now()
    path = f"/sager/{family_case.reference}/uden-om"

    def tried(ago: object) -> dict[str, str]:
        at = now - ago  # type: ignore[operator]
        typed = {"bypass.tried_at.date": local_day(at), "bypass.tried_at.time": local_time(at)}
        return {"bypass.role": "boss", "bypass.reason": "no_answer", **typed}

    without = browser.post(path, **{"bypass.role": "boss", "bypass.reason": "no_answer"})
    early = browser.post(path, **tried(HOUR))
    unreadable = browser.post(path, **(tried(HOUR) | {"bypass.tried_at.time": "kvart i"}))
    late = browser.post(path, **tried(2 * HOUR))

    assert (without.status_code, early.status_code, unreadable.status_code) == (422, 409, 422)
    assert "Der er stadig tid til at svare." in early.text
    assert f'value="{local_time(now - HOUR)}"' in early.text
    assert "Nærmeste leder svarer ikke" in late.text
    [bypass] = stage.rows(select(RoleBypass))
    assert bypass.tried_at is not None
    assert abs(bypass.tried_at - (now - 2 * HOUR)) <= MINUTE


@pytest.mark.parametrize(
    "changed", [{"bypass.role": "keeper"}, {"bypass.role": ""}, {"bypass.reason": "bored"}]
)
def test_a_role_that_cannot_be_gone_past_keeps_the_note(
    open_browser: OpenBrowser, family_case: Case, stage: Stage, changed: dict[str, str]
) -> None:
    typed = {"bypass.role": "boss", "bypass.reason": "disagrees", "bypass.note": "En note 😟."} | changed

    answer = open_browser("mia").post(f"/sager/{family_case.reference}/uden-om", **typed)

    assert answer.status_code == 422
    assert "En note 😟." in answer.text
    assert stage.rows(select(RoleBypass)) == []


def test_only_the_holder_is_offered_to_go_past_a_role(open_browser: OpenBrowser, family_case: Case) -> None:
    assert "Spørg den næste i rækken" in open_browser("mia").get(f"/sager/{family_case.reference}")
    assert "Spørg den næste i rækken" not in open_browser("lars").get(f"/sager/{family_case.reference}")
