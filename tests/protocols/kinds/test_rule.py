"""The kind *rule*: what stands in the way of an act, until when, and in whose words."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlepligt.domain.deadlines import Basis
from protocols.engine import Refusal, refusals
from protocols.kinds.rule import Act
from tests.protocols.small import refused_with, small
from tests.protocols.walk import Walk, fresh

RULES = "rules:\n"


def gate(line: str) -> tuple[str, str]:
    return RULES, f"{RULES}  gate: {line}\n"


def test_a_rule_is_local_and_concerns_every_step_unless_it_says_otherwise(tmp_path: Path) -> None:
    line = '{on: complete, require: done("talk") || is_open("talk"), message: Nej.}'

    rule = small(tmp_path, gate(line)).rules["gate"]

    assert (rule.basis, rule.reference, rule.steps, rule.except_steps) == (Basis.LOCAL, "", (), ())
    assert rule.concerns(Act.COMPLETE, "visit")
    assert not rule.concerns(Act.CLOSE, None)


def test_a_gate_says_what_to_do_and_where_that_stands_until_it_is_done(tmp_path: Path) -> None:
    walk = Walk(small(tmp_path))

    before = refusals(walk.definition, walk.state, Act.COMPLETE, step_key="visit")
    spared = refusals(walk.definition, walk.state, Act.COMPLETE, step_key="talk")
    walk.complete("talk", worried="yes")

    said = Refusal("talk_first", "Tal først sammen.", "Den nye lov § 2 (før Den gamle lov § 1)")
    assert (before, spared) == ((said,), ())
    assert refusals(walk.definition, walk.state, Act.COMPLETE, step_key="visit") == ()


@pytest.mark.parametrize(("urgent", "refused"), [("no", ["gate"]), ("yes", [])])
def test_what_is_forbidden_can_be_lifted(urgent: str, refused: list[str], tmp_path: Path) -> None:
    line = '{on: close, forbid: is_open("talk"), unless: \'fact.urgent == "yes"\', message: Vent.}'
    walk = Walk(small(tmp_path, gate(line)), fresh(urgent=urgent))

    assert [one.rule for one in refusals(walk.definition, walk.state, Act.CLOSE)] == refused


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("gate: {on: complete, message: Nej.}", "a rule says either require or forbid"),
        (
            'gate: {on: close, require: "true", forbid: "false", message: Nej.}',
            "a rule says either require or forbid",
        ),
        (
            'gate: {on: close, require: done("talk"), basis: law, message: Nej.}',
            "a rule of law needs a reference; name it under legal_references",
        ),
        (
            'gate: {on: close, forbid: "true", message: Nej.}',
            "the gate can never open; no answers let anybody through",
        ),
        (
            'gate: {on: close, require: given.calm == "yes", message: Nej.}',
            "'given.calm': nobody is asked 'calm' here",
        ),
        (
            'gate: {on: complete, steps: [tlk], require: done("talk"), message: Nej.}',
            "unknown step 'tlk'; did you mean 'talk'?",
        ),
    ],
)
def test_a_gate_that_guards_nothing_or_lets_nobody_through_is_refused(
    line: str, sentence: str, tmp_path: Path
) -> None:
    refused = refused_with(tmp_path, (RULES, f"{RULES}  {line}\n"))

    assert [one[:2] for one in refused] == [("small.yaml", line)]
    assert refused[0][2].startswith(sentence)
