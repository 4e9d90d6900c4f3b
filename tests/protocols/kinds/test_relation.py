"""The kind *relation*: how people can be linked to a case."""

from __future__ import annotations

from pathlib import Path

from tests.protocols.family import RELATIONS
from tests.protocols.small import refused_with, small


def test_a_relation_has_a_title_and_the_facts_that_are_asked_of_such_people(tmp_path: Path) -> None:
    definition = small(tmp_path, RELATIONS)

    assert {key: one.title for key, one in definition.relations.items()} == {
        "sibling": "Søskende",
        "partner": "Partner",
    }
    assert [fact.key for fact in definition.person_facts("sibling")] == ["at_home"]
    assert definition.person_facts("partner") == ()


def test_what_is_asked_of_people_is_not_asked_at_intake(tmp_path: Path) -> None:
    assert [fact.key for fact in small(tmp_path, RELATIONS).intake_facts] == ["urgent"]


def test_a_relation_without_a_title_is_refused(tmp_path: Path) -> None:
    untitled = (RELATIONS[0], RELATIONS[1].replace("partner: {title: Partner}", "partner: {}"))

    assert ("small.yaml", "partner: {}", "'title' is missing; add it") in refused_with(tmp_path, untitled)
