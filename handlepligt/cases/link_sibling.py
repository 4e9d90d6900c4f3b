"""Links the cases of brothers and sisters (søskende): one concern per child, never the content across."""

from datetime import date, datetime

from sqlmodel import Session, select

from handlepligt.cases.open_case import case_for, lock_case, refused_look, row_of
from handlepligt.cases.people import leader_of
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.cases.record import bring_up_to_date, record
from handlepligt.cases.relations import relations_to
from handlepligt.cases.tell import tell
from handlepligt.domain.access import Action, is_allowed
from handlepligt.domain.vocabulary import EventKind
from handlepligt.errors import ConflictError, InvalidInputError
from models import Case, SiblingLink, Staff
from notifications.messages import Message


class SiblingLinkedError(ConflictError):
    """The two cases are linked already."""

    user_message = "De to sager er allerede knyttet sammen."


def link_sibling(
    session: Session,
    *,
    case_id: str,
    by: Staff,
    now: datetime,
    reference: str | None = None,
    citizen_name: str | None = None,
    birth_date: date | None = None,
    cpr: str | None = None,
    summary: str | None = None,
) -> SiblingLink:
    """The link: to the case of that `reference`, which `by` must be able to see, or to a new concern.

    A new concern is raised about the child that is named, with `by` as its holder and received now.
    Raises NotFoundError, NotAllowedError, CaseClosedError, SiblingLinkedError, InvalidInputError.
    """
    other = _case_of(session, reference) if reference else None
    if other is not None:
        # In one order whoever asks: two who link the same two cases do not wait for each other for ever.
        for either in sorted({case_id, other.id}):
            if row_of(session, Case, either) is not None:
                lock_case(session, either)
    case = case_for(session, case_id, by=by, action=Action.LINK_SIBLING, now=now)
    if bool(reference) == bool(citizen_name):
        raise InvalidInputError(problems={"reference": "Skriv enten et sagsnummer eller barnets navn."})
    if reference:
        if other is None or not is_allowed(Action.SEE_CASE, relations_to(session, other, by, now)):
            raise refused_look(other, by=by, action=Action.LINK_SIBLING, now=now)
    else:
        other = raise_concern(
            session,
            by=by,
            now=now,
            citizen_name=citizen_name or "",
            summary=summary or f"Søskende til sag {case.reference}.",
            birth_date=birth_date,
            cpr=cpr,
        )
    if other.id == case.id:
        raise InvalidInputError(problems={"reference": "Det er sagen selv. Skriv den anden sags nummer."})
    first, second = sorted([case.id, other.id])
    known = select(SiblingLink).where(SiblingLink.case_id == first, SiblingLink.other_case_id == second)
    if session.exec(known).first() is not None:
        raise SiblingLinkedError(f"cases {first} and {second} are linked")
    link = SiblingLink(case_id=first, other_case_id=second, by_id=by.id or 0, linked_at=now)
    session.add(link)
    for one, sibling in ((case, other), (other, case)):
        record(session, one, EventKind.SIBLING_LINKED, at=now, by_id=by.id, other=sibling.id)
        people = {
            each.id: each
            for each in (session.get(Staff, one.keeper_id), leader_of(session, one))
            if each is not None
        }
        tell(
            session, Message.SIBLING_LINKED, people.values(), case=one, now=now, occasion=link.id,
            besides=by.id,
        )  # fmt: skip
        if one.closed_at is None:
            bring_up_to_date(session, one, now)
    return link


def _case_of(session: Session, reference: str) -> Case | None:
    # PostgreSQL refuses to be asked for a text with NUL in it.
    if "\x00" in reference:
        return None
    return session.exec(select(Case).where(Case.reference == reference.strip())).first()
