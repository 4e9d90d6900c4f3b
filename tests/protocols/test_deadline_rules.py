"""Which deadlines run: one a round, one a person, one an agreed action; and when each of them is met."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from protocols.deadline_rules import deadlines_of, leads_on, met, name_of, written_deadline
from protocols.definition import Definition
from protocols.kinds.deadline import AtExpiry
from protocols.state import CaseState, PersonState, StepState, StepStatus
from tests.protocols.small import small
from tests.protocols.test_counted_from import FACTS, LINE
from tests.protocols.walk import FRIDAY, HOUR

AGREED = """\
      agreed: {ask: Hvad er aftalt?, type: actions, required: false}
    decisions:
"""
KEEP = """\
  keep:
    title: Hold aftalerne
    what: Gør det, der er aftalt.
    opens_when: done("talk")
    modality: may
    checklist: {from: agreed}
    deadlines:
      kept: {title: Aftale, base: action("agreed"), within: 0 days, basis: agreed}
      reminded: {base: action("agreed"), within: 2 working days before, basis: local}
      looked_at: {base: opened("keep"), within: 1 year, basis: local}

  alarm:
"""
ACTIONS: list[dict[str, object]] = [
    {"what": "Ring til skolen", "who": "keeper", "by": "2026-12-01"},
    {"what": "Find et sted at bo", "who": "boss", "by": "2026-12-15"},
]
TALKED = StepState("talk", 1, StepStatus.DONE, FRIDAY, FRIDAY + HOUR, {"agreed": ACTIONS})  # type: ignore[dict-item]
KEPT = StepState("keep", 1, StepStatus.OPEN, FRIDAY + HOUR)
STATE = CaseState(FRIDAY, FRIDAY, steps=(TALKED, KEPT))


@pytest.fixture
def definition(tmp_path: Path) -> Definition:
    return small(tmp_path, ("    decisions:\n", AGREED), ("  alarm:\n", KEEP))


def test_each_agreed_action_has_a_deadline_of_its_own(definition: Definition) -> None:
    rules = {one.key: one for one in deadlines_of(definition, "keep", STATE)}

    assert list(rules) == ["kept:1", "kept:2", "reminded:1", "reminded:2", "looked_at"]
    assert rules["kept:2"].base == datetime(2026, 12, 14, 23, tzinfo=UTC)
    assert (rules["kept:2"].title, rules["kept:2"].item) == ("Aftale 2", "2")
    assert rules["reminded:1"].offset.amount == -2


def test_its_title_says_nothing_of_what_was_agreed(definition: Definition) -> None:
    titles = " ".join(one.title for one in deadlines_of(definition, "keep", STATE))

    assert "skolen" not in titles
    assert "bo" not in titles


def test_the_deadline_of_an_action_is_met_by_its_tick(definition: Definition) -> None:
    ticked = replace(STATE, steps=(TALKED, replace(KEPT, ticks={"1": FRIDAY + 2 * HOUR})))

    done = {
        key: met(definition, ticked, key, step_key="keep", round_=1)
        for key in ("kept:1", "kept:2", "looked_at")
    }

    assert done == {"kept:1": True, "kept:2": False, "looked_at": False}


def test_a_deadline_is_met_when_its_own_round_is_settled(definition: Definition) -> None:
    rounds = tuple(
        StepState("alarm", number, status, FRIDAY + number * HOUR, FRIDAY + number * HOUR)
        for number, status in ((1, StepStatus.DONE), (2, StepStatus.OPEN))
    )
    again = replace(STATE, steps=rounds)

    assert met(definition, again, "rung", step_key="alarm", round_=1)
    assert not met(definition, again, "rung", step_key="alarm", round_=2)
    assert not met(definition, again, "rung", step_key="alarm")


def test_each_linked_person_has_deadlines_of_their_own(tmp_path: Path) -> None:
    definition = small(tmp_path, ("facts:\n", FACTS), ("  alarm:\n", LINE))
    people = (PersonState("ada", "sibling"), PersonState("bo", "sibling"))
    lines = (
        StepState("look", 1, StepStatus.DONE, FRIDAY, FRIDAY + HOUR, {}, "ada"),
        StepState("look", 1, StepStatus.OPEN, FRIDAY + 3 * HOUR, None, {}, "bo"),
    )
    state = CaseState(FRIDAY, FRIDAY, people=people, steps=lines)

    bases = {one: deadlines_of(definition, "look", state, person=one)[0].base for one in ("ada", "bo")}

    assert bases == {"ada": FRIDAY, "bo": FRIDAY + 3 * HOUR}
    assert met(definition, state, "looked", step_key="look", round_=1, person="ada")
    assert not met(definition, state, "looked", step_key="look", round_=1, person="bo")


def test_a_rule_carries_what_happens_when_it_passes(definition: Definition, tmp_path: Path) -> None:
    lapsing = 'reminded: {base: opened("keep"), within: 3 weeks, basis: local, at_expiry: lapse}'
    other = KEEP.replace(
        'reminded: {base: action("agreed"), within: 2 working days before, basis: local}', lapsing
    )

    changed = small(tmp_path, ("    decisions:\n", AGREED), ("  alarm:\n", other))
    rules = {one.key: one for one in deadlines_of(changed, "keep", STATE)}

    assert (rules["reminded"].at_expiry, rules["looked_at"].at_expiry) == (AtExpiry.LAPSE, AtExpiry.BREACH)
    assert (leads_on(changed), leads_on(definition)) == (True, False)


def test_a_deadline_that_the_definition_no_longer_has_is_none(definition: Definition) -> None:
    assert written_deadline(definition, "keep", "kept:2") is definition.steps["keep"].deadlines["kept"]
    assert written_deadline(definition, "keep", "gone") is None
    assert written_deadline(definition, "gone", "kept") is None
    assert written_deadline(definition, "", "kept") is None
    assert name_of("kept:2") == name_of("kept") == "kept"
