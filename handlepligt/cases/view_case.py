"""One case as its page shows it. Reads only; the look itself is recorded by `queries.look_at_case`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, or_, select

from handlepligt.cases.case_state import definition_of, state_of, steps_of
from handlepligt.cases.log_call import OUTCOMES
from handlepligt.cases.offer_handover import possible_receivers, waiting_offer
from handlepligt.cases.people import leader_of
from handlepligt.cases.relations import relations_to
from handlepligt.cases.view_events import EventLine, event_lines
from handlepligt.cases.view_steps import (
    AnswerLine,
    OpenStep,
    SettledStep,
    answer_lines,
    names_of,
    open_step_view,
    settled_step_view,
)
from handlepligt.domain.access import Action, is_allowed
from handlepligt.domain.vocabulary import CloseRequestStatus, StepStatus
from models import (
    Call,
    Case,
    CaseStep,
    Citizen,
    CloseRequest,
    Deadline,
    DutyHolding,
    HandoverOffer,
    SiblingLink,
    Staff,
    Team,
)
from protocols.definition import Definition
from protocols.engine import ContactNow, contacts_now, ends
from protocols.kinds.end import Kind as End
from protocols.kinds.fact import FactType
from protocols.state import CaseState
from protocols.world import World

ACUTE_PURPOSES = ("acute", "acute_out_of_hours", "safe_stay")
_UNSETTLED = (StepStatus.OPEN, StepStatus.WAITING)
_YES_NO = {"yes": "Ja", "no": "Nej"}


@dataclass(frozen=True)
class Holder:
    """Who holds the duty now: a colleague, or an outside authority by its fields; None once closed."""

    since: datetime
    person: Staff | None
    authority: Mapping[str, str]


@dataclass(frozen=True)
class CallLine:
    """A logged call in words."""

    at: datetime
    contact: str
    outcome: str
    by: str
    note: str


@dataclass(frozen=True)
class SiblingLine:
    """A linked case: its reference, and whom to call about it; never its content."""

    reference: str
    is_open: bool
    keeper: str
    phone: str
    may_see: bool


@dataclass(frozen=True)
class OfferLine:
    """The unanswered offer, and to whom."""

    offer: HandoverOffer
    to: str


@dataclass(frozen=True)
class CloseLine:
    """The request to close that waits."""

    request: CloseRequest
    by: str
    end: str
    answers: tuple[AnswerLine, ...]


@dataclass(frozen=True)
class CaseView:
    """All that the page of a case shows; what may be done is in `may`."""

    case: Case
    definition: Definition
    state: CaseState
    may: frozenset[Action]
    citizen: Citizen
    facts: tuple[AnswerLine, ...]
    raised_by: str
    team: str
    leader: Staff | None
    holder: Holder | None
    open_steps: tuple[OpenStep, ...]
    settled_steps: tuple[SettledStep, ...]
    deadlines: tuple[Deadline, ...]
    calls: tuple[CallLine, ...]
    offer: OfferLine | None
    receivers: tuple[Staff, ...]
    pools: tuple[tuple[str, str], ...]
    authority_may_take: bool
    closing: CloseLine | None
    ends: tuple[End, ...]
    end_title: str
    siblings: tuple[SiblingLine, ...]
    events: tuple[EventLine, ...]
    acute_contacts: tuple[ContactNow, ...]

    def can(self, action: str) -> bool:
        """Whether the reader may do this to the case."""
        return Action(action) in self.may


def view_case(
    session: Session,
    case: Case,
    *,
    by: Staff,
    now: datetime,
    typed: Mapping[str, Mapping[str, object]] | None = None,
) -> CaseView:
    """The case for `by` at `now` (aware UTC); `typed` is what stands in the forms of steps, by step key."""
    definition = definition_of(case)
    steps = steps_of(session, case)
    state = state_of(session, case, now, steps=steps)
    names = names_of(session)
    relations = relations_to(session, case, by, now)
    receivers = possible_receivers(session, definition, case, now)
    given = typed or {}
    return CaseView(
        case=case,
        definition=definition,
        state=state,
        may=frozenset(action for action in Action if is_allowed(action, relations)),
        citizen=session.get_one(Citizen, case.citizen_id),
        facts=_facts(definition, case),
        raised_by=names.get(case.raised_by_id, ""),
        team=session.get_one(Team, case.team_id).name,
        leader=leader_of(session, case),
        holder=_holder(session, case),
        open_steps=tuple(
            open_step_view(session, case, definition, state, row, now, given.get(row.key))
            for row in _urgent_first(definition, steps)
        ),
        settled_steps=tuple(
            settled_step_view(session, definition, row, names)
            for row in sorted(
                (row for row in steps if row.status not in _UNSETTLED),
                key=lambda row: (row.settled_at or row.opened_at, row.sequence),
            )
        ),
        deadlines=_deadlines(session, case),
        calls=_calls(session, case, definition, names),
        offer=_offer(session, case, definition, names),
        receivers=tuple(receivers),
        pools=pools_of(definition),
        authority_may_take=_authority_may_take(definition, state),
        closing=_closing(session, case, definition, names),
        ends=ends(definition, state),
        end_title=_end_title(definition, case.end_key),
        siblings=_siblings(session, case, by, now),
        events=event_lines(session, case, definition, names),
        acute_contacts=contacts_now(definition, age=state.age, at=now, purposes=ACUTE_PURPOSES),
    )


def _end_title(definition: Definition, key: str | None) -> str:
    return definition.ends[key].title if key is not None and key in definition.ends else ""


def _urgent_first(definition: Definition, steps: list[CaseStep]) -> list[CaseStep]:
    rows = [row for row in steps if row.status in _UNSETTLED]
    return sorted(rows, key=lambda row: (not definition.step(row.key).interrupts, row.sequence))


def _facts(definition: Definition, case: Case) -> tuple[AnswerLine, ...]:
    known = case.facts
    lines: list[AnswerLine] = []
    for fact in definition.intake_facts:
        value = known.get(fact.key)
        words = fact.choices if fact.type is FactType.CHOICE else _YES_NO
        lines.append(AnswerLine(fact.ask, "Ved ikke" if value is None else words.get(str(value), str(value))))
    return tuple(lines)


def _holder(session: Session, case: Case) -> Holder | None:
    held = session.exec(select(DutyHolding).where(DutyHolding.open_for == case.id)).first()
    if held is None:
        return None
    person = session.get(Staff, held.holder_id) if held.holder_id is not None else None
    return Holder(held.since, person, json.loads(held.authority) if held.authority_sealed else {})


def _deadlines(session: Session, case: Case) -> tuple[Deadline, ...]:
    rows = select(Deadline).where(Deadline.case_id == case.id)
    return tuple(sorted(session.exec(rows), key=lambda row: (row.settled_at is not None, row.due_at)))


def _calls(
    session: Session, case: Case, definition: Definition, names: Mapping[int, str]
) -> tuple[CallLine, ...]:
    rows = select(Call).where(Call.case_id == case.id).order_by(col(Call.called_at).desc())
    return tuple(
        CallLine(
            row.called_at,
            definition.contacts[row.contact_key].title
            if row.contact_key in definition.contacts
            else row.contact_key,
            OUTCOMES[row.outcome],
            names.get(row.by_id, ""),
            row.note if row.note_sealed else "",
        )
        for row in session.exec(rows)
    )


def pools_of(definition: Definition) -> tuple[tuple[str, str], ...]:
    """The pools the duty may be offered to as a whole: key and Danish title."""
    if definition.handover is None:
        return ()
    roles = [definition.roles[role] for role in definition.handover.to]
    return tuple((role.staff.pool, role.title) for role in roles if role.staff and role.staff.pool)


def _offer(
    session: Session, case: Case, definition: Definition, names: Mapping[int, str]
) -> OfferLine | None:
    offer = waiting_offer(session, case)
    if offer is None:
        return None
    pool = dict(pools_of(definition)).get(offer.to_pool or "", offer.to_pool or "")
    return OfferLine(offer, names.get(offer.to_id, "") if offer.to_id else pool)


def _authority_may_take(definition: Definition, state: CaseState) -> bool:
    allowed = definition.handover.authority if definition.handover else None
    return allowed is not None and allowed.allowed_when.holds(World(definition, state).context)


def _closing(
    session: Session, case: Case, definition: Definition, names: Mapping[int, str]
) -> CloseLine | None:
    request = session.exec(
        select(CloseRequest).where(
            CloseRequest.case_id == case.id, CloseRequest.status == CloseRequestStatus.WAITING
        )
    ).first()
    if request is None:
        return None
    end = definition.ends.get(request.end_key)
    answers = request.answers if request.answers_sealed else {}
    return CloseLine(
        request,
        names.get(request.by_id, ""),
        end.title if end else request.end_key,
        answer_lines(session, definition, end.questions if end else {}, answers),
    )


def _siblings(session: Session, case: Case, by: Staff, now: datetime) -> tuple[SiblingLine, ...]:
    links = session.exec(
        select(SiblingLink).where(or_(SiblingLink.case_id == case.id, SiblingLink.other_case_id == case.id))
    )
    lines: list[SiblingLine] = []
    for link in links:
        other = session.get_one(Case, link.other_case_id if link.case_id == case.id else link.case_id)
        keeper = session.get_one(Staff, other.keeper_id)
        may_see = is_allowed(Action.SEE_CASE, relations_to(session, other, by, now))
        lines.append(
            SiblingLine(other.reference, other.closed_at is None, keeper.name, keeper.phone, may_see)
        )
    return tuple(sorted(lines, key=lambda line: line.reference))


def age_in_words(state: CaseState, birth_date: date | None) -> str:
    """`16 år`, or that nobody knows."""
    return "alder ukendt" if birth_date is None or state.age is None else f"{state.age} år"
