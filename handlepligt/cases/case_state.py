"""Reads a case's rows into the plain values that the protocol's rules are asked with."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from handlepligt.cases.definitions import definition_of as definition_of
from handlepligt.domain.cpr import age_on
from handlepligt.domain.vocabulary import StepStatus
from models import Call, Case, CaseStep, Citizen, Deadline, DutyHolding, LinkedPerson, RoleBypass
from protocols.deadline_rules import leads_on, name_of
from protocols.state import CallState, CaseState, Expiry, PersonState, StepState


def steps_of(session: Session, case: Case) -> list[CaseStep]:
    """The rounds of the case's steps in the order of their opening."""
    rows = select(CaseStep).where(CaseStep.case_id == case.id).order_by(col(CaseStep.sequence))
    return list(session.exec(rows))


def people_of(session: Session, case: Case) -> list[LinkedPerson]:
    """The people linked to the case now, in the order of their numbers."""
    rows = select(LinkedPerson).where(
        LinkedPerson.case_id == case.id, col(LinkedPerson.unlinked_at).is_(None)
    )
    return list(session.exec(rows.order_by(col(LinkedPerson.number))))


def bypasses_of(session: Session, case: Case) -> list[RoleBypass]:
    """The roles gone past in the case as it is open now; those of an earlier opening are history."""
    rows = select(RoleBypass).where(RoleBypass.case_id == case.id, RoleBypass.opening == case.openings)
    return list(session.exec(rows.order_by(col(RoleBypass.role))))


def state_of(
    session: Session, case: Case, now: datetime, *, steps: list[CaseStep] | None = None
) -> CaseState:
    """The case as the rules see it at `now` (aware UTC).

    What no condition of the definition asks for is not read, and stays empty.
    """
    definition = definition_of(case)
    birth_date = birth_date_of_citizen(session, case)
    zone = ZoneInfo(definition.head.zone)
    asked = definition.vocabulary.functions
    people = people_of(session, case) if definition.relations else []
    past = bypasses_of(session, case) if "bypassed" in asked else []
    # A case that was handed over once stays so when it is reopened: its keeper took it over.
    handed_over = session.exec(
        select(DutyHolding.since)
        .where(DutyHolding.case_id == case.id, col(DutyHolding.previous_until).is_not(None))
        .order_by(col(DutyHolding.since).desc())
    ).first()
    return CaseState(
        received_at=case.received_at,
        aware_at=case.received_at,
        facts=case.facts,
        birth_date=birth_date,
        age=age_on(birth_date, now.astimezone(zone).date()) if birth_date else None,
        acute_on=case.is_acute,
        acute_presses=case.acute_presses,
        steps=tuple(_state(step) for step in (steps if steps is not None else steps_of(session, case))),
        closed=case.closed_at is not None,
        handed_over_at=handed_over,
        people=tuple(PersonState(one.id, one.relation, one.facts) for one in people),
        calls=_calls(session, case) if asked & {"reached", "unanswered"} else (),
        bypassed=frozenset(one.role for one in past),
        expired=_expired(session, case) if "expired" in asked else frozenset(),
        now=now,
    )


def birth_date_of_citizen(session: Session, case: Case) -> date | None:
    """The citizen's date of birth, None when nobody knows it."""
    citizen = session.get_one(Citizen, case.citizen_id)
    return date.fromisoformat(citizen.birth_date) if citizen.birth_date_sealed else None


def _calls(session: Session, case: Case) -> tuple[CallState, ...]:
    rows = session.exec(
        select(Call.contact_key, Call.outcome, Call.called_at)
        .where(Call.case_id == case.id)
        .order_by(col(Call.called_at), col(Call.id))
    )
    return tuple(CallState(contact, outcome, at) for contact, outcome, at in rows)


def _expired(session: Session, case: Case) -> frozenset[Expiry]:
    """The deadlines that passed and led on; one for each agreed action counts under its own name."""
    if not leads_on(definition_of(case)):
        return frozenset()
    rows = session.exec(
        select(Deadline.step_key, Deadline.step_round, Deadline.person, Deadline.key).where(
            Deadline.case_id == case.id, col(Deadline.expired_at).is_not(None)
        )
    )
    return frozenset((step, round_, person, name_of(key)) for step, round_, person, key in rows)


def _state(step: CaseStep) -> StepState:
    return StepState(
        key=step.key,
        round=step.round,
        status=StepStatus(step.status),
        opened_at=step.opened_at,
        settled_at=step.settled_at,
        answers=step.answers if step.answers_sealed else {},
        person=step.person,
        ticks={item: datetime.fromisoformat(at) for item, at in step.ticks.items()}
        if step.ticks_sealed
        else {},
    )
