"""The protocols (protokoller), to read: what they ask for, when, of whom, and where the source disagrees."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from handlepligt.domain.vocabulary import StaffRole
from handlepligt.errors import NotFoundError
from handlepligt.web.deps import Looks
from handlepligt.web.rendering import render
from protocols.loader import library
from protocols.problems import UnknownDefinitionError

router = APIRouter(prefix="/protokoller")


@router.get("")
def show_all(request: Request, visitor: Looks) -> Response:
    """All definitions, newest version first."""
    return render(request, "protocols/list.html", {"definitions": tuple(reversed(library().all()))})


@router.get("/{key}/{version}")
def show_one(request: Request, key: str, version: str, visitor: Looks) -> Response:
    """One definition: its steps, deadlines, contacts, gates and conflicts."""
    try:
        definition = library().get(key, version)
    except UnknownDefinitionError as error:
        raise NotFoundError(str(error)) from None
    raised_by = ", ".join(StaffRole(role).danish for role in definition.raised_by)
    return render(request, "protocols/show.html", {"definition": definition, "raised_by": raised_by})
