"""Makes the answers to writes: where the case stands, and nothing that is about the citizen."""

import re
from datetime import datetime

from sqlmodel import Session, col, select

from handlepligt.cases.open_case import refused_look
from handlepligt.cases.queries import Look, look_at_case
from handlepligt.cases.view_extensions import PossibleExtension
from handlepligt.domain.access import Action
from handlepligt.errors import NotAllowedError
from handlepligt.web.api.directory import Directory, Person
from handlepligt.web.api.replies import (
    CloseReceipt,
    DeadlineLine,
    ExtensionLine,
    HandoverReceipt,
    Receipt,
)
from models import Case, CaseStep, CloseRequest, Deadline, DutyHolding, HandoverOffer, Staff

FACE = "api"
_REFERENCE = re.compile(r"\d{4}-\d{1,15}", re.ASCII)
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


def case_id_of(session: Session, reference: str, *, by: Staff, now: datetime, action: Action) -> str:
    """The id of a case that is to be changed; whether `by` may is asked by the use case.

    Raises NotFoundError, with the attempt on record, exactly as for a case that is not theirs.
    """
    found = None
    if _REFERENCE.fullmatch(reference):
        found = session.exec(select(Case.id).where(Case.reference == reference)).first()
    if found is None:
        raise refused_look(None, by=by, action=action, now=now, face=FACE)
    return found


def usable_id(row_id: str, *, by: Staff, now: datetime, action: Action) -> str:
    """The id of an offer, a request or a deadline; anything that cannot be one is not found."""
    if not _ID.fullmatch(row_id):
        raise refused_look(None, by=by, action=action, now=now, face=FACE)
    return row_id


def look(
    session: Session, reference: str, *, by: Staff, now: datetime, action: Action, or_own_part: bool = False
) -> Look:
    """A look at a case, on record. `action` is what is looked at.

    Whoever sees only their own part is let in, to a look that is not whole, where `or_own_part` says
    so. Raises NotFoundError, and NotAllowedError for somebody who knows of the case but may not see this.
    """
    if not _REFERENCE.fullmatch(reference):
        raise refused_look(None, by=by, action=action, now=now, face=FACE)
    looked = look_at_case(session, reference=reference, by=by, now=now, face=FACE, action=action)
    if not looked.may(action) and not or_own_part:
        error = NotAllowedError(f"staff {by.id} may not {action} case {looked.case.id}")
        refusal = refused_look(looked.case, by=by, action=action, now=now, face=FACE)
        error.leaves_behind += refusal.leaves_behind
        raise error
    return looked


def receipt(session: Session, case: Case) -> Receipt:
    """Where the case stands now."""
    return Receipt(
        reference=case.reference,
        track=case.track,
        protocol_version=case.protocol_version,
        status=case.status,
        is_acute=case.is_acute,
        holder=holder_of(session, case),
        open_steps=open_steps(session, case),
        next_followup_on=case.next_followup_on,
        next_due_at=case.next_due_at,
        closed_at=case.closed_at,
    )


def open_steps(session: Session, case: Case) -> list[str]:
    """The keys of the open steps, in the order of their opening."""
    rows = select(CaseStep.key).where(CaseStep.case_id == case.id, col(CaseStep.settled_at).is_(None))
    return list(session.exec(rows.order_by(col(CaseStep.sequence))))


def holder_of(session: Session, case: Case) -> Person | None:
    """The member of staff who holds the duty; None when an authority does, or the case is closed."""
    held = select(DutyHolding.holder_id).where(DutyHolding.open_for == case.id)
    return Directory(session).person(session.exec(held).first())


def handover_receipt(session: Session, offer: HandoverOffer) -> HandoverReceipt:
    """An offer without its note."""
    people, case = Directory(session), session.get_one(Case, offer.case_id)
    return HandoverReceipt(
        id=offer.id,
        reference=case.reference,
        status=offer.status,
        to=people.person(offer.to_id),
        pool=offer.to_pool,
        is_authority=False,
        offered_at=offer.offered_at,
        expires_at=offer.expires_at,
        holder=holder_of(session, case),
    )


def close_receipt(session: Session, request: CloseRequest) -> CloseReceipt:
    """A request to close, without its reason."""
    people = Directory(session)
    return CloseReceipt(
        id=request.id,
        reference=session.get_one(Case, request.case_id).reference,
        status=request.status,
        end=request.end_key,
        asked_by=people.somebody(request.by_id),
        asked_at=request.asked_at,
        decided_by=people.person(request.decided_by_id),
        decided_at=request.decided_at,
    )


def deadline_line(
    people: Directory, row: Deadline, extension: PossibleExtension | None = None
) -> DeadlineLine:
    """A deadline; its texts come from the protocol and are about nobody."""
    return DeadlineLine(
        id=row.id,
        key=row.key,
        title=row.title,
        step=row.step_key or None,
        round=row.step_round or None,
        basis=row.basis,
        is_decided=row.is_decided,
        reference=row.reference,
        base_at=row.base_at,
        due_at=row.due_at,
        safe_due_at=row.safe_due_at,
        last_safe_working_day=row.last_safe_working_day,
        explanation=row.explanation,
        status=row.status,
        settled_at=row.settled_at,
        breached_at=row.breached_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=people.person(row.acknowledged_by_id),
        person=row.person or None,
        at_expiry=row.at_expiry,
        expired_at=row.expired_at,
        paused_at=row.paused_at,
        extensions=row.extensions,
        extension=_extension_line(extension) if extension else None,
    )


def _extension_line(extension: PossibleExtension) -> ExtensionLine:
    return ExtensionLine(
        reasons=list(extension.reasons),
        latest_at=extension.latest_at,
        left=extension.left,
        reference=extension.reference,
    )
