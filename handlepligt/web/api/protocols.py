"""The protocols themselves: which there are, and all that one of them says."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.domain.access import HouseAction, may_in_the_house
from handlepligt.errors import NotAllowedError, NotFoundError
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.route import ApiRoute
from models import Staff
from protocols.definition import Definition
from protocols.drawing import draw
from protocols.loader import library
from protocols.problems import UnknownDefinitionError

_MEDIA_TYPE = "image/svg+xml"
_SVG: dict[int | str, dict[str, object]] = {
    200: {"description": "The drawing", "content": {_MEDIA_TYPE: {"schema": {"type": "string"}}}}
}

router = APIRouter(route_class=ApiRoute, tags=["protocols"])


class ProtocolLine(BaseModel):
    """A published protocol; new cases take the newest version of a key."""

    key: str
    version: str
    title: str
    is_newest: bool
    raised_by: list[str]


class Protocols(BaseModel):
    """All of them."""

    items: list[ProtocolLine]


class Protocol(ProtocolLine):
    """One of them: each section by the names in it, conditions as they are written."""

    sections: dict[str, dict[str, Any]]


@router.get("/protocols", response_model=Protocols)
def list_protocols(asks: Asks) -> Response:
    """Every published protocol, by key and age."""

    def work(session: Session, by: Staff, now: datetime) -> Protocols:
        _check(by)
        return Protocols(items=[_line(one) for one in library().all()])

    return asks.reads(work)


@router.get("/protocols/{key}/drawing.svg", response_class=Response, responses=_SVG)
def draw_protocol(key: str, asks: Asks) -> Response:
    """The version that new cases take as an SVG, from left to right."""
    _check(asks.staff)
    try:
        return Response(draw(library().latest(key)), media_type=_MEDIA_TYPE)
    except UnknownDefinitionError as error:
        raise NotFoundError("no such protocol") from error


@router.get("/protocols/{key}/{version}", response_model=Protocol)
def show_protocol(key: str, version: str, asks: Asks) -> Response:
    """All that a protocol says."""

    def work(session: Session, by: Staff, now: datetime) -> Protocol:
        _check(by)
        try:
            definition = library().get(key, version)
        except UnknownDefinitionError as error:
            raise NotFoundError("no such protocol") from error
        sections = {
            section: {name: _plain(element) for name, element in elements.items()}
            for section, elements in definition.elements.items()
        }
        return Protocol(**_line(definition).model_dump(), sections=sections)

    return asks.reads(work)


def _check(by: Staff) -> None:
    if not may_in_the_house(HouseAction.SEE_PROTOCOLS, by.role):
        raise NotAllowedError(f"staff {by.id} may not see protocols")


def _line(definition: Definition) -> ProtocolLine:
    return ProtocolLine(
        key=definition.key,
        version=definition.version,
        title=definition.title,
        is_newest=library().latest(definition.key).version == definition.version,
        raised_by=list(definition.raised_by),
    )


def _plain(value: object) -> Any:
    """A value of a definition as JSON, named as in its file."""
    match value:
        case BaseModel():
            fields = type(value).model_fields
            return {field.alias or name: _plain(getattr(value, name)) for name, field in fields.items()}
        case Mapping():
            return {str(key): _plain(inner) for key, inner in value.items()}
        case tuple() | list():
            return [_plain(inner) for inner in value]
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case None | bool() | int() | float() | str():
            return value
        case _:
            # Conditions, bases and offsets are shown as they are written.
            return str(value)
