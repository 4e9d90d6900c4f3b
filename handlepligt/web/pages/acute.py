"""The acute card (akutkort): who can be called now, with a case or without; made to be printed."""

from fastapi import APIRouter, Request
from sqlmodel import select
from starlette.responses import Response

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.log_call import OUTCOMES
from handlepligt.cases.view_case import ACUTE_PURPOSES, view_case
from handlepligt.errors import NotFoundError
from handlepligt.web.deps import Database, Looks, Now
from handlepligt.web.pages.cases import NOTICES, record_look
from handlepligt.web.rendering import render
from models import Case
from models.session import reading
from protocols.definition import Definition
from protocols.engine import contacts_now
from protocols.loader import library

router = APIRouter()
# Every step that interrupts is an acute one; what it says stands on the card.
PRESSED = {"akut": "Akut handling er sat i gang. Ring nu."}


@router.get("/akut")
def general(request: Request, visitor: Looks, now: Now) -> Response:
    """The card without a case: one part for each protocol, safe to hang on a wall."""
    shelf = library()
    definitions = [shelf.latest(key) for key in dict.fromkeys(one.key for one in shelf.all())]
    mine = [one for one in definitions if visitor.staff.role in one.raised_by] or definitions
    parts = [
        (one.title, contacts_now(one, age=None, at=now, purposes=ACUTE_PURPOSES), _what(one), _cautions(one))
        for one in mine
    ]
    return render(request, "acute/general.html", {"parts": parts, "now": now})


@router.get("/sager/{reference}/akut")
def of_case(
    request: Request, reference: str, visitor: Looks, engine: Database, now: Now, gemt: str = ""
) -> Response:
    """The card of one case, with a button for each way a call can end; the citizen is not named on it."""
    look = record_look(engine, reference, visitor, now, action="see_acute_card")
    if not look.is_whole:
        raise NotFoundError("the card is for those who see the case")
    with reading(engine) as session:
        case = session.exec(select(Case).where(Case.reference == reference)).one()
        view = view_case(session, case, by=visitor.staff, now=now)
    definition = definition_of(case)
    context = {
        "view": view,
        "what": _what(definition),
        "cautions": _cautions(definition),
        "outcomes": tuple(OUTCOMES.items()),
        "now": now,
        "notice_text": PRESSED.get(gemt, NOTICES.get(gemt, "")),
    }
    return render(request, "acute/case.html", context)


def _what(definition: Definition) -> str:
    return next((step.what for step in definition.steps.values() if step.interrupts), "")


def _cautions(definition: Definition) -> tuple[str, ...]:
    return tuple(
        definition.cautions[key].text
        for step in definition.steps.values()
        if step.interrupts
        for key in step.cautions
    )
