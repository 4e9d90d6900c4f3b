"""Deadlines and reminders of a case in another zone and calendar, and dates that are agreed anew."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import select

from handlepligt.cases.correct_fact import correct_fact
from handlepligt.domain.vocabulary import EventKind
from models import Case, Deadline, DueRow
from tests.cases.acting import Stage
from tests.make import DAY

NEW_YORK = ZoneInfo("America/New_York")


def local(at: datetime) -> str:
    return at.astimezone(NEW_YORK).strftime("%a %d-%m-%Y %H:%M")


def rungs(stage: Stage, deadline: Deadline) -> list[str]:
    rows = select(DueRow).where(DueRow.deadline_id == deadline.id, DueRow.kind == "rung")
    return [local(row.fire_at) for row in stage.rows(rows.order_by(DueRow.rung))]


def test_days_end_and_offices_open_where_the_case_is(stage: Stage, clockwork_case: Case) -> None:
    finished = stage.deadlines(clockwork_case)["finished", 1]

    assert finished.calendar_version.startswith("US-")
    assert local(finished.due_at).endswith("23:59")
    assert all(one.endswith("09:00") for one in rungs(stage, finished))
    assert len(rungs(stage, finished)) == 2


def test_the_first_followup_wakes_when_that_office_opens(stage: Stage, clockwork_case: Case) -> None:
    rows = select(DueRow.fire_at).where(DueRow.case_id == clockwork_case.id, DueRow.kind == "followup")

    assert {local(at)[-5:] for at in stage.rows(rows)} == {"09:00"}


def test_a_corrected_fact_moves_what_is_counted_from_it(stage: Stage, clockwork_case: Case) -> None:
    before = stage.deadlines(clockwork_case)["finished", 1]
    stage.later(DAY)

    stage.do(
        correct_fact, by=stage.house.mia, case_id=clockwork_case.id, fact="heard_on", value="2026-11-02",
        reason="Skolen ringede før.",
    )  # fmt: skip

    after = stage.deadlines(clockwork_case)["finished", 1]
    assert local(after.due_at) == "Tue 02-03-2027 23:59"
    assert after.due_at < before.due_at
    assert after.explanation.startswith("kendt man 02-11-2026 00.00; 4 måneder; ")
    assert stage.kinds(clockwork_case).count(EventKind.DEADLINE_MOVED) == 1
    assert stage.step(clockwork_case, "inquire").due_at == after.due_at


def test_a_meeting_that_is_agreed_anew_moves_what_is_counted_back_from_it(
    stage: Stage, clockwork_case: Case
) -> None:
    stage.complete(clockwork_case, "plan", by=stage.house.mia, meeting_on="2027-03-01")
    first = stage.deadlines(clockwork_case)["before", 1].due_at

    stage.complete(clockwork_case, "plan", by=stage.house.mia, meeting_on="2027-03-15")

    # Lincoln's and Washington's days are passed over on the way back.
    assert local(first) == "Thu 11-02-2027 23:59"
    assert local(stage.deadlines(clockwork_case)["before", 1].due_at) == "Mon 01-03-2027 23:59"
