"""An offer of the duty (overdragelse): what it is about, and the answer to it."""

from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy import Engine
from starlette.responses import RedirectResponse, Response

from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.case_state import definition_of
from handlepligt.cases.offer_handover import NOTE_FIELDS
from handlepligt.cases.queries import look_at_offer
from handlepligt.cases.reject_handover import reject_handover
from handlepligt.domain.access import Action
from handlepligt.domain.vocabulary import OfferStatus
from handlepligt.errors import InvalidInputError
from handlepligt.web.auth import Visitor
from handlepligt.web.deps import Database, Looks, Now, OwnForm
from handlepligt.web.due import due_mark
from handlepligt.web.forms import Field
from handlepligt.web.rendering import render
from models import Case, Staff
from models.session import reading, writing

router = APIRouter(prefix="/overdragelser/{offer_id}")


@router.get("")
def show(request: Request, offer_id: str, visitor: Looks, engine: Database, now: Now) -> Response:
    """The offer with its note, after the look has been written down."""
    return _page(request, offer_id, visitor, engine, now)


@router.post("/accepter")
def accept(offer_id: str, form: OwnForm, visitor: Looks, engine: Database, now: Now) -> Response:
    """Takes over the duty."""
    with writing(engine) as session:
        offer = accept_handover(session, offer_id=offer_id, by=visitor.staff, now=now)
        reference = session.get_one(Case, offer.case_id).reference
    return RedirectResponse(f"/sager/{reference}?gemt=accepteret", status_code=303)


@router.post("/afvis")
def reject(
    request: Request, offer_id: str, form: OwnForm, visitor: Looks, engine: Database, now: Now
) -> Response:
    """Turns the offer down, with a reason."""
    reason = form.text("reason")
    try:
        with writing(engine) as session:
            reject_handover(session, offer_id=offer_id, by=visitor.staff, now=now, reason=reason)
    except InvalidInputError as error:
        return _page(request, offer_id, visitor, engine, now, reason=reason, problems=error.problems)
    return RedirectResponse("/", status_code=303)


def _page(
    request: Request,
    offer_id: str,
    visitor: Visitor,
    engine: Engine,
    now: datetime,
    *,
    reason: str = "",
    problems: dict[str, str] | None = None,
) -> Response:
    with writing(engine) as session:
        offer, look = look_at_offer(session, offer_id=offer_id, by=visitor.staff, now=now, face="web")
    with reading(engine) as session:
        people = (offer.by_id, look.case.keeper_id, offer.answered_by_id)
        names = [session.get(Staff, one) if one is not None else None for one in people]
        definition = definition_of(look.case)
    found = problems or {}
    label = "Hvorfor kan du ikke tage imod?"
    context = {
        "offer": offer,
        "case": look.case,
        "track": definition.title,
        "by": names[0],
        "keeper": names[1],
        "answered_by": names[2],
        "note": [(label, offer.note.get(key, "")) for key, label in NOTE_FIELDS.items()],
        "waits": offer.status == OfferStatus.OFFERED,
        "status_words": OfferStatus(offer.status).danish,
        "may_answer": look.may(Action.ANSWER_HANDOVER),
        "may_open": look.is_whole,
        "field": Field(
            "reason", label, "long_text", value=reason, required=True, problem=found.get("reason", "")
        ),
        "problems": found,
        "mark": due_mark(offer.expires_at, now),
        "reason": offer.reason if offer.reason_sealed else "",
    }
    return render(request, "handovers/show.html", context, status=422 if found else 200)
