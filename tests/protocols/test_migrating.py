"""What a move to another version would do to a case, told beforehand and without doing it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from protocols import engine
from protocols.deadline_rules import deadlines_of
from protocols.definition import Definition
from protocols.kinds.rule import Act
from protocols.migrating import Preview, preview
from protocols.moved_deadlines import KnownDeadline
from protocols.state import CaseState, StepState, StepStatus
from tests.protocols.small import small

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEWER = ('version: "2026-1"', 'version: "2026-2"')
ANSWERS: dict[str, object] = {
    "worried": "yes",
    "why": "Hun er bange.",
    "talked_on": "2026-11-23",
    "danger": "no",
}
TALK = StepState("talk", 1, StepStatus.DONE, MONDAY, MONDAY + HOUR, ANSWERS)  # type: ignore[arg-type]
VISIT = StepState("visit", 1, StepStatus.OPEN, MONDAY + HOUR)
VISITED_BY = KnownDeadline(
    ("visit", 1, "", "visited"), "Besøgt", datetime(2027, 1, 23, 22, 59, 59, tzinfo=UTC), False
)
CALLED = '      called: {base: opened("visit"), within: 3 days, basis: local, decided: false}\n\n  finish:'
NO_VISIT = (
    ("  visit:\n    title: Tag på besøg", "  call:\n    title: Ring op"),
    ('settled("visit")', 'settled("call")'),
)


def state(*steps: StepState) -> CaseState:
    return CaseState(received_at=MONDAY, aware_at=MONDAY, steps=steps)


@pytest.fixture
def old(tmp_path: Path) -> Definition:
    return small(tmp_path)


def newer(folder: Path, *changes: tuple[str, str]) -> Definition:
    return small(folder, NEWER, *changes)


def seen(
    old: Definition, new: Definition, *steps: StepState, deadlines: tuple[KnownDeadline, ...] = ()
) -> Preview:
    return preview(old, new, state(*steps), deadlines, now=MONDAY + 2 * HOUR, fallen_reason="Findes ikke.")


def test_nothing_changes_under_a_version_that_says_the_same(old: Definition, tmp_path: Path) -> None:
    found = seen(old, newer(tmp_path), TALK, VISIT, deadlines=(VISITED_BY,))

    assert [one.key for one in found.stays_open] == ["visit"]
    assert [one.key for one in found.history] == ["talk"]
    assert found.falls_away == found.opens == found.history_only == found.unasked == ()
    assert found.changed_deadlines == ()


def test_a_step_with_a_new_title_is_the_same_step(old: Definition, tmp_path: Path) -> None:
    found = seen(old, newer(tmp_path, ("title: Tag på besøg", "title: Tag ud til familien")), TALK, VISIT)

    assert [(one.title, one.was) for one in found.stays_open] == [("Tag ud til familien", "Tag på besøg")]


def test_an_open_step_that_is_gone_falls_away_and_the_one_in_its_place_opens(
    old: Definition, tmp_path: Path
) -> None:
    found = seen(old, newer(tmp_path, *NO_VISIT), TALK, VISIT, deadlines=(VISITED_BY,))

    assert [(one.key, one.title, one.reason) for one in found.falls_away] == [
        ("visit", "Tag på besøg", "Findes ikke.")
    ]
    assert [(one.key, one.round) for one in found.opens] == [("call", 1)]
    assert [(one.identity[0], one.vanishes, one.appears) for one in found.changed_deadlines] == [
        ("visit", True, False), ("call", False, True),
    ]  # fmt: skip


def test_a_settled_step_that_is_gone_stays_as_history(old: Definition, tmp_path: Path) -> None:
    visited = replace(
        VISIT, status=StepStatus.DONE, settled_at=MONDAY + HOUR, answers={"visit_note": "Godt."}
    )

    found = seen(old, newer(tmp_path, *NO_VISIT), TALK, visited)

    assert [one.title for one in found.history_only] == ["Tag på besøg"]
    assert found.unasked == (("Tag på besøg", "Hvad så du?"),)
    assert found.falls_away == ()


def test_an_answer_that_nobody_asks_for_any_more_is_named(old: Definition, tmp_path: Path) -> None:
    gone = (
        "      why:\n        ask: Hvorfor?\n        type: long_text\n",
        "      because:\n        ask: Fordi?\n        type: long_text\n",
    )

    found = seen(old, newer(tmp_path, gone), TALK, VISIT)

    assert found.unasked == (("Tal sammen", "Hvorfor?"),)


def test_a_deadline_moves_with_its_length(old: Definition, tmp_path: Path) -> None:
    new = newer(tmp_path, ("within: 2 months", "within: 3 months"))

    found = seen(old, new, TALK, VISIT, deadlines=(VISITED_BY,))

    [line] = found.changed_deadlines
    assert (line.moves, line.before) == (True, VISITED_BY.due_at)
    assert line.after == datetime(2027, 2, 23, 22, 59, 59, tzinfo=UTC)
    assert line.rule is not None


def test_more_time_that_somebody_gave_is_not_taken_back(old: Definition, tmp_path: Path) -> None:
    new = newer(tmp_path, ("within: 2 months", "within: 1 month"))
    given = replace(VISITED_BY, due_at=VISITED_BY.due_at + timedelta(days=400))

    found = seen(old, new, TALK, VISIT, deadlines=(given,))

    assert found.changed_deadlines == ()


def test_a_deadline_that_has_passed_does_not_come_back(old: Definition, tmp_path: Path) -> None:
    new = newer(tmp_path, ("within: 2 months", "within: 3 months"))
    passed = replace(VISITED_BY, due_at=MONDAY + HOUR)

    found = seen(old, new, TALK, VISIT, deadlines=(passed,))

    assert found.changed_deadlines == ()


def test_a_deadline_that_no_longer_applies_vanishes(old: Definition, tmp_path: Path) -> None:
    new = newer(
        tmp_path,
        ("visited: {base: done", 'visited: {applies_when: answer.danger == "yes", base: done'),
        ("\n  finish:", CALLED),
    )

    found = seen(old, new, TALK, VISIT, deadlines=(VISITED_BY,))

    assert [(one.identity[3], one.vanishes) for one in found.changed_deadlines] == [
        ("visited", True), ("called", False),
    ]  # fmt: skip


def test_a_new_deadline_of_an_open_step_appears(old: Definition, tmp_path: Path) -> None:
    found = seen(old, newer(tmp_path, ("\n  finish:", CALLED)), TALK, VISIT, deadlines=(VISITED_BY,))

    [line] = found.changed_deadlines
    assert (line.appears, line.identity) == (True, ("visit", 1, "", "called"))


def test_a_deadline_that_is_met_by_what_is_done_already_is_told_so(old: Definition, tmp_path: Path) -> None:
    new = newer(
        tmp_path, ("within: 2 months, basis: law", 'within: 2 months, met_by: done("talk"), basis: law')
    )

    found = seen(old, new, TALK, VISIT, deadlines=(VISITED_BY,))

    assert [one.is_met for one in found.changed_deadlines] == [True]


def test_a_settled_deadline_is_nobodys_business(old: Definition, tmp_path: Path) -> None:
    new = newer(tmp_path, ("within: 2 months", "within: 3 months"))
    settled = replace(VISITED_BY, is_settled=True)

    assert seen(old, new, TALK, VISIT, deadlines=(settled,)).deadlines == ()


def test_the_state_is_left_as_it_was(old: Definition, tmp_path: Path) -> None:
    before = state(TALK, VISIT)
    copy = replace(before)

    preview(old, newer(tmp_path, *NO_VISIT), before, (VISITED_BY,), now=MONDAY + HOUR)

    assert before == copy


def test_the_same_preview_has_the_same_fingerprint_at_another_time(old: Definition, tmp_path: Path) -> None:
    new, case = newer(tmp_path, *NO_VISIT), state(TALK, VISIT)

    first, later = (preview(old, new, case, (VISITED_BY,), now=MONDAY + hours * HOUR) for hours in (2, 5))
    settled = replace(VISIT, status=StepStatus.DONE, settled_at=MONDAY + HOUR)
    another = preview(old, new, state(TALK, settled), (), now=MONDAY + 5 * HOUR)

    assert first.fingerprint == later.fingerprint
    assert another.fingerprint != first.fingerprint


def test_the_fixture_is_what_the_rules_say(old: Definition) -> None:
    [rule] = deadlines_of(old, "visit", state(TALK, VISIT))

    assert (rule.key, rule.base) == ("visited", TALK.settled_at)


def test_the_kernel_tolerates_rounds_of_steps_it_does_not_know(old: Definition, tmp_path: Path) -> None:
    """History stays when a case moves on: no question to the rules may stumble over it."""
    new = newer(tmp_path, *NO_VISIT)
    visited = replace(
        VISIT, status=StepStatus.DONE, settled_at=MONDAY + 2 * HOUR, answers={"visit_note": "Ro."}
    )
    case = state(TALK, visited, StepState("call", 1, StepStatus.OPEN, MONDAY + 2 * HOUR))

    assert engine.openings(new, case) == ()
    assert engine.lapses(new, case) == ()
    assert engine.phase(new, case) == "in_progress"
    assert engine.ends(new, case) == ()
    assert engine.paused(new, case) == frozenset()
    assert engine.refusals(new, case, Act.COMPLETE, step_key="call", given={}) == ()
    assert [one.key for one in engine.questions_for(new, "call", case, {})] == ["visit_note"]
    assert engine.computed_facts(new, case)["child"] == "yes"
    assert engine.receivers(new, case) == ("boss",)
    assert engine.case_deadlines(new, case) == ()
    assert [one.key for one in engine.deadlines_of(new, "call", case)] == ["visited"]
    assert [one.key for one in engine.left_undone(new, case, new.ends["over"])] == []
