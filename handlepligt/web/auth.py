"""Who looks at a page: the cookie, the session behind it, and what the frame of every page shows them."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Engine
from starlette.requests import Request
from starlette.responses import Response

from handlepligt import clock, identity
from handlepligt.cases.definitions import renewed
from handlepligt.cases.views import Frame, frame_for
from handlepligt.domain.access import HouseAction, may_in_the_house
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.settings import Settings
from handlepligt.web.errors import NotLoggedInError
from models import Staff
from models.session import reading, writing
from protocols.loader import library

SECURE_COOKIE = "__Host-handlepligt"
PLAIN_COOKIE = "handlepligt"
_MENU: tuple[tuple[str, str, HouseAction | None], ...] = (
    ("/", "Forside", None),
    ("/bekymringer", "Ny bekymring", HouseAction.RAISE_CONCERN),
    ("/akut", "Akut", HouseAction.RAISE_CONCERN),
    ("/svartider", "Svartider", HouseAction.SEE_REPORTS),
    ("/protokoller", "Protokoller", HouseAction.SEE_PROTOCOLS),
    ("/systemtilstand", "Systemtilstand", HouseAction.SEE_OPERATION),
)


@dataclass(frozen=True)
class Visitor:
    """A logged-in member of staff, the token their forms carry, and the frame around their pages."""

    staff: Staff
    csrf: str
    frame: Frame

    @property
    def role(self) -> str:
        """The Danish name of what they are employed as."""
        return StaffRole(self.staff.role).danish

    @property
    def menu(self) -> tuple[tuple[str, str], ...]:
        """The pages this person may open: address and Danish name."""
        return tuple(
            (path, name)
            for path, name, action in _MENU
            if self.may(action) and (path != "/bekymringer" or self.follows_a_protocol)
        )

    @property
    def follows_a_protocol(self) -> bool:
        """Whether some protocol is for their role; otherwise they can raise no concern."""
        return any(self.staff.role in definition.raised_by for definition in library().all())

    def may(self, action: HouseAction | None) -> bool:
        """Whether their role allows what is not about one case; None is for everybody."""
        return action is None or may_in_the_house(action, self.staff.role)


def is_https(settings: Settings) -> bool:
    """Whether staff open the product over https; then the cookie is bound to it."""
    return settings.resolved_public_url.startswith("https://")


def cookie_name(settings: Settings) -> str:
    """The name of the session cookie; the prefix makes browsers refuse it from other hosts and over http."""
    return SECURE_COOKIE if is_https(settings) else PLAIN_COOKIE


def secret_of(request: Request) -> str:
    """The secret in the session cookie, empty when there is none."""
    return request.cookies.get(cookie_name(request.app.state.settings), "")


def set_cookie(response: Response, settings: Settings, secret: str) -> None:
    """Gives the browser its session; the cookie ends with the browser and is unknown to scripts."""
    response.set_cookie(
        cookie_name(settings),
        secret,
        path="/",
        secure=is_https(settings),
        httponly=True,
        samesite="strict",
    )


def clear_cookie(response: Response, settings: Settings) -> None:
    """Takes the session from the browser, with everything else it may have kept of this site."""
    response.delete_cookie(
        cookie_name(settings), path="/", secure=is_https(settings), httponly=True, samesite="strict"
    )
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'


def find_visitor(request: Request) -> Visitor | None:
    """Who looks, or None. Reads once; writes only when the session's last use is a minute old."""
    return visitor_of(request, secret_of(request))


def visitor_of(request: Request, secret: str) -> Visitor | None:
    """Whose session the secret opens, or None."""
    if not secret:
        return None
    engine: Engine = request.app.state.engine
    settings: Settings = request.app.state.settings
    now = clock.now()
    with reading(engine) as session:
        found = identity.session_of(
            session,
            secret,
            now=now,
            idle=timedelta(minutes=settings.session_idle_minutes),
            lifetime=timedelta(hours=settings.session_hours),
        )
        if found is None:
            return None
        entry, staff = found
        # Another process may have published a protocol since this one looked.
        renewed(session)
        visitor = Visitor(staff, entry.csrf_token, frame_for(session, staff, now))
    if now - entry.last_seen_at >= identity.TOUCH_EVERY:
        with writing(engine) as session:
            identity.touch_session(session, entry.id, now=now)
    return visitor


def require_visitor(request: Request) -> Visitor:
    """Who looks; NotLoggedInError sends the browser to the log-in page."""
    visitor = find_visitor(request)
    if visitor is None:
        raise NotLoggedInError("no running session")
    request.state.visitor = visitor
    return visitor
