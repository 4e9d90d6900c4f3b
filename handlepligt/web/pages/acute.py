"""The acute card (akutkort): who can be called now, with a case or without; made to be printed."""

from collections.abc import Iterable
from datetime import datetime

from fastapi import APIRouter, Request
from sqlmodel import select
from starlette.responses import Response

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.log_call import OUTCOMES
from handlepligt.cases.view_case import ACUTE_PURPOSES, CallLine, view_case
from handlepligt.errors import NotFoundError
from handlepligt.web.deps import Database, Looks, Now
from handlepligt.web.pages.cases import NOTICES, record_look
from handlepligt.web.rendering import render
from models import Case
from models.session import reading
from protocols.definition import Definition
from protocols.engine import ContactNow, contacts_now
from protocols.kinds.contact import Purpose
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
    # What is the same in several protocols is said once, above them.
    numbers = {one.contact.title: one for definition in mine for one in _emergency(definition, now)}
    context = {"parts": parts, "now": now, "emergency": tuple(numbers.values()), "silent": ()}
    return render(request, "acute/general.html", context)


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
        "emergency": _emergency(definition, now, age=view.state.age),
        "silent": _silent(view.calls),
        "notice_text": PRESSED.get(gemt, NOTICES.get(gemt, "")),
    }
    return render(request, "acute/case.html", context)


def _emergency(definition: Definition, now: datetime, *, age: int | None = None) -> tuple[ContactNow, ...]:
    return contacts_now(definition, age=age, at=now, purposes=(Purpose.EMERGENCY,))


def _silent(calls: Iterable[CallLine]) -> frozenset[str]:
    """The titles of those who did not answer the latest call to them; `calls` stand newest first."""
    latest: dict[str, str] = {}
    for call in calls:
        latest.setdefault(call.contact, call.outcome)
    return frozenset(title for title, outcome in latest.items() if outcome != OUTCOMES["answered"])


def _what(definition: Definition) -> str:
    return next((step.what for step in definition.steps.values() if step.interrupts), "")


def _cautions(definition: Definition) -> tuple[str, ...]:
    return tuple(
        definition.cautions[key].text
        for step in definition.steps.values()
        if step.interrupts
        for key in step.cautions
    )
