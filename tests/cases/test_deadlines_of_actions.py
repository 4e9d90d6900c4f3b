"""Each agreed action has a deadline of its own, met by its tick and reminded of until then."""

from sqlmodel import select

from handlepligt.cases.tick_item import tick_item
from models import Case, Deadline, DueRow
from tests.cases.acting import Stage

AGREED = [
    {"what": "Ring til skolen", "who": "keeper", "by": "2026-12-01"},
    {"what": "Find et sted at bo", "who": "boss", "by": "2026-12-15"},
]


def agree(stage: Stage, case: Case) -> None:
    stage.complete(case, "agree", by=stage.house.mia, agreed=AGREED)


def tick(stage: Stage, case: Case, item: str) -> None:
    stage.do(tick_item, by=stage.house.mia, case_id=case.id, step_key="keep", item=item, done=True)


def kept(stage: Stage, case: Case) -> dict[str, Deadline]:
    return {key: row for (key, _), row in stage.deadlines(case).items() if key.startswith("kept:")}


def test_agreeing_starts_one_deadline_for_each_action(stage: Stage, clockwork_case: Case) -> None:
    agree(stage, clockwork_case)

    found = kept(stage, clockwork_case)
    assert {key: row.title for key, row in found.items()} == {"kept:1": "Aftale 1", "kept:2": "Aftale 2"}
    assert found["kept:1"].explanation == "aftalt til tir 01-12-2026 00.00; samme dag; = tir 01-12-2026 23.59"
    assert stage.step(clockwork_case, "keep").due_at == found["kept:1"].due_at


def test_a_tick_meets_its_own_deadline_and_ends_its_reminders(stage: Stage, clockwork_case: Case) -> None:
    agree(stage, clockwork_case)

    tick(stage, clockwork_case, "1")

    found = kept(stage, clockwork_case)
    assert (found["kept:1"].status, found["kept:2"].status) == ("met", "running")
    assert stage.step(clockwork_case, "keep").due_at == found["kept:2"].due_at
    waiting = stage.rows(select(DueRow.deadline_id).where(DueRow.case_id == clockwork_case.id))
    assert found["kept:1"].id not in waiting
    assert found["kept:2"].id in waiting
