"""What is due and not yet claimed is done once, however late and by however many processes."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import select

from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.acknowledge_escalation import acknowledge_escalation
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.log_call import log_call
from handlepligt.cases.offer_handover import offer_handover
from handlepligt.followups.due import next_fire_at
from handlepligt.followups.sweep import SweepResult, sweep
from models import DueRow, HandoverOffer, Staff
from models.session import reading, writing
from tests.followups.told import (
    case_of,
    deadline,
    due_rows_of,
    events,
    forget_messages,
    only,
    raised,
    told,
)
from tests.house import House
from tests.make import DAY, HOUR, MINUTE, MONDAY, make_case, make_due_row, make_staff

NOTE = {"situation": "S", "risk": "R", "next_action": "N", "avoid": "A"}


def staff(session: object, person: Staff) -> Staff:
    found: Staff = session.get_one(Staff, person.id)  # type: ignore[attr-defined]
    return found


def second_adviser(engine: Engine, house: House) -> Staff:
    with writing(engine) as session:
        return make_staff(session, name="Nora Vang", team=house.nord, pool="under_18")


def hand_over(engine: Engine, case_id: str, *, from_: Staff, to: Staff, at: object) -> None:
    with writing(engine) as session:
        offer = offer_handover(
            session, case_id=case_id, by=staff(session, from_), now=at, note=NOTE, to_id=to.id  # type: ignore[arg-type]
        )  # fmt: skip
        accept_handover(session, offer_id=offer.id, by=staff(session, to), now=at)  # type: ignore[arg-type]


def test_nothing_is_done_when_nothing_is_due(engine: Engine, house: House) -> None:
    raised(engine, house.mia, MONDAY)

    assert sweep(engine, MONDAY + HOUR) == SweepResult(done=0, failed=0)


def test_every_rung_goes_to_the_people_of_its_own_instant(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    only(engine, case_id, "danger_24h")
    nora = second_adviser(engine, house)
    forget_messages(engine)

    sweep(engine, MONDAY + 2 * HOUR)

    assert told(engine) == [("reminder", "mia")]
    hand_over(engine, case_id, from_=house.mia, to=nora, at=MONDAY + 3 * HOUR)
    forget_messages(engine)
    sweep(engine, MONDAY + 16 * HOUR)
    assert told(engine) == [("reminder", "lars"), ("reminder", "nora")]
    forget_messages(engine)
    sweep(engine, MONDAY + 22 * HOUR)
    assert told(engine) == [("reminder", "karin"), ("reminder", "lars"), ("reminder", "nora")]
    forget_messages(engine)
    sweep(engine, MONDAY + DAY)
    assert told(engine) == [
        ("escalation", "hanne"),
        ("escalation", "karin"),
        ("escalation", "lars"),
        ("overdue", "nora"),
    ]


def test_a_rung_tells_of_the_deadline_and_not_of_the_reminder(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    only(engine, case_id, "danger_24h")
    forget_messages(engine)

    sweep(engine, MONDAY + 2 * HOUR + timedelta(seconds=3))

    with reading(engine) as session:
        from models import Notification

        variables = json.loads(session.exec(select(Notification.variables)).one())
    assert variables["at"] == (MONDAY + DAY).isoformat()
    assert variables["step"]
    assert variables["reference"] == case_of(engine, case_id).reference


def test_a_second_sweep_finds_nothing_more_to_do(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    sweep(engine, MONDAY + DAY)
    first = told(engine)

    again = sweep(engine, MONDAY + DAY)

    assert again == SweepResult(done=0, failed=0)
    assert told(engine) == first
    assert len(events(engine, case_id, "deadline_breached")) == 1


def test_two_processes_at_once_tell_everybody_once(engine: Engine, house: House) -> None:
    cases = [raised(engine, house.mia, MONDAY) for _ in range(8)]
    for case_id in cases:
        only(engine, case_id, "danger_24h")
    forget_messages(engine)

    with ThreadPoolExecutor(4) as processes:
        results = list(processes.map(lambda _: sweep(engine, MONDAY + 2 * HOUR), range(4)))

    assert told(engine) == [("reminder", "mia")] * 8
    assert sum(result.failed for result in results) == 0
    assert all(len(events(engine, case_id, "reminder_queued")) == 1 for case_id in cases)


def test_a_breach_keeps_the_instant_it_truly_happened(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    wake = case_of(engine, case_id).wake

    sweep(engine, MONDAY + 3 * DAY)

    passed = deadline(engine, case_id, "danger_24h")
    assert passed.status == "breached"
    assert passed.breached_at == MONDAY + DAY
    assert [event.at for event in events(engine, case_id, "deadline_breached")] == [
        MONDAY + DAY,
        deadline(engine, case_id, "discussed").due_at,
    ]
    assert case_of(engine, case_id).wake > wake


def test_that_time_passes_is_no_activity(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)

    sweep(engine, MONDAY + 3 * DAY)

    assert case_of(engine, case_id).touched_at == MONDAY


def test_a_rung_is_silent_once_the_work_has_begun(engine: Engine, house: House) -> None:
    called, silent = raised(engine, house.mia, MONDAY), raised(engine, house.mia, MONDAY)
    for case_id in (called, silent):
        only(engine, case_id, "danger_24h")
    with writing(engine) as session:
        log_call(
            session, case_id=called, by=staff(session, house.mia), now=MONDAY + HOUR,
            contact_key="ethnic_youth", outcome="no_answer",
        )  # fmt: skip
    forget_messages(engine)

    sweep(engine, MONDAY + 2 * HOUR)

    assert told(engine) == [("reminder", "mia")]
    assert events(engine, called, "reminder_queued") == []
    assert len(events(engine, silent, "reminder_queued")) == 1


def test_a_met_deadline_says_nothing_more(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    only(engine, case_id, "discussed")
    with writing(engine) as session:
        complete_step(
            session, case_id=case_id, step_key="discuss", by=staff(session, house.mia), now=MONDAY + HOUR,
            answers={"discussed_with": {"role": "leader", "staff": house.lars.id}, "sparring_needed": "no"},
        )  # fmt: skip

    assert [row for row in due_rows_of(engine, case_id) if row.fire_at < MONDAY + DAY] == []
    assert sweep(engine, MONDAY + DAY).failed == 0
    assert deadline(engine, case_id, "discussed").status == "met"


def test_it_comes_back_until_a_leader_has_acknowledged(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    breach = only(engine, case_id, "danger_24h")
    for at in (2 * HOUR, 16 * HOUR, 22 * HOUR, DAY):
        sweep(engine, MONDAY + at)
    forget_messages(engine)

    for hours in (1, 2):
        sweep(engine, MONDAY + DAY + hours * HOUR)

    assert told(engine).count(("overdue_again", "lars")) == 2
    assert told(engine).count(("overdue_again", "hanne")) == 2
    with writing(engine) as session:
        acknowledge_escalation(
            session, deadline_id=breach.id, by=staff(session, house.lars), now=MONDAY + DAY + 2 * HOUR
        )
    forget_messages(engine)
    sweep(engine, MONDAY + DAY + 5 * HOUR)
    assert told(engine) == []


def test_an_unanswered_offer_expires_and_is_renewed(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    nora = second_adviser(engine, house)
    with writing(engine) as session:
        offer_handover(
            session, case_id=case_id, by=staff(session, house.mia), now=MONDAY, note=NOTE, to_id=nora.id
        )
    forget_messages(engine)

    sweep(engine, MONDAY + 31 * MINUTE)

    assert told(engine) == [
        ("handover_expired", "lars"),
        ("handover_expired", "mia"),
        ("handover_renewed", "nora"),
    ]
    with reading(engine) as session:
        offers = session.exec(select(HandoverOffer)).all()
        assert sorted((offer.status, offer.renewals) for offer in offers) == [("expired", 0), ("offered", 1)]
    assert case_of(engine, case_id).keeper_id == house.mia.id


def test_two_processes_expire_an_offer_once(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    nora = second_adviser(engine, house)
    with writing(engine) as session:
        offer_handover(
            session, case_id=case_id, by=staff(session, house.mia), now=MONDAY, note=NOTE, to_id=nora.id
        )

    with ThreadPoolExecutor(3) as processes:
        list(processes.map(lambda _: sweep(engine, MONDAY + 31 * MINUTE), range(3)))

    with reading(engine) as session:
        assert len(session.exec(select(HandoverOffer)).all()) == 2


def test_a_followup_reaches_the_holder_and_then_those_above(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)
    with writing(engine) as session:
        for row in session.exec(select(DueRow).where(DueRow.kind != "followup")):
            session.delete(row)
    first, second = (row.fire_at for row in due_rows_of(engine, case_id))
    forget_messages(engine)

    sweep(engine, first)
    due = told(engine)
    forget_messages(engine)
    sweep(engine, second)

    assert due == [("followup_due", "mia")]
    assert ("followup_overdue", "mia") in told(engine)
    assert ("followup_overdue", "lars") in told(engine)


def test_a_closed_case_is_left_alone(engine: Engine, house: House) -> None:
    with writing(engine) as session:
        case = make_case(session, holder=house.mia, status="closed", closed_at=MONDAY + HOUR)
        make_due_row(session, case=case, fire_at=MONDAY + 2 * HOUR, kind="followup", message="followup_due")

    assert sweep(engine, MONDAY + 2 * HOUR).failed == 0
    assert told(engine) == []
    assert next_fire_at(engine) is None


def test_a_stopped_sweep_leaves_the_rest_for_the_next(engine: Engine, house: House) -> None:
    case_id = raised(engine, house.mia, MONDAY)

    assert sweep(engine, MONDAY + DAY, is_stopped=lambda: True).done == 0
    assert deadline(engine, case_id, "danger_24h").status == "running"
    assert sweep(engine, MONDAY + DAY).done > 0
