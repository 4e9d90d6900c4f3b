"""Each base of a deadline is found in the state of a case, or nowhere while nobody knows it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from handlepligt.domain.cpr import age_on
from protocols.counted_from import birthday, counted_from
from protocols.deadline_base import Base, read_base
from protocols.definition import Definition
from protocols.state import CaseState, PersonState, StepState, StepStatus
from protocols.world import World
from tests.protocols.small import small
from tests.protocols.walk import FRIDAY, HOUR

FACTS = """\
relations:
  sibling: {title: Søskende}

facts:
  heard:
    type: date
    moment: awareness
    ask: Hvornår hørte I om det?
  done_on:
    type: date
    moment: deed
    ask: Hvornår skete det?
  term:
    type: date
    ask: Hvornår er terminen?
  moved_on:
    type: date
    scope: person
    relations: [sibling]
    ask: Hvornår flyttede barnet?
"""
LINE = """\
  look:
    title: Se til barnet
    what: Se til barnet.
    opens_when: done("talk")
    per_person: sibling
    modality: may
    questions:
      looked_on: {ask: Hvornår?, type: date}
    deadlines:
      looked: {base: opened("look"), within: 1 day, basis: local}

  alarm:
"""
ADA, BO = PersonState("ada", "sibling", {"moved_on": "2026-11-20"}), PersonState("bo", "sibling")
TALKED = StepState("talk", 1, StepStatus.DONE, FRIDAY, FRIDAY + HOUR, {"talked_on": "2026-11-26"})
LOOKED = StepState(
    "look", 1, StepStatus.DONE, FRIDAY + HOUR, FRIDAY + 2 * HOUR, {"looked_on": "2026-11-25"}, "ada"
)
STATE = CaseState(FRIDAY, FRIDAY, people=(ADA, BO), steps=(TALKED, LOOKED))


@pytest.fixture
def definition(tmp_path: Path) -> Definition:
    return small(tmp_path, ("facts:\n", FACTS), ("  alarm:\n", LINE))


def found(definition: Definition, base: str, state: CaseState = STATE, person: str = "") -> datetime | None:
    world = World(definition, state, person=person)
    return counted_from(world, read_base(base), opened={"talk": FRIDAY + 5 * HOUR})


def midnight(day: int, month: int = 11) -> datetime:
    """Local midnight in winter, as UTC."""
    return datetime(2026, month, day, tzinfo=UTC) - HOUR


def test_receipt_opening_and_completion_are_instants_of_the_case(definition: Definition) -> None:
    assert found(definition, "receipt") == FRIDAY
    assert found(definition, 'opened("talk")') == FRIDAY + 5 * HOUR
    assert found(definition, 'opened("look")') == LOOKED.opened_at
    assert found(definition, 'done("talk")') == TALKED.settled_at
    assert found(definition, 'done("visit")') is None


def test_awareness_and_the_deed_are_what_somebody_wrote_else_the_receipt(definition: Definition) -> None:
    known = CaseState(FRIDAY, FRIDAY, facts={"heard": "2026-11-20", "done_on": "2026-11-01"})

    assert found(definition, "awareness", known) == midnight(20)
    assert found(definition, "deed", known) == midnight(1)
    assert found(definition, "awareness") == found(definition, "deed") == FRIDAY


def test_handover_is_known_once_somebody_has_accepted(definition: Definition) -> None:
    handed = CaseState(FRIDAY, FRIDAY, handed_over_at=FRIDAY + HOUR)

    assert found(definition, "handover") is None
    assert found(definition, "handover", handed) == FRIDAY + HOUR


def test_a_date_among_the_answers_or_facts_counts_from_its_local_midnight(definition: Definition) -> None:
    known = CaseState(FRIDAY, FRIDAY, facts={"term": "2026-12-01"})

    assert found(definition, 'answer("talked_on")') == midnight(26)
    assert found(definition, 'fact("term")', known) == midnight(1, month=12)
    assert found(definition, 'fact("term")') is None


def test_of_a_linked_person_it_is_that_persons_own_date(definition: Definition) -> None:
    assert found(definition, 'fact("moved_on")', person="ada") == midnight(20)
    assert found(definition, 'fact("moved_on")', person="bo") is None
    assert found(definition, 'answer("looked_on")', person="ada") == midnight(25)
    assert found(definition, 'answer("looked_on")', person="bo") is None
    assert found(definition, 'done("talk")', person="bo") == TALKED.settled_at


def test_a_birthday_is_the_first_day_of_that_age(definition: Definition) -> None:
    born = CaseState(FRIDAY, FRIDAY, birth_date=date(2008, 12, 4))

    assert found(definition, "birthday(18)", born) == midnight(4, month=12)
    assert found(definition, "birthday", born) == datetime(2008, 12, 3, 23, tzinfo=UTC)
    assert found(definition, "birthday(18)") is None


@pytest.mark.parametrize("age", [1, 4, 17, 18, 100])
@pytest.mark.parametrize("born", [date(2008, 2, 29), date(2007, 3, 1), date(1999, 12, 31)])
def test_a_birthday_agrees_with_how_age_is_counted(born: date, age: int) -> None:
    on = birthday(born, age)

    assert age_on(born, on) == age
    assert age_on(born, on - timedelta(days=1)) == age - 1


@pytest.mark.parametrize("written", ["receipt", "birthday", "birthday(18)", 'done("talk")', 'action("plan")'])
def test_a_base_is_written_back_as_it_was_read(written: str) -> None:
    base = read_base(written)

    assert str(base) == written
    assert read_base(base) == base
    assert isinstance(base, Base)
