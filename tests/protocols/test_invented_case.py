"""An invented case obeys the definition's rules, and its clock moves deadlines as the real one does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handlepligt.errors import RefusedByRuleError
from protocols.invented_case import InventedCase
from protocols.kinds.step import Repeats
from protocols.loader import examine
from protocols.problems import AnswersError
from protocols.state import StepState
from tests.protocols.small import small, write

MONDAY = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
PLAIN = {"talked_with": {"role": "boss", "staff": 1}, "talked_on": "2027-01-04", "danger": "no"}
WORRIED = {**PLAIN, "worried": "yes", "why": "Derfor."}
CALM = {**PLAIN, "worried": "no"}


@pytest.fixture
def case(tmp_path: Path) -> InventedCase:
    return InventedCase(small(tmp_path), received_at=MONDAY)


def opened(case: InventedCase, key: str) -> StepState:
    return next(one for one in case.open_rounds if one.key == key)


def keys(case: InventedCase) -> list[str]:
    return [one.key for one in case.open_rounds]


def test_completing_a_step_opens_what_follows(case: InventedCase) -> None:
    case.complete(opened(case, "talk"), WORRIED)

    assert keys(case) == ["visit"]
    assert case.way == ["talk(worried=yes, why=Derfor., talked_on=2027-01-04, danger=no)"]


def test_answers_that_cannot_be_are_refused_and_change_nothing(case: InventedCase) -> None:
    with pytest.raises(AnswersError):
        case.complete(opened(case, "talk"), {**CALM, "worried": "maybe"})
    with pytest.raises(AnswersError):
        case.complete(opened(case, "talk"), {**CALM, "talked_on": "2027-01-05"})

    assert keys(case) == ["talk"]


def test_a_step_that_must_be_done_is_not_skipped(case: InventedCase) -> None:
    with pytest.raises(RefusedByRuleError):
        case.skip(opened(case, "talk"))

    case.complete(opened(case, "talk"), WORRIED)
    case.skip(opened(case, "visit"))

    assert keys(case) == ["finish"]


def test_a_deadline_passes_just_after_it_is_due(case: InventedCase) -> None:
    [deadline] = case.ledger.running()

    assert case.advance(deadline.due_at) == [deadline]
    assert deadline.passed
    assert case.now == deadline.due_at + timedelta(microseconds=1)


def test_a_deadline_kept_in_time_has_not_passed(case: InventedCase) -> None:
    [deadline] = case.ledger.running()
    case.advance(deadline.due_at - timedelta(seconds=1))

    case.complete(opened(case, "talk"), CALM)

    assert (deadline.settled_at, deadline.passed) == (case.now, False)


def test_acute_opens_the_interrupting_step_once_and_ends_by_its_answer(case: InventedCase) -> None:
    case.press_acute()
    case.press_acute()

    assert keys(case) == ["talk", "alarm"]
    case.complete(opened(case, "alarm"), {"calm": "yes"})
    assert keys(case) == ["talk"]
    assert not case.state.acute_on


def test_a_case_closes_with_an_end_that_is_allowed_and_with_no_other(case: InventedCase) -> None:
    assert case.closing() == {}

    case.complete(opened(case, "talk"), CALM)
    [end] = case.closing().values()
    case.close(end, {})

    assert case.ended == "over"
    assert case.state.closed


def test_somebody_grows_older_while_time_passes(tmp_path: Path) -> None:
    born = (MONDAY - 17 * 365.25 * DAY).date()
    case = InventedCase(small(tmp_path), received_at=MONDAY, birth_date=born)
    before = case.state.age

    case.advance(MONDAY + 400 * DAY)

    assert (before, case.state.age) == (17, 18)


def test_the_duty_goes_to_whom_the_definition_names(case: InventedCase) -> None:
    assert case.takers() == ("boss",)

    case.take_over("boss")

    assert case.state.handed_over_at == MONDAY


def test_a_step_that_is_needed_beyond_its_bound_opens_each_time(tmp_path: Path) -> None:
    case = InventedCase(small(tmp_path), received_at=MONDAY)

    for _ in range(12):
        case.press_acute()
        case.complete(opened(case, "alarm"), {"calm": "yes"})

    assert case.definition.steps["alarm"].repeats == Repeats(at_most=9)
    assert [one.round for one in case.state.rounds("alarm")] == list(range(1, 13))


def test_rules_that_open_and_drop_without_end_come_to_rest_one_round_beyond(tmp_path: Path) -> None:
    restless = ('lapses_when: is_open("alarm")', 'lapses_when: done("talk")')
    definition, _ = examine(write(tmp_path, restless), thorough=False)
    assert definition is not None
    case = InventedCase(definition, received_at=MONDAY)

    case.complete(opened(case, "talk"), CALM)
    at_rest = len(case.state.rounds("finish"))
    case.press_acute()

    assert case.definition.steps["finish"].repeats == Repeats(at_most=9)
    assert (at_rest, len(case.state.rounds("finish"))) == (10, 11)


def test_a_deadline_is_extended_as_often_and_as_far_as_is_lawful(tmp_path: Path) -> None:
    plain = "{base: receipt, within: 1 working day, basis: local, decided: false, ladder: local}"
    extension = "extension: {by: boss, why: Ikke truffet, within: 2 days, at_most: 5, cap: 4 days}"
    changed = small(tmp_path, (plain, f"{plain[:-1]}, {extension}}}"))
    case = InventedCase(changed, received_at=MONDAY)
    [talked] = case.ledger.running()
    due = [talked.due_at]

    while case.ledger.extend(talked):
        due.append(talked.due_at)

    assert (talked.extensions, len(due)) == (2, 3)
    assert due == sorted(set(due))
    assert due[-1] - MONDAY < 5 * DAY
    assert case.advance(due[1]) == []
    [passed] = case.advance(due[-1] + DAY)
    assert not case.ledger.extend(passed)
