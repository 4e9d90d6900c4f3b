"""Offers the duty to a named person or a pool (overdragelse). Until somebody accepts, nothing moves."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from handlepligt.cases.case_state import definition_of, state_of
from handlepligt.cases.gates import refuse_if_forbidden
from handlepligt.cases.open_case import case_for
from handlepligt.cases.people import leader_of, resolve
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.tell import tell
from handlepligt.domain import wording
from handlepligt.domain.access import Action
from handlepligt.domain.deadlines import Unit
from handlepligt.domain.vocabulary import EventKind, OfferStatus
from handlepligt.errors import ConflictError, InvalidInputError
from models import Case, DueRow, HandoverOffer, Staff
from notifications.messages import Message
from protocols.definition import Definition
from protocols.engine import receivers
from protocols.kinds.rule import Act

NOTE_FIELDS = {
    "situation": "Situationen nu",
    "risk": "Risikoen",
    "next_action": "Det næste, der skal gøres",
    "avoid": "Det, man ikke må gøre",
}
EXPIRY_KIND = "offer_expiry"
LONGEST_WAIT = timedelta(hours=24)


class OfferWaitingError(ConflictError):
    """There is an unanswered offer already."""

    user_message = "Handlepligten er allerede tilbudt til nogen. Træk tilbuddet tilbage, før du giver et nyt."


def offer_handover(
    session: Session,
    *,
    case_id: str,
    by: Staff,
    now: datetime,
    note: Mapping[str, str],
    to_id: int | None = None,
    to_pool: str | None = None,
) -> HandoverOffer:
    """The offer, which expires by itself (see `waiting_time`). `note` has the four fields of NOTE_FIELDS.

    Raises NotFoundError, NotAllowedError, CaseClosedError, OfferWaitingError, RefusedByRuleError, and
    InvalidInputError for an empty note, oneself, somebody inactive, or a pool the protocol does not name.
    """
    case = case_for(session, case_id, by=by, action=Action.OFFER_HANDOVER, now=now)
    definition = definition_of(case)
    problems = problems_in_note(note)
    chosen, wrong = _chosen(session, definition, case, to_id=to_id, to_pool=to_pool, now=now)
    problems |= wrong
    if problems:
        raise InvalidInputError(problems=problems)
    refuse_if_forbidden(
        session, case, definition, state_of(session, case, now), Act.OFFER_HANDOVER, by=by, now=now
    )
    if waiting_offer(session, case) is not None:
        raise OfferWaitingError(f"case {case.id} has a waiting offer")
    offer = make_offer(
        session, case, definition, now=now, by_id=by.id or 0, to_id=to_id, to_pool=to_pool, note=note
    )
    record(
        session, case, EventKind.HANDOVER_OFFERED, at=now, by_id=by.id, offer=offer.id, to=to_id, pool=to_pool
    )
    tell(
        session,
        Message.HANDOVER_OFFERED,
        chosen,
        case=case,
        now=now,
        occasion=offer.id,
        at=offer.expires_at,
    )
    if by.id != case.keeper_id:
        keeper = session.get(Staff, case.keeper_id)
        tell(session, Message.HANDOVER_STARTED, [keeper], case=case, now=now, occasion=f"{offer.id}:keeper")
    bring_up_to_date(session, case, now)
    return offer


def make_offer(
    session: Session,
    case: Case,
    definition: Definition,
    *,
    now: datetime,
    by_id: int,
    note: Mapping[str, str],
    to_id: int | None,
    to_pool: str | None,
    renewals: int = 0,
) -> HandoverOffer:
    """Writes an offer and the row that wakes somebody when it expires."""
    offer = HandoverOffer(
        case_id=case.id,
        to_id=to_id,
        to_pool=to_pool,
        note_sealed=b"",
        by_id=by_id,
        offered_at=now,
        expires_at=now + waiting_time(definition, is_acute=case.is_acute, renewals=renewals),
        renewals=renewals,
    )
    offer.note = {key: wording.tidied(note[key]) for key in NOTE_FIELDS}
    session.add(offer)
    session.flush()
    session.add(
        DueRow(
            fire_at=offer.expires_at, case_id=case.id, offer_id=offer.id, kind=EXPIRY_KIND,
            respects_quiet_hours=False, dedupe=f"{offer.id}:{EXPIRY_KIND}",
        )
    )  # fmt: skip
    session.flush()
    return offer


def waiting_time(definition: Definition, *, is_acute: bool, renewals: int) -> timedelta:
    """How long an offer waits for an answer: as the protocol says, doubled at each renewal, a day at most."""
    assert definition.handover is not None
    offset = definition.handover.expires_acute if is_acute else definition.handover.expires
    once = offset.amount * (timedelta(hours=1) if offset.unit is Unit.HOURS else timedelta(minutes=1))
    if is_acute:
        return once
    doubled: timedelta = once * (1 << min(renewals, 10))
    return min(doubled, max(LONGEST_WAIT, once))


def hurry_offer(session: Session, case: Case, definition: Definition, *, now: datetime) -> None:
    """An offer that waits when the case turns acute waits no longer than an acute one."""
    offer = waiting_offer(session, case)
    if offer is None:
        return
    at = now + waiting_time(definition, is_acute=True, renewals=offer.renewals)
    if at < offer.expires_at:
        offer.expires_at = at
        session.add(offer)
        session.exec(update(DueRow).where(col(DueRow.offer_id) == offer.id).values(fire_at=at))


def waiting_offer(session: Session, case: Case) -> HandoverOffer | None:
    """The one unanswered offer of a case, or None."""
    return session.exec(
        select(HandoverOffer).where(
            HandoverOffer.case_id == case.id, HandoverOffer.status == OfferStatus.OFFERED
        )
    ).first()


def possible_receivers(session: Session, definition: Definition, case: Case, now: datetime) -> list[Staff]:
    """Everybody the protocol lets take over the duty in this case, but its present keeper."""
    found = {
        one.id: one
        for role in receivers(definition, state_of(session, case, now))
        for one in resolve(session, definition, role, case, now)
        if one.id != case.keeper_id
    }
    return sorted(found.values(), key=lambda one: one.name)


def problems_in_note(note: Mapping[str, str]) -> dict[str, str]:
    """A Danish sentence for each field of the structured note that cannot be used."""
    problems = {field: "Feltet findes ikke i noten." for field in note if field not in NOTE_FIELDS}
    for field in NOTE_FIELDS:
        problem = wording.problem_with(wording.tidied(str(note.get(field, ""))))
        if problem:
            problems[field] = problem
    return problems


def _chosen(
    session: Session,
    definition: Definition,
    case: Case,
    *,
    to_id: int | None,
    to_pool: str | None,
    now: datetime,
) -> tuple[list[Staff], dict[str, str]]:
    if (to_id is None) == (to_pool is None):
        return [], {"to": "Vælg enten en person eller en gruppe."}
    if to_id is not None and to_id == case.keeper_id:
        return [], {"to": "Personen har allerede handlepligten. Vælg en anden."}
    possible = possible_receivers(session, definition, case, now)
    if to_pool is not None:
        chosen = [one for one in possible if one.pool == to_pool]
        return chosen, {} if chosen else {"pool": "Gruppen kan ikke overtage handlepligten i denne sag."}
    chosen = [one for one in possible if one.id == to_id]
    if chosen:
        return chosen, {}
    known = select(Staff.id).where(col(Staff.is_active))
    if to_id not in session.exec(known).all():
        return [], {"to": "Personen findes ikke eller er ikke længere ansat. Vælg en anden."}
    return [], {"to": "Personen kan ikke overtage handlepligten i denne sag. Vælg en fra den rigtige gruppe."}


def leader_besides(session: Session, case: Case, by_id: int | None) -> list[Staff]:
    """The leader to be told, unless it was the leader who acted."""
    leader = leader_of(session, case)
    return [leader] if leader is not None and leader.id != by_id else []
