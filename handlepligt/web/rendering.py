"""Draws the templates: Danish times, icons, addresses of assets, and the frame around every page."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import HTMLResponse

from handlepligt.cases.views import is_demo
from handlepligt.domain import danish_time
from models.session import reading

HERE = Path(__file__).parent
STATIC = HERE / "static"
ZONE = "Europe/Copenhagen"
_SPRITE = "vendor/dkfds/img/all-svg-icons.svg"


@cache
def static_version() -> str:
    """A fingerprint of all assets: it is part of their address, so that each may be kept for ever."""
    digest = hashlib.sha256()
    for path in sorted(STATIC.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(STATIC).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def asset(path: str) -> str:
    """The address of a file under static/."""
    return f"/static/{static_version()}/{path}"


def icon(name: str, label: str = "", css: str = "") -> Markup:
    """An icon of the design system; without a label it is hidden from screen readers."""
    told = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon-svg {}" focusable="false" {}><use href="{}#{}"></use></svg>').format(
        css, told, asset(_SPRITE), name
    )


def full(at: datetime) -> str:
    """`27-11-2026 kl. 16.55`."""
    return danish_time.full(at, ZONE)


def short(at: datetime) -> str:
    """`fre 27-11 16.55`."""
    return danish_time.short(at, ZONE)


def day(on: date) -> str:
    """`27-11-2026`."""
    return danish_time.day(on)


def local_day(at: datetime) -> str:
    """`27-11-2026`, as it stands in a form."""
    return danish_time.day(danish_time.in_zone(at, ZONE).date())


def local_time(at: datetime) -> str:
    """`16.55`, as it stands in a form."""
    return danish_time.in_zone(at, ZONE).strftime("%H.%M")


def span(length: timedelta) -> str:
    """`2 dage 3 t`."""
    return danish_time.duration(length)


def telephone(number: str) -> str:
    """The number as an address that a telephone can call."""
    return "tel:" + "".join(sign for sign in number if sign.isdigit() or sign == "+")


@cache
def environment() -> Environment:
    """The templates; whatever is not marked safe is escaped, and an unknown name is an error."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(asset=asset, icon=icon)
    made.filters.update(
        full=full,
        short=short,
        day=day,
        span=span,
        local_day=local_day,
        local_time=local_time,
        telephone=telephone,
    )
    return made


def render(request: Request, template: str, context: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """A page inside the frame: `visitor` in the context is who looks, None before the log-in."""
    settings = request.app.state.settings
    visitor = context.get("visitor", getattr(request.state, "visitor", None))
    text = (
        environment()
        .get_template(template)
        .render(
            organisation=settings.organisation,
            path=request.url.path,
            is_demo=visitor.frame.is_demo if visitor else _is_demo(request),
            visitor=visitor,
            **{name: value for name, value in context.items() if name != "visitor"},
        )
    )
    return HTMLResponse(text, status_code=status)


def _is_demo(request: Request) -> bool:
    """Whether everything here is made up, for the pages that come before the log-in too."""
    try:
        with reading(request.app.state.engine) as session:
            return is_demo(session)
    except SQLAlchemyError:
        # The page that says the database is away must still come.
        return False


def render_plain(request: Request, template: str, *, status: int = 200, **context: object) -> HTMLResponse:
    """A page that may come when nobody is known to look."""
    return render(request, template, context, status=status)
