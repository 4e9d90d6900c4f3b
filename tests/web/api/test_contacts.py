"""Whom one can call now, over HTTP."""

from typing import Any

import pytest

from tests.web.api.calling import Api

NIGHT, DAYTIME = "2026-11-28T03:12:00+01:00", "2026-11-27T10:00:00+01:00"


def _contacts(api: Api, **wanted: Any) -> dict[str, dict[str, Any]]:
    answer = api.saw(api.house.mia, "/contacts/now", **wanted)
    return {one["key"]: one for one in answer["items"]}


def test_at_night_the_responsible_is_closed_and_the_police_are_not(api: Api) -> None:
    night = _contacts(api, track="adviser_under_18", age=16, at=NIGHT)
    day = _contacts(api, track="adviser_under_18", age=16, at=DAYTIME)

    assert not night["safety_responsible"]["expected_open"]
    assert night["police"]["expected_open"]
    assert day["safety_responsible"]["expected_open"]
    number = day["safety_responsible"]["numbers"][0]
    assert number["number"] == "99 31 27 22"
    # The source states no hours, so nobody promises that anybody answers.
    assert number["is_open"] is None
    assert not number["hours_confirmed"]


def test_the_age_decides_whom_a_professional_is_shown(api: Api) -> None:
    child = _contacts(api, track="professional", age=16)
    unknown = _contacts(api, track="professional")
    adult = _contacts(api, track="professional", age=30)

    assert "social_duty_service" in child
    assert "social_duty_service" in unknown
    assert "social_duty_service" not in adult


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({}, "track"),
        ({"track": "nothing"}, "track"),
        ({"track": "professional", "age": "-1"}, "age"),
        ({"track": "professional", "age": "131"}, "age"),
        ({"track": "professional", "age": "old"}, "age"),
        ({"track": "professional", "at": "2026-11-27T10:00:00"}, "at"),
        ({"track": "professional", "at": "now"}, "at"),
        ({"track": "professional", "at": "9999-12-31T23:59:59Z"}, "at"),
        ({"track": "professional", "at": "0001-01-01T00:00:00Z"}, "at"),
        ({"track": "professional", "when": DAYTIME}, "when"),
    ],
)
def test_a_question_that_means_nothing_is_refused_by_name(
    api: Api, wanted: dict[str, str], field: str
) -> None:
    answer = api.get(api.house.mia, "/contacts/now", **wanted)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [field]
