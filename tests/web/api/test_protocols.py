"""The protocols over HTTP."""

import json

import pytest

from protocols.loader import library
from tests.web.api.calling import Api


def test_all_protocols_are_listed_for_everybody(api: Api) -> None:
    listed = api.saw(api.house.ada, "/protocols")["items"]

    assert [(one["key"], one["version"]) for one in listed] == [
        (one.key, one.version) for one in library().all()
    ]
    assert listed[0]["is_newest"]


def test_a_protocol_is_shown_whole_and_as_it_is_written(api: Api) -> None:
    for line in api.saw(api.house.mia, "/protocols")["items"]:
        shown = api.saw(api.house.mia, f"/protocols/{line['key']}/{line['version']}")
        definition = library().get(line["key"], line["version"])
        assert list(shown["sections"]["steps"]) == list(definition.steps)
        assert set(shown["sections"]["contacts"]) == set(definition.contacts)
        assert " object at 0x" not in json.dumps(shown)


def test_conditions_bases_and_offsets_read_as_in_the_file(api: Api) -> None:
    steps = api.saw(api.house.mia, "/protocols/adviser_under_18/2026-1")["sections"]["steps"]

    assert steps["discuss"]["opens_when"] == "true"
    assert steps["sparring"]["opens_when"] == 'done("discuss") && answer.sparring_needed == "yes"'
    assert steps["sparring"]["deadlines"]["sparring_held"]["base"] == 'done("discuss")'
    assert steps["sparring"]["modality"] == [{"key": "", "when": None, "then": "should", "why": ""}]


@pytest.mark.parametrize("path", ["nothing/2026-1", "adviser_under_18/1999-1", "adviser_under_18/%00"])
def test_an_unknown_protocol_is_not_found(api: Api, path: str) -> None:
    assert api.get(api.house.mia, f"/protocols/{path}").status_code == 404


def test_the_newest_version_is_drawn(api: Api) -> None:
    answer = api.get(api.house.mia, "/protocols/professional/drawing.svg")

    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/svg+xml"
    assert "Lav underretningen" in answer.text


def test_a_protocol_that_is_not_there_is_not_drawn(api: Api) -> None:
    assert api.get(api.house.mia, "/protocols/nothing/drawing.svg").status_code == 404
