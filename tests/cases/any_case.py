"""What is true of every case after every act, whoever did what and when: the promises, read from the rows."""

import json
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from handlepligt.cases.case_state import definition_of, people_of, state_of, steps_of
from handlepligt.domain.duty import DutyPeriod, current_holder, gaps, holder_at
from handlepligt.domain.vocabulary import CaseStatus, DeadlineStatus, EventKind, OfferStatus, StepStatus
from models import Case, CaseEvent, CaseStep, Deadline, DueRow, DutyHolding, HandoverOffer
from protocols.engine import lapses, openings, paused, phase
from protocols.rounds import is_beyond

DENMARK = ZoneInfo("Europe/Copenhagen")
UNSETTLED = (StepStatus.OPEN, StepStatus.WAITING)


def check_case(session: Session, case: Case, now: datetime) -> None:
    """Fails when a promise about this case is broken."""
    check_duty(session, case)
    check_steps(session, case, now)
    check_dates(session, case)
    check_status(session, case, now)


def check_duty(session: Session, case: Case) -> None:
    rows = list(session.exec(select(DutyHolding).where(DutyHolding.case_id == case.id)))
    periods = [
        DutyPeriod(
            holder=str(row.holder_id) if row.holder_id else f"authority {json.loads(row.authority)['name']}",
            since=row.since,
            until=row.until,
            opening=row.opening,
        )
        for row in rows
    ]

    assert gaps(periods) == []
    assert {period.opening for period in periods} == set(range(1, case.openings + 1))
    for period in periods:
        assert holder_at(periods, period.since) == period.holder
        if period.until is not None:
            after = holder_at(periods, period.until)
            assert after is None or after in {one.holder for one in periods if one.since == period.until}
    assert min(period.since for period in periods) == case.raised_at
    running = [period for period in periods if period.until is None]
    if case.closed_at is not None:
        assert running == []
        assert max(period.until for period in periods if period.until) == case.closed_at
        assert holder_at(periods, case.closed_at) is None
    else:
        holder = current_holder(periods)
        assert running[0].opening == case.openings
        assert holder == str(case.keeper_id) or holder.startswith("authority ")


def check_steps(session: Session, case: Case, now: datetime) -> None:
    definition, state = definition_of(case), state_of(session, case, now)
    steps = steps_of(session, case)

    # Of a step that came and went in one breath beyond its bound, the next act opens one more.
    went = {(step.key, step.person) for step in steps if step.settled_at == step.opened_at}
    assert openings(definition, state, without=went) == ()
    if case.closed_at is None:
        assert lapses(definition, state) == ()
        assert case.next_followup_on is not None
    else:
        assert all(step.settled_at is not None for step in steps)
    rounds: dict[tuple[str, str], list[CaseStep]] = {}
    for step in steps:
        rounds.setdefault((step.key, step.person), []).append(step)
    linked = {one.id for one in people_of(session, case)}
    told = rounds_said_to_be_beyond(session, case)
    for (key, person), found in rounds.items():
        assert bool(person) == bool(definition.step(key).per_person), key
        assert not person or person in linked or found[-1].settled_at is not None, key
        assert [step.round for step in found] == list(range(1, len(found) + 1)), key
        assert all(step.settled_at is not None for step in found[:-1]), key
        assert all(step.settled_at is None or step.settled_at >= step.opened_at for step in found), key
        written = definition.step(key)
        # Nothing stops a step that comes back, but whoever holds the case was told of each round beyond.
        beyond = [step.round for step in found if is_beyond(written, step.round)]
        assert beyond == told.get((key, person), []), key
        assert len(found) <= case.openings or written.repeats or written.taken_up_when, key
    resting = paused(definition, state)
    for step in steps:
        if step.settled_at is None:
            waits = step.key in resting or definition.step(step.key).waits_for
            assert step.status == (StepStatus.WAITING if waits else StepStatus.OPEN), step.key
    interrupted = [s for s in steps if s.status in UNSETTLED and definition.step(s.key).interrupts]
    assert case.is_acute or not interrupted
    # Whatever is acute has a step that can end it.
    open_keys = {step.key for step in steps if step.status in UNSETTLED}
    assert not case.is_acute or open_keys & {"acute", "safety_acceptance", "safety_assessment"}


def rounds_said_to_be_beyond(session: Session, case: Case) -> dict[tuple[str, str], list[int]]:
    """By step and person, the rounds that the chronology says nobody reckoned with."""
    events = select(CaseEvent.about).where(
        CaseEvent.case_id == case.id, CaseEvent.kind == EventKind.STEP_OPENED_BEYOND
    )
    said: dict[tuple[str, str], list[int]] = {}
    for about in map(json.loads, session.exec(events.order_by(col(CaseEvent.number)))):
        said.setdefault((about["step"], about.get("person", "")), []).append(about["round"])
    return said


def check_dates(session: Session, case: Case) -> None:
    deadlines = list(session.exec(select(Deadline).where(Deadline.case_id == case.id)))
    due = list(session.exec(select(DueRow).where(DueRow.case_id == case.id)))
    offers = list(session.exec(select(HandoverOffer).where(HandoverOffer.case_id == case.id)))
    running = {one.id: one for one in deadlines if one.settled_at is None}
    waiting = {one.id: one for one in offers if one.status == OfferStatus.OFFERED}
    if case.closed_at is not None:
        assert not due
        assert not running
        assert not waiting
        assert case.next_due_at is None
        return

    assert case.next_followup_on is not None
    end_of_day = datetime.combine(case.next_followup_on, time(23, 59, 59), DENMARK).astimezone(UTC)
    ticking = {key: one for key, one in running.items() if one.paused_at is None}
    assert case.next_due_at == min([end_of_day, *(one.due_at for one in ticking.values())])
    for row in due:
        assert row.deadline_id is None or row.deadline_id in running
        assert row.offer_id is None or row.offer_id in waiting
    # What would wake somebody is there: the breach of each deadline, the end of each offer, the follow-up.
    assert {row.deadline_id for row in due if row.kind == "breach"} == set(ticking)
    assert {row.offer_id: row.fire_at for row in due if row.kind == "offer_expiry"} == {
        one.id: one.expires_at for one in waiting.values()
    }
    assert len([row for row in due if row.kind == "followup"]) == 2
    assert len(waiting) <= 1
    _check_deadlines(session, case, deadlines)


def _check_deadlines(session: Session, case: Case, deadlines: list[Deadline]) -> None:
    rounds = {(step.key, step.round, step.person): step for step in steps_of(session, case)}
    definition = definition_of(case)
    for one in deadlines:
        step = rounds[one.step_key, one.step_round, one.person]
        written = definition.step(one.step_key).deadlines[one.key]
        if one.settled_at is None:
            assert one.status == DeadlineStatus.RUNNING
            assert step.settled_at is None or written.met_by is not None, one.key
        else:
            was_late = one.settled_at > one.due_at
            assert was_late == (one.status in (DeadlineStatus.MET_LATE, DeadlineStatus.BREACHED)), one.key
            assert one.breached_at == (one.due_at if was_late else None)


def check_status(session: Session, case: Case, now: datetime) -> None:
    assert case.status == expected_status(session, case, now)
    assert (case.open_for is None) == (case.closed_at is not None)


def expected_status(session: Session, case: Case, now: datetime) -> str:
    """The status as DESIGN.md says it, without asking the code that writes it."""
    if case.closed_at is not None:
        return CaseStatus.CLOSED
    offered = select(HandoverOffer.id).where(
        HandoverOffer.case_id == case.id, HandoverOffer.status == OfferStatus.OFFERED
    )
    if session.exec(offered).first():
        return CaseStatus.HANDOVER_PENDING
    kinds = session.exec(
        select(CaseEvent.kind).where(CaseEvent.case_id == case.id).order_by(col(CaseEvent.number))
    ).all()
    last = [k for k in kinds if k in (EventKind.CASE_REOPENED, EventKind.STEP_COMPLETED)][-1:]
    if last == [EventKind.CASE_REOPENED]:
        return CaseStatus.REOPENED
    return phase(definition_of(case), state_of(session, case, now))
