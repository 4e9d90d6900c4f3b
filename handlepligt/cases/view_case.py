"""One case as its page shows it. Reads only; the look itself is recorded by `queries.look_at_case`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from handlepligt.cases.answer_words import AnswerLine, answer_lines
from handlepligt.cases.case_state import definition_of, state_of, steps_of
from handlepligt.cases.chronicle import SiblingView, calls_of, deadlines_of_case, siblings_of
from handlepligt.cases.fact_values import fact_in_words, facts_of_case
from handlepligt.cases.log_call import OUTCOMES
from handlepligt.cases.offer_handover import possible_receivers, waiting_offer
from handlepligt.cases.people import leader_of
from handlepligt.cases.relations import relations_to
from handlepligt.cases.second_look import hidden_from
from handlepligt.cases.sub_cases import ParentView, SubCaseView, parent_of, sub_cases_of
from handlepligt.cases.take_up_again import rounds_to_take_up
from handlepligt.cases.view_events import EventLine, event_lines
from handlepligt.cases.view_extensions import PossibleExtension, possible_extensions
from handlepligt.cases.view_lifts import PossibleLift, possible_lifts
from handlepligt.cases.view_people import (
    BypassLine,
    PersonLine,
    RoleChoice,
    bypass_lines,
    people_lines,
    roles_to_go_past,
)
from handlepligt.cases.view_steps import (
    OpenStep,
    SettledStep,
    names_of,
    open_step_view,
    settled_step_view,
    slot_of,
)
from handlepligt.domain.access import Action, is_allowed
from handlepligt.domain.vocabulary import CloseRequestStatus, StepStatus
from models import (
    Case,
    CaseStep,
    Citizen,
    CloseRequest,
    Deadline,
    DutyHolding,
    HandoverOffer,
    Staff,
    Team,
)
from protocols.definition import Definition
from protocols.engine import ContactNow, authority_may_take_over, contacts_now, ends
from protocols.kinds.end import Kind as End
from protocols.state import CaseState

ACUTE_PURPOSES = ("acute", "acute_out_of_hours", "safe_stay")
_UNSETTLED = (StepStatus.OPEN, StepStatus.WAITING)


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
    extensions: Mapping[str, PossibleExtension]
    lifts: tuple[PossibleLift, ...]
    calls: tuple[CallLine, ...]
    offer: OfferLine | None
    receivers: tuple[Staff, ...]
    pools: tuple[tuple[str, str], ...]
    authority_may_take: bool
    closing: CloseLine | None
    ends: tuple[End, ...]
    end_title: str
    siblings: tuple[SiblingView, ...]
    sub_cases: tuple[SubCaseView, ...]
    parent: ParentView | None
    people: tuple[PersonLine, ...]
    bypasses: tuple[BypassLine, ...]
    roles_to_go_past: tuple[RoleChoice, ...]
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
    """The case for `by` at `now` (aware UTC); `typed` is what stands in the forms of steps, by slot."""
    definition = definition_of(case)
    steps = steps_of(session, case)
    state = state_of(session, case, now, steps=steps)
    names = names_of(session)
    relations = relations_to(session, case, by, now)
    receivers = possible_receivers(session, definition, case, now)
    given = typed or {}
    hidden = hidden_from(session, case, definition, steps, by=by, now=now)
    again = rounds_to_take_up(definition, state, steps)
    deadlines = tuple(deadlines_of_case(session, case))
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
            open_step_view(session, case, definition, state, row, now, given.get(slot_of(row)), by=by)
            for row in _urgent_first(definition, steps)
        ),
        settled_steps=tuple(
            settled_step_view(
                session, definition, row, names, is_hidden=row.id in hidden, may_be_taken_up=row.id in again
            )
            for row in sorted(
                (row for row in steps if row.status not in _UNSETTLED),
                key=lambda row: (row.settled_at or row.opened_at, row.sequence),
            )
        ),
        deadlines=deadlines,
        extensions=possible_extensions(session, case, definition, deadlines, by=by, now=now),
        lifts=possible_lifts(session, case, definition, steps, hidden=hidden, by=by, now=now),
        calls=_calls(session, case, definition),
        offer=_offer(session, case, definition, names),
        receivers=tuple(receivers),
        pools=pools_of(definition),
        authority_may_take=authority_may_take_over(definition, state),
        closing=_closing(session, case, definition, names),
        ends=ends(definition, state),
        end_title=_end_title(definition, case.end_key),
        siblings=tuple(siblings_of(session, case, by, now)),
        sub_cases=tuple(sub_cases_of(session, case, by, now)),
        parent=parent_of(session, case, by, now),
        people=people_lines(session, case, definition),
        bypasses=bypass_lines(session, case, definition, names),
        roles_to_go_past=roles_to_go_past(definition),
        events=event_lines(session, case, definition, names),
        acute_contacts=contacts_now(definition, age=state.age, at=now, purposes=ACUTE_PURPOSES),
    )


def _end_title(definition: Definition, key: str | None) -> str:
    return definition.ends[key].title if key is not None and key in definition.ends else ""


def _urgent_first(definition: Definition, steps: list[CaseStep]) -> list[CaseStep]:
    """The open steps: what interrupts before all else, then what is due soonest, then in their order."""
    rows = [row for row in steps if row.status in _UNSETTLED]
    return sorted(
        rows,
        key=lambda row: (
            not definition.step(row.key).interrupts,
            row.due_at is None,
            row.due_at or row.opened_at,
            row.sequence,
        ),
    )


def _facts(definition: Definition, case: Case) -> tuple[AnswerLine, ...]:
    known = case.facts
    return tuple(
        AnswerLine(fact.ask, fact_in_words(fact, known.get(key)))
        for key, fact in facts_of_case(definition).items()
    )


def _holder(session: Session, case: Case) -> Holder | None:
    held = session.exec(select(DutyHolding).where(DutyHolding.open_for == case.id)).first()
    if held is None:
        return None
    person = session.get(Staff, held.holder_id) if held.holder_id is not None else None
    return Holder(held.since, person, json.loads(held.authority) if held.authority_sealed else {})


def _calls(session: Session, case: Case, definition: Definition) -> tuple[CallLine, ...]:
    return tuple(
        CallLine(
            row.called_at,
            definition.contacts[row.contact_key].title
            if row.contact_key in definition.contacts
            else row.contact_key,
            OUTCOMES[row.outcome],
            caller,
            row.note,
        )
        for row, caller in calls_of(session, case)
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


def age_in_words(state: CaseState, birth_date: date | None) -> str:
    """`16 år`, or that nobody knows."""
    return "alder ukendt" if birth_date is None or state.age is None else f"{state.age} år"
