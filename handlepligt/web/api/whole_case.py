"""A case as its people see it, and the part of it that somebody who had it before still sees."""

from datetime import date, datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of, state_of
from handlepligt.cases.chronicle import (
    calls_of,
    close_requests_of,
    deadlines_of_case,
    duty_ledger,
    offers_of,
    own_part,
    siblings_of,
)
from handlepligt.cases.queries import Look
from handlepligt.cases.view_extensions import possible_extensions
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import CloseRequestStatus, OfferStatus
from handlepligt.web.api.directory import Directory
from handlepligt.web.api.known_views import bypass_lines, parent_line, people_lines, sub_case_lines
from handlepligt.web.api.receipts import close_receipt, deadline_line, open_steps
from handlepligt.web.api.replies import (
    CallLine,
    CitizenReply,
    CloseLine,
    OfferLine,
    OwnPart,
    SiblingLine,
    WholeCase,
)
from handlepligt.web.api.step_views import own_step, own_steps_for
from models import Case, Citizen, CloseRequest, HandoverOffer, Staff


def whole_case(session: Session, looked: Look, now: datetime) -> WholeCase:
    """The case with its content; `now` is aware UTC."""
    case, people = looked.case, Directory(session)
    deadlines = deadlines_of_case(session, case)
    extensions = possible_extensions(session, case, definition_of(case), deadlines, by=looked.by, now=now)
    held = next((entry for entry in duty_ledger(session, case) if entry.until is None), None)
    offers = offers_of(session, case)
    requests = close_requests_of(session, case)
    return WholeCase(
        reference=case.reference,
        track=case.track,
        protocol_version=case.protocol_version,
        status=case.status,
        is_acute=case.is_acute,
        acute_at=case.acute_at if case.is_acute else None,
        citizen=_citizen(session, case, now),
        summary=case.summary,
        facts=case.facts,
        team=people.team(case.team_id),
        received_at=case.received_at,
        raised_at=case.raised_at,
        raised_by=people.somebody(case.raised_by_id),
        holder=people.person(held.holder_id) if held else None,
        authority=held.authority or None if held else None,
        held_since=held.since if held else None,
        next_followup_on=case.next_followup_on,
        next_due_at=case.next_due_at,
        closed_at=case.closed_at,
        end=case.end_key,
        open_steps=open_steps(session, case),
        deadlines=[deadline_line(people, row, extensions.get(row.id)) for row in deadlines],
        calls=[
            CallLine(
                id=call.id,
                contact=call.contact_key,
                outcome=call.outcome,
                called_at=call.called_at,
                by=people.somebody(call.by_id),
                note=call.note,
            )
            for call, _ in calls_of(session, case)
        ],
        offer=next(
            (offer_line(people, case, one) for one in offers if one.status == OfferStatus.OFFERED), None
        ),
        close_request=next(
            (_close_line(session, one) for one in requests if one.status == CloseRequestStatus.WAITING), None
        ),
        siblings=[
            SiblingLine(
                reference=one.reference,
                is_open=one.is_open,
                holder_name=one.keeper_name,
                holder_phone=one.keeper_phone,
            )
            for one in siblings_of(session, case, looked.by, now)
        ],
        people=people_lines(session, case),
        bypasses=bypass_lines(session, case, people),
        sub_cases=sub_case_lines(session, case, looked.by, now),
        parent=parent_line(session, case, looked.by, now),
        may=sorted(action for action in Action if looked.may(action)),
    )


def _citizen(session: Session, case: Case, now: datetime) -> CitizenReply:
    citizen = session.get_one(Citizen, case.citizen_id)
    return CitizenReply(
        name=citizen.name,
        cpr=citizen.cpr or None,
        birth_date=date.fromisoformat(citizen.birth_date) if citizen.birth_date else None,
        age=state_of(session, case, now).age,
    )


def offer_line(people: Directory, case: Case, offer: HandoverOffer) -> OfferLine:
    """An offer with its note."""
    return OfferLine(
        id=offer.id,
        reference=case.reference,
        status=offer.status,
        by=people.somebody(offer.by_id),
        to=people.person(offer.to_id),
        pool=offer.to_pool,
        note=offer.note,
        offered_at=offer.offered_at,
        expires_at=offer.expires_at,
        answered_by=people.person(offer.answered_by_id),
        answered_at=offer.answered_at,
    )


def _close_line(session: Session, request: CloseRequest) -> CloseLine:
    return CloseLine(
        **close_receipt(session, request).model_dump(),
        reason=request.reason,
        has_siblings=request.has_siblings,
        answers=Directory(session).with_names(request.answers),
    )


def own_part_of(session: Session, case: Case, by: Staff, now: datetime) -> OwnPart:
    """What `by` wrote while the case was theirs, and the open steps that are theirs to do."""
    part = own_part(session, case, by)
    to_do = own_steps_for(session, case, by, now)
    return OwnPart(
        reference=part.reference,
        raised_at=part.raised_at,
        summary=part.summary,
        taken_over_at=part.taken_over_at,
        steps=[own_step(session, case, row) for row in part.steps],
        open_steps=to_do,
        ask=Directory(session).person(case.keeper_id) if to_do else None,
    )
