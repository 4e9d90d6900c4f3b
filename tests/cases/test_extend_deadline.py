"""A deadline becomes longer where the protocol declares it, as far as it declares it, and no further."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlmodel import select

from handlepligt.cases.extend_deadline import (
    DeadlineNotRunningError,
    DeadlinePassedError,
    extend_deadline,
)
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import InvalidInputError, NotAllowedError, NotFoundError, RefusedByRuleError
from models import Case, Deadline, DueRow
from tests.cases.acting import Stage
from tests.make import DAY, MONDAY, WEEK

NEW_YORK = ZoneInfo("America/New_York")


def finished(stage: Stage, case: Case) -> Deadline:
    return stage.deadlines(case)["finished", 1]


def extend(stage: Stage, case: Case, **given: object) -> Deadline:
    given = {"deadline_id": finished(stage, case).id, "reason": "Familien er rejst.", **given}
    deadline: Deadline = stage.do(extend_deadline, by=stage.house.lars, case_id=case.id, **given)
    return deadline


def local(at: datetime) -> str:
    return at.astimezone(NEW_YORK).strftime("%d-%m-%Y %H:%M:%S")


def rows_of(stage: Stage, deadline: Deadline) -> list[tuple[str, datetime]]:
    found = stage.rows(
        select(DueRow).where(DueRow.deadline_id == deadline.id).order_by(DueRow.fire_at, DueRow.rung)
    )
    return [(row.kind, row.fire_at) for row in found]


def test_the_deadline_moves_with_its_reminders_and_says_by_which_rule(
    stage: Stage, clockwork_case: Case
) -> None:
    before = finished(stage, clockwork_case)

    extend(stage, clockwork_case)

    after = finished(stage, clockwork_case)
    assert local(after.due_at).endswith(" 23:59:59")
    assert after.due_at - before.due_at == 14 * DAY
    assert after.base_at == before.base_at
    assert after.explanation == (
        f"{before.explanation}; forlænget 1. gang fra {_explained(before)} efter Loven § 4 (før Loven § 3);"
        f" = {_explained(after)}"
    )
    assert [kind for kind, _ in rows_of(stage, after)] == ["rung", "breach", "rung"]
    assert ("breach", after.due_at) in rows_of(stage, after)
    assert stage.step(clockwork_case, "inquire").due_at == after.due_at


def test_the_reason_is_kept_sealed_in_the_chronology(stage: Stage, clockwork_case: Case) -> None:
    extend(stage, clockwork_case)

    [event] = [one for one in stage.events(clockwork_case) if one.kind == EventKind.DEADLINE_EXTENDED]
    assert event.detail == "Familien er rejst."
    assert event.by_id == stage.house.lars.id
    assert "rejst" not in event.about
    assert b"rejst" not in (event.detail_sealed or b"")
    assert '"number": 1' in event.about


def test_it_can_be_extended_as_often_as_the_protocol_says(stage: Stage, clockwork_case: Case) -> None:
    extend(stage, clockwork_case)
    extend(stage, clockwork_case)
    given = {
        "case_id": clockwork_case.id,
        "deadline_id": finished(stage, clockwork_case).id,
        "reason": "Igen.",
    }

    error = stage.refused(RefusedByRuleError, extend_deadline, by=stage.house.lars, **given)

    assert error.user_message == "Fristen kan forlænges 2 gange, og det er den blevet."
    assert error.reference == "Loven § 4 (før Loven § 3)"


def test_the_cap_cuts_the_last_extension_short(stage: Stage, clockwork_case: Case) -> None:
    first = extend(stage, clockwork_case)
    second = extend(stage, clockwork_case)

    # 21 weeks from the day of receipt, and not four months and 28 days.
    assert second.due_at - first.due_at < 14 * DAY
    received = stage.case(clockwork_case).received_at.astimezone(NEW_YORK).date()
    assert second.due_at.astimezone(NEW_YORK).date() == received + timedelta(weeks=21)
    assert second.explanation.endswith("(længere kan fristen ikke blive)")


def test_an_earlier_end_can_be_chosen_and_no_later_one(stage: Stage, clockwork_case: Case) -> None:
    before = finished(stage, clockwork_case)
    day = before.due_at.astimezone(NEW_YORK).date()
    given = {"case_id": clockwork_case.id, "deadline_id": before.id, "reason": "Rejse."}

    too_far = stage.refused(
        RefusedByRuleError, extend_deadline, by=stage.house.lars, until=day + timedelta(days=15), **given
    )
    stage.refused(InvalidInputError, extend_deadline, by=stage.house.lars, until=day, **given)
    extend(stage, clockwork_case, until=day + timedelta(days=3))

    assert finished(stage, clockwork_case).due_at - before.due_at == 3 * DAY
    assert too_far.user_message.startswith("Fristen kan denne gang højst forlænges til ")


def test_an_instant_without_zone_is_no_end(stage: Stage, clockwork_case: Case) -> None:
    given = {"case_id": clockwork_case.id, "deadline_id": finished(stage, clockwork_case).id, "reason": "Ja."}
    until = (finished(stage, clockwork_case).due_at + DAY).replace(tzinfo=None)

    error = stage.refused(InvalidInputError, extend_deadline, by=stage.house.lars, until=until, **given)

    assert set(error.problems) == {"until"}


def test_only_the_role_that_the_protocol_names_decides_it(stage: Stage, clockwork_case: Case) -> None:
    given = {"case_id": clockwork_case.id, "deadline_id": finished(stage, clockwork_case).id, "reason": "Ja."}

    error = stage.refused(NotAllowedError, extend_deadline, by=stage.house.mia, **given)
    stage.refused(NotFoundError, extend_deadline, by=stage.house.kim, **given)

    assert error.user_message == "Fristen kan kun forlænges af: Nærmeste leder."


def test_a_deadline_that_nothing_is_declared_of_stays_as_it_is(stage: Stage, clockwork_case: Case) -> None:
    other = stage.deadlines(clockwork_case)["by_law", 1]

    error = stage.refused(
        RefusedByRuleError, extend_deadline, by=stage.house.lars, case_id=clockwork_case.id,
        deadline_id=other.id, reason="Ja.",
    )  # fmt: skip

    assert error.rule == "plan.by_law.extension"


@pytest.mark.parametrize("reason", ["", "   ", "a\x00b"])
def test_a_reason_must_be_given(stage: Stage, clockwork_case: Case, reason: str) -> None:
    given = {"case_id": clockwork_case.id, "deadline_id": finished(stage, clockwork_case).id}

    error = stage.refused(InvalidInputError, extend_deadline, by=stage.house.lars, reason=reason, **given)

    assert set(error.problems) == {"reason"}


def test_a_breach_is_not_extended_away_whether_noticed_or_not(stage: Stage, clockwork_case: Case) -> None:
    deadline = finished(stage, clockwork_case)
    stage.now = deadline.due_at

    stage.refused(
        DeadlinePassedError, extend_deadline, by=stage.house.lars, case_id=clockwork_case.id,
        deadline_id=deadline.id, reason="For sent.",
    )  # fmt: skip


def test_a_deadline_that_was_met_is_not_extended(stage: Stage, clockwork_case: Case) -> None:
    deadline = finished(stage, clockwork_case)
    stage.complete(clockwork_case, "inquire", by=stage.house.mia)

    stage.refused(
        DeadlineNotRunningError, extend_deadline, by=stage.house.lars, case_id=clockwork_case.id,
        deadline_id=deadline.id, reason="Færdig.",
    )  # fmt: skip


def test_a_deadline_of_another_case_does_not_exist_here(stage: Stage, clockwork_case: Case) -> None:
    other = stage.raised(track="clockwork")

    stage.refused(
        NotFoundError, extend_deadline, by=stage.house.lars, case_id=clockwork_case.id,
        deadline_id=finished(stage, other).id, reason="Ja.",
    )  # fmt: skip


def test_an_extended_deadline_is_not_counted_anew(stage: Stage, clockwork_case: Case) -> None:
    extended = extend(stage, clockwork_case)
    stage.later(WEEK)

    stage.complete(clockwork_case, "hear", by=stage.house.mia)

    assert finished(stage, clockwork_case).due_at == extended.due_at
    assert stage.now == MONDAY + WEEK


def _explained(deadline: Deadline) -> str:
    short = ("man", "tir", "ons", "tor", "fre", "lør", "søn")
    on: date = deadline.due_at.astimezone(NEW_YORK).date()
    return f"{short[on.weekday()]} {on:%d-%m-%Y} 23.59"


def test_the_due_instant_stays_utc(stage: Stage, clockwork_case: Case) -> None:
    assert extend(stage, clockwork_case).due_at.tzinfo is UTC
