"""Raises the cases of their own (delsager) that the open steps of a case wait for."""

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog
from sqlmodel import Session, col, select

from handlepligt.cases.arm_followup import arm_followup
from handlepligt.cases.begin_case import begin_case
from handlepligt.cases.case_state import steps_of
from handlepligt.cases.definitions import renewed
from handlepligt.cases.people import leader_of, resolve
from handlepligt.cases.presence import set_aside
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.rounds import about
from handlepligt.cases.tell import tell
from handlepligt.domain.vocabulary import EventKind
from models import Case, CaseStep, Citizen, LinkedPerson, SetAside, Staff, SubCase
from notifications.messages import Message
from protocols.definition import Definition
from protocols.kinds.sub_protocol import Kind as SubProtocol
from protocols.problems import UnknownDefinitionError

_log = structlog.get_logger(__name__)
# `open_what_follows`, handed in because it is what calls this.
OpenSteps = Callable[..., object]


def raise_sub_cases(
    session: Session,
    case: Case,
    definition: Definition,
    *,
    now: datetime,
    by_id: int | None,
    open_steps: OpenSteps,
) -> list[Case]:
    """The cases that were raised: one for each waiting round of a sub-protocol that has none running.

    Idempotent under the lock of the case. A case that an earlier round of the same step and person raised and
    that still runs is waited for instead of raising another; beyond `several` at once the round waits until
    one closes. A protocol that is not there any more leaves the round waiting and is logged, so that no act
    in this case fails for it.
    """
    if not definition.sub_protocols:
        return []
    running = _running(session, case)
    for link in running:
        _stay_set_aside(session, case, session.get_one(Case, link.case_id))
    raised: list[Case] = []
    for step in steps_of(session, case):
        written = definition.sub_protocols.get(step.key)
        if written is None or step.settled_at is not None:
            continue
        beside = [one for one in running if one.step_key == step.key]
        if any(one.person == step.person for one in beside) or len(beside) >= (
            written.several or len(beside) + 1
        ):
            continue
        found = _raise(session, case, definition, step, written, now=now, by_id=by_id, open_steps=open_steps)
        if found is not None:
            link, sub_case = found
            running.append(link)
            raised.append(sub_case)
    return raised


def _running(session: Session, case: Case) -> list[SubCase]:
    linked = select(SubCase).join(Case, col(Case.id) == col(SubCase.case_id))
    return list(session.exec(linked.where(SubCase.parent_case_id == case.id, col(Case.closed_at).is_(None))))


def _raise(
    session: Session,
    parent: Case,
    definition: Definition,
    step: CaseStep,
    written: SubProtocol,
    *,
    now: datetime,
    by_id: int | None,
    open_steps: OpenSteps,
) -> tuple[SubCase, Case] | None:
    try:
        protocol = renewed(session).latest(written.protocol)
    except UnknownDefinitionError:
        _log.error("sub_protocol_missing", case_id=parent.id, step=step.key, protocol=written.protocol)
        return None
    holder = _holder(session, parent, definition, written, now)
    case = begin_case(
        session,
        definition=protocol,
        citizen_id=_citizen(session, parent, step.person),
        holder_id=holder.id or 0,
        team_id=holder.team_id or parent.team_id,
        raised_by_id=by_id or parent.keeper_id,
        received_at=now,
        now=now,
        # Nothing of what is known in the one case is told in the other: who holds them may ask each other.
        summary=f"Rejst fra sag {parent.reference}: {definition.step(step.key).title}.",
        facts={},
    )
    link = SubCase(
        case_id=case.id, parent_case_id=parent.id, step_key=step.key, round=step.round, person=step.person,
        raised_at=now,
    )  # fmt: skip
    session.add(link)
    _stay_set_aside(session, parent, case)
    session.flush()
    record(session, parent, EventKind.SUB_CASE_RAISED, at=now, by_id=by_id, other=case.id, **about(step))
    record(session, case, EventKind.CONCERN_RAISED, at=now, by_id=by_id, track=case.track, parent=parent.id)
    open_steps(session, case=case, definition=protocol, now=now, by_id=by_id)
    arm_followup(session, case, now=now)
    told: Mapping[Message, Staff | None] = {
        Message.DUTY_RECEIVED: holder,
        Message.CONCERN_RAISED: leader_of(session, case),
    }
    for message, staff in told.items():
        tell(session, message, [staff], case=case, now=now, occasion="raised", besides=by_id)
    bring_up_to_date(session, case, now)
    case.wake = 1
    return link, case


def _holder(
    session: Session, parent: Case, definition: Definition, written: SubProtocol, now: datetime
) -> Staff:
    """The one person the role means now; with nobody or several of them, who keeps the parent."""
    meant = resolve(session, definition, written.holder, parent, now) if written.holder else []
    return meant[0] if len(meant) == 1 else session.get_one(Staff, parent.keeper_id)


def _citizen(session: Session, parent: Case, person_id: str) -> str:
    """The id of whom the case is about: the linked person, as far as known, else the same citizen."""
    if not person_id:
        return parent.citizen_id
    citizen = Citizen(name_sealed=b"")
    citizen.name = session.get_one(LinkedPerson, person_id).name
    session.add(citizen)
    session.flush()
    return citizen.id


def _stay_set_aside(session: Session, parent: Case, case: Case) -> None:
    """Whoever is the concern hears no more of this case than of the one it came from.

    But for its holder: somebody always holds the duty, and it is the leader above who takes it from them.
    """
    for one in session.exec(select(SetAside).where(SetAside.case_id == parent.id)).all():
        if one.staff_id != case.keeper_id:
            set_aside(session, case, [one.staff_id], one.bypass_id)
