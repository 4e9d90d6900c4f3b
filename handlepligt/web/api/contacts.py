"""Who can be called now: open, closed, or nobody knows."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.errors import InvalidInputError
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import WhoToCall
from models import Staff
from protocols.engine import ContactNow, NumberNow, contacts_now
from protocols.loader import library
from protocols.problems import UnknownDefinitionError

router = APIRouter(route_class=ApiRoute, tags=["contacts"])


class NumberReply(BaseModel):
    """A number; `is_open` is empty where nobody has confirmed the hours, `expected_open` follows them."""

    number: str
    is_open: bool | None
    expected_open: bool
    hours: str
    hours_confirmed: bool
    closes_at: datetime | None
    opens_at: datetime | None
    conflict: str | None


class ContactReply(BaseModel):
    """A contact, what one calls it for, and how much may be said."""

    key: str
    title: str
    what: str
    purposes: list[str]
    sharing: str
    is_open: bool | None
    expected_open: bool
    numbers: list[NumberReply]
    if_no_answer: str | None
    conflict: str | None


class Contacts(BaseModel):
    """The contacts of a track at an instant, those open first."""

    track: str
    protocol_version: str
    at: datetime
    items: list[ContactReply]


@router.get("/contacts/now", response_model=Contacts)
def who_to_call(asks: Asks, wanted: Annotated[WhoToCall, Query()]) -> Response:
    """Whom one can call, by the newest version of the track. Without an age it is unknown."""

    def work(session: Session, by: Staff, now: datetime) -> Contacts:
        try:
            definition = library().latest(wanted.track)
        except UnknownDefinitionError:
            raise InvalidInputError(
                problems={"track": "Arbejdsgangen findes ikke. Vælg en på listen."}
            ) from None
        at = wanted.at or now
        return Contacts(
            track=definition.key,
            protocol_version=definition.version,
            at=at,
            items=[_contact(one) for one in contacts_now(definition, age=wanted.age, at=at)],
        )

    return asks.reads(work)


def _contact(found: ContactNow) -> ContactReply:
    contact = found.contact
    return ContactReply(
        key=contact.key,
        title=contact.title,
        what=contact.what,
        purposes=[purpose.value for purpose in contact.purposes],
        sharing=contact.sharing.value,
        is_open=found.is_open,
        expected_open=found.expected_open,
        numbers=[_number(one) for one in found.numbers],
        if_no_answer=contact.if_no_answer or None,
        conflict=found.conflict,
    )


def _number(found: NumberNow) -> NumberReply:
    return NumberReply(
        number=found.number,
        is_open=found.is_open,
        expected_open=found.expected_open,
        hours=found.hours,
        hours_confirmed=found.hours_confirmed,
        closes_at=found.closes_at,
        opens_at=found.opens_at,
        conflict=found.conflict,
    )
