"""Who asks, proved by a bearer token, and how what they ask is read or written."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from pydantic import BaseModel
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.responses import Response

from handlepligt import clock
from handlepligt.cases.definitions import renewed
from handlepligt.identity import verify_token
from handlepligt.web.api.problems import TokenRefusedError
from models import Staff
from models.session import reading, writing

_LONGEST_TOKEN = 200

# What a route does inside a transaction: (session, who asks, now) -> the answer.
Work = Callable[[Session, Staff, datetime], BaseModel]


def identify(request: Request) -> Staff:
    """Whose token the request carries. Raises TokenRefusedError."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token or len(token) > _LONGEST_TOKEN:
        raise TokenRefusedError("no bearer token")
    engine: Engine = request.app.state.engine
    with reading(engine) as session:
        staff = verify_token(session, token, clock.now())
        # Another process may have published a protocol since this one looked.
        renewed(session)
    if staff is None:
        raise TokenRefusedError("the token opens nothing")
    return staff


@dataclass(frozen=True)
class Caller:
    """Who asks, and the database they ask."""

    engine: Engine
    staff: Staff

    def reads(self, work: Work) -> Response:
        """The answer of work that looks at no case: it waits for nobody and writes nothing."""
        with reading(self.engine) as session:
            answer = work(session, self.staff, clock.now())
        return as_json(answer.model_dump_json())

    def looks(self, work: Work) -> Response:
        """The answer of work that looks at a case; the record of the look is kept before it is sent."""
        with writing(self.engine) as session:
            answer = work(session, self.staff, clock.now()).model_dump_json()
        return as_json(answer)


def as_json(body: str, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(body, status_code=status, media_type="application/json")


def _caller(request: Request) -> Caller:
    return Caller(request.app.state.engine, request.state.caller)


Asks = Annotated[Caller, Depends(_caller)]
