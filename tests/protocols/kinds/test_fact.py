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
