"""What page functions ask for: the engine, the time, who looks, and a form that is known to be theirs."""

import hmac
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy import Engine

from handlepligt import clock
from handlepligt.settings import Settings
from handlepligt.web.auth import Visitor, find_visitor, require_visitor
from handlepligt.web.errors import ForgedFormError
from handlepligt.web.forms import Form, read_form


def _engine(request: Request) -> Engine:
    engine: Engine = request.app.state.engine
    return engine


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def _now() -> datetime:
    return clock.now()


def _own_form(
    form: Annotated[Form, Depends(read_form)], visitor: Annotated[Visitor, Depends(require_visitor)]
) -> Form:
    if not hmac.compare_digest(form.text("csrf").encode(), visitor.csrf.encode()):
        raise ForgedFormError("the form does not carry the token of this session")
    return form


Database = Annotated[Engine, Depends(_engine)]
Chosen = Annotated[Settings, Depends(_settings)]
Now = Annotated[datetime, Depends(_now)]
Looks = Annotated[Visitor, Depends(require_visitor)]
MayLook = Annotated[Visitor | None, Depends(find_visitor)]
OwnForm = Annotated[Form, Depends(_own_form)]
AnyForm = Annotated[Form, Depends(read_form)]
