"""The protocols (protokoller), to read: what they ask for, when, of whom, and where the source disagrees."""

from fastapi import APIRouter, Request
from markupsafe import Markup
from starlette.responses import Response

from handlepligt.domain.vocabulary import StaffRole
from handlepligt.errors import NotFoundError
from handlepligt.web.deps import Looks
from handlepligt.web.rendering import render
from protocols.conditions import Condition
from protocols.definition import Definition
from protocols.drawing import as_list, draw
from protocols.explaining import explain_asked, explain_condition
from protocols.loader import library
from protocols.problems import UnknownDefinitionError

router = APIRouter(prefix="/protokoller")
SVG = "image/svg+xml"


@router.get("")
def show_all(request: Request, visitor: Looks) -> Response:
    """All definitions, newest version first."""
    return render(request, "protocols/list.html", {"definitions": tuple(reversed(library().all()))})


@router.get("/{key}")
def show_newest(request: Request, key: str, visitor: Looks) -> Response:
    """The version of a definition that new cases take."""
    return _page(request, _definition(key))


@router.get("/{key}/{version}")
def show_one(request: Request, key: str, version: str, visitor: Looks) -> Response:
    """One definition: its drawing, steps, conditions in words, deadlines, contacts, gates and conflicts."""
    return _page(request, _definition(key, version))


@router.get("/{key}/{version}/tegning.svg")
def show_drawing(key: str, version: str, visitor: Looks) -> Response:
    """The drawing alone, to print or enlarge."""
    return Response(draw(_definition(key, version)), media_type=SVG)


def _page(request: Request, definition: Definition) -> Response:
    def in_words(condition: Condition) -> str:
        return explain_condition(condition, definition)

    def asked_in_words(condition: Condition) -> str:
        return explain_asked(condition, definition)

    context = {
        "definition": definition,
        "raised_by": ", ".join(StaffRole(role).danish for role in definition.raised_by),
        "drawing": Markup(draw(definition)),  # noqa: S704 - we wrote it, and it escapes every text
        "listed": as_list(definition),
        "in_words": in_words,
        "asked_in_words": asked_in_words,
    }
    return render(request, "protocols/show.html", context)


def _definition(key: str, version: str = "") -> Definition:
    try:
        return library().get(key, version) if version else library().latest(key)
    except UnknownDefinitionError as error:
        raise NotFoundError(str(error)) from None
