"""The kind *fact*: asked at intake or computed, and never without a safe reading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from protocols.engine import computed_facts
from protocols.kinds.fact import FactScope, FactType
from tests.protocols.small import refused_with, small
from tests.protocols.walk import fresh

URGENT = '  urgent:\n    type: yes_no\n    ask: Haster det?\n    when_unknown: "yes"\n'


def urgent(line: str) -> tuple[str, str]:
    return URGENT, f"  urgent:\n    {line}\n"


def test_a_fact_is_of_the_case_and_either_asked_or_computed(tmp_path: Path) -> None:
    facts = small(tmp_path).facts

    assert (facts["urgent"].type, facts["urgent"].scope) == (FactType.YES_NO, FactScope.CASE)
    assert (facts["urgent"].ask, facts["urgent"].computed) == ("Haster det?", None)
    assert facts["child"].ask == ""
    assert facts["child"].computed is not None


@pytest.mark.parametrize(("known", "read"), [({}, "high"), ({"urgent": "low"}, "low")])
def test_a_fact_nobody_knows_is_read_the_safe_way(known: dict[str, Any], read: str, tmp_path: Path) -> None:
    line = "{type: choice, ask: Hvor meget, choices: {low: Lidt, high: Meget}, when_unknown: high}"

    facts = computed_facts(small(tmp_path, urgent(line)), fresh(**known))

    assert facts["urgent"] == read


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('{type: yes_no, when_unknown: "yes"}', "a fact is either asked (ask) or computed (is)"),
        (
            "{type: yes_no, ask: Hvad, is: \"age == 1 ? 'yes' : 'no'\", when_unknown: \"yes\"}",
            "a fact is either asked (ask) or computed (is)",
        ),
        ("{type: yes_no, ask: Hvad}", "say when_unknown: the safe reading when nobody knows"),
        ("{type: yes_no, ask: Hvad, when_unknown: maybe}", "'maybe' is not among yes, no"),
        ("{type: choice, ask: Hvad}", "a fact of type choice needs choices"),
        (
            "{type: yes_no, is: \"age == 1 ? 'yes' : 'perhaps'\", when_unknown: \"yes\"}",
            "yields perhaps, which is not among yes, no",
        ),
    ],
)
def test_a_fact_that_could_be_read_two_ways_is_refused(line: str, sentence: str, tmp_path: Path) -> None:
    assert ("small.yaml", line, sentence) in refused_with(tmp_path, urgent(line))


AT_HOME = '{type: yes_no, scope: person, relations: [sibling], ask: Bor hjemme?, when_unknown: "yes"}'
LINKED = ("facts:\n", f"relations:\n  sibling: {{title: Søskende}}\n\nfacts:\n  at_home: {AT_HOME}\n")


def test_a_fact_of_a_person_is_asked_of_people_of_its_relations(tmp_path: Path) -> None:
    fact = small(tmp_path, LINKED).facts["at_home"]

    assert (fact.scope, fact.relations) == (FactScope.PERSON, ("sibling",))
    assert (fact.concerns("sibling"), fact.concerns("partner")) == (True, False)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (AT_HOME.replace("[sibling]", "[siblin]"), "unknown relation 'siblin'; did you mean 'sibling'?"),
        (
            AT_HOME.replace("scope: person, ", ""),
            "only a fact with scope: person has relations; remove them or add it",
        ),
        (
            AT_HOME.replace("ask: Bor hjemme?", "is: \"age == 1 ? 'yes' : 'no'\""),
            "a fact of a person is asked when somebody is linked; write ask instead of is",
        ),
        (
            AT_HOME.replace(', when_unknown: "yes"', ""),
            "say when_unknown: the safe reading when nobody knows",
        ),
        (
            "{type: text, ask: Hvad, moment: deed}",
            "only a date of the case that is asked says a moment; remove it",
        ),
        (
            "{type: yes_no, is: \"fact.urgent == 'yes' ? 'yes' : 'no'\", when_unknown: \"no\"}",
            "'urgent' is not known yet; let it stand above 'at_home'",
        ),
    ],
)
def test_a_fact_of_a_person_that_cannot_be_meant_is_refused(line: str, sentence: str, tmp_path: Path) -> None:
    said = [
        (file, sentence)
        for file, _, sentence in refused_with(tmp_path, (LINKED[0], LINKED[1].replace(AT_HOME, line)))
    ]

    assert ("small.yaml", sentence) in said


def test_a_fact_of_a_person_needs_a_relation_to_be_linked_by(tmp_path: Path) -> None:
    line = '{type: yes_no, scope: person, ask: Bor hjemme?, when_unknown: "yes"}'

    refused = refused_with(tmp_path, urgent(line))

    assert "nobody can be linked; declare at least one relation under relations" in [
        one[2] for one in refused
    ]


def test_two_facts_cannot_say_the_same_moment(tmp_path: Path) -> None:
    line = "{type: date, ask: Hvornår?, moment: deed}"
    both = (URGENT, f"{URGENT}  first: {line}\n  second: {line}\n")

    assert "'first' already says the moment of deed; remove one" in [
        one[2] for one in refused_with(tmp_path, both)
    ]
