"""Dates of a whole life, from long before any calendar to long after, never stand in a case's way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from handlepligt.domain.deadlines import compute_deadline
from protocols.deadline_rules import deadlines_of
from protocols.definition import Definition
from tests.protocols.small import problems_of, small
from tests.protocols.walk import FRIDAY, fresh

TALKED = "      talked: {base: receipt,"
DAYS = """\
      of_age: {base: birthday(18), within: 2 working days, basis: local}
      old: {base: birthday(100), within: 2 days, basis: local}
      wed: {base: fact("married_on"), within: 3 months, basis: local}
      done_to: {base: deed, within: 2 weeks, basis: local}
"""
FACTS = """\
facts:
  married_on: {type: date, ask: Hvornår blev de gift?}
  happened_on: {type: date, ask: Hvornår skete det?, moment: deed}
"""


@pytest.fixture
def definition(tmp_path: Path) -> Definition:
    return small(tmp_path, ("facts:\n", FACTS), (TALKED, DAYS + TALKED))


def running(definition: Definition, born: date, **facts: str) -> dict[str, date]:
    """The local day each deadline of the first step is due on."""
    calendar, state = definition.head.work_calendar, replace(fresh(**facts), birth_date=born)
    rules = deadlines_of(definition, "talk", state, opened_at=FRIDAY)
    return {
        one.key: compute_deadline(one.base, one.offset, one.basis, calendar).due_at.date() for one in rules
    }


def test_a_birthday_before_or_beyond_the_calendar_begins_no_deadline(definition: Definition) -> None:
    assert set(running(definition, date(1969, 5, 1))) == {"talked", "done_to"}
    assert set(running(definition, date(2020, 5, 1))) == {"talked", "done_to", "of_age"}


def test_a_date_among_the_facts_before_the_calendar_begins_no_deadline(definition: Definition) -> None:
    assert "wed" not in running(definition, date(1969, 5, 1), married_on="1988-06-04")
    assert running(definition, date(1969, 5, 1), married_on="2026-06-04")["wed"] == date(2026, 9, 4)


def test_a_deed_before_the_calendar_is_overdue_and_never_forgotten(definition: Definition) -> None:
    due = running(definition, date(1969, 5, 1), happened_on="1985-06-04")

    assert due["done_to"] == date(2000, 1, 15)


@pytest.mark.parametrize("written", ["21 years", "300 months", "5000 working days before", "9999 weeks"])
def test_a_length_that_no_calendar_reaches_is_refused(written: str, tmp_path: Path) -> None:
    [problem] = problems_of(tmp_path, ("within: 1 working day,", f"within: {written},"))

    assert f"'{written}' is longer than anybody can count" in problem.sentence


def test_the_longest_length_can_be_written_and_counted(tmp_path: Path) -> None:
    changed = small(tmp_path, ("within: 1 working day,", "within: 20 years,"))

    assert running(changed, date(2009, 5, 1))["talked"].year == 2046
