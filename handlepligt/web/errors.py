"""The one table from an error to a status code, and the page or problem document that says it in Danish."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from handlepligt.errors import (
    ConfigurationError,
    ConflictError,
    HandlepligtError,
    InvalidInputError,
    NotAllowedError,
    NotFoundError,
    RefusedByRuleError,
)
from handlepligt.identity import LogInRefusedError
from handlepligt.web.guard import is_api, record_incident
from handlepligt.web.rendering import render_plain
from models.sealing import SealBrokenError


class NotLoggedInError(HandlepligtError):
    """Nobody is logged in, or the session has ended."""

    user_message = "Du er ikke logget ind, eller du har været væk for længe. Log ind igen."


class ForgedFormError(HandlepligtError):
    """A form came without the token of its session: from another site, or from before a new log-in."""

    user_message = "Formularen kan ikke bruges længere. Hent siden igen, og prøv så."


STATUS: tuple[tuple[type[Exception], int], ...] = (
    (NotLoggedInError, 401),
    (LogInRefusedError, 401),
    (ForgedFormError, 403),
    (NotFoundError, 404),
    (NotAllowedError, 403),
    (ConflictError, 409),
    (RefusedByRuleError, 409),
    (InvalidInputError, 422),
    (SealBrokenError, 500),
    (ConfigurationError, 503),
    (DBAPIError, 503),
    (HandlepligtError, 400),
)

# Heading and sentence for an answer that no deliberate error has worded.
PAGES: dict[int, tuple[str, str]] = {
    400: ("Det kan ikke bruges", "Det, der blev sendt, kan ikke læses. Gå tilbage, og prøv igen."),
    401: ("Log ind", NotLoggedInError.user_message),
    403: ("Det må du ikke", "Du har ikke ret til at gøre dette, eller siden er for gammel. Hent den igen."),
    404: ("Findes ikke", NotFoundError.user_message),
    405: ("Det kan ikke lade sig gøre", "Siden kan ikke bruges på den måde. Gå til forsiden."),
    409: ("Sagen er ændret", ConflictError.user_message),
    413: (
        "Det er for meget tekst",
        "Der er sendt mere, end der kan gemmes på én gang. Gå tilbage i browseren: teksten står der stadig. "
        "Forkort den, og send igen.",
    ),
    422: ("Noget skal rettes", "Nogle af oplysningerne kan ikke bruges. Gå tilbage, og ret dem."),
    500: (
        "Der skete en fejl",
        "Intet er gemt. Prøv igen, og sig det til administratoren, hvis det fortsætter.",
    ),
    503: (
        "Handlepligt kan ikke gemme lige nu",
        "Intet er gemt, og intet er gået tabt i sagen. Vent et øjeblik, og prøv igen. Haster det, så ring: "
        "handlepligten gælder også, når systemet er nede.",
    ),
}
# Sentence and heading where it is a file that is too large: no text waits to be made shorter.
LARGE_FILE = (
    "Intet er gemt. En arbejdsgang er en tekst, som mennesker læser, og fylder højst nogle hundrede "
    "kilobyte. Gå tilbage i browseren, og vælg den rigtige fil.",
    "Filen er for stor",
)
_HEADINGS: dict[type[Exception], str] = {RefusedByRuleError: "Det kan ikke gøres endnu"}


def status_of(error: Exception) -> int:
    """The HTTP status of an error; 500 for one that nobody foresaw."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), 500)


def sentence_of(error: Exception) -> str:
    """What is said about an error in Danish; never its own text, which is for the log."""
    if isinstance(error, HandlepligtError):
        return error.user_message
    return PAGES[status_of(error)][1]


def problem(status: int, detail: str, **more: object) -> JSONResponse:
    """An RFC 9457 problem document with a Danish `detail`."""
    title = PAGES.get(status, PAGES[500])[0]
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status_code=status, media_type="application/problem+json")


def install_error_handlers(app: FastAPI) -> None:
    """Registers the table with the application."""
    app.add_exception_handler(HandlepligtError, _deliberate)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(RequestValidationError, _of_the_framework)
    app.add_exception_handler(DBAPIError, _of_the_database)


def refusal(request: Request, status: int, incident: str) -> Response:
    """The answer of the guard, which stands outside the application's own handlers."""
    if status == 413 and request.headers.get("content-type", "").startswith("multipart/"):
        return _answer(request, status, LARGE_FILE[0], heading=LARGE_FILE[1])
    return _answer(request, status, "", incident=incident)


def _deliberate(request: Request, error: Exception) -> Response:
    if isinstance(error, NotLoggedInError) and not is_api(request):
        return _to_log_in(request)
    status = status_of(error)
    if status >= 500:
        record_incident(error)
    more: dict[str, object] = {}
    if isinstance(error, InvalidInputError):
        more["problems"] = error.problems
    if isinstance(error, RefusedByRuleError):
        more |= {"rule": error.rule, "reference": error.reference}
    heading = _HEADINGS.get(type(error), "")
    return _answer(request, status, sentence_of(error), heading=heading, more=more)


def _of_the_framework(request: Request, error: Exception) -> Response:
    if isinstance(error, RequestValidationError):
        # A path or query that is no number is, to the reader, a page that does not exist.
        return _answer(request, 422 if is_api(request) else 404, "")
    assert isinstance(error, HTTPException)
    return _answer(request, error.status_code, "")


def _of_the_database(request: Request, error: Exception) -> Response:
    incident = record_incident(error)
    return _answer(request, 503, "", incident=incident)


def _answer(
    request: Request,
    status: int,
    sentence: str,
    *,
    heading: str = "",
    incident: str = "",
    more: Mapping[str, object] | None = None,
) -> Response:
    known = dict(more or {})
    status = status if status in PAGES else (400 if status < 500 else 500)
    usual_heading, usual_sentence = PAGES[status]
    sentence = sentence or usual_sentence
    if is_api(request):
        return problem(status, sentence, **(known | ({"incident": incident} if incident else {})))
    context = {"heading": heading or usual_heading, "sentence": sentence, "incident": incident}
    return render_plain(request, "error.html", status=status, **(context | known))


def _to_log_in(request: Request) -> Response:
    if request.headers.get("hx-request"):
        # Nothing is swapped in: whoever is typing goes on, and is asked to log in when they send.
        return Response(status_code=401)
    form = getattr(request.state, "form", None)
    if form is not None:
        kept = [(name, value) for name, found in form.values.items() for value in found if name != "csrf"]
        context = {"visitor": None, "to": "/", "username": "", "problem": NotLoggedInError.user_message}
        resumed = {"resume_path": request.url.path, "resume": kept}
        return render_plain(request, "login/show.html", status=401, **context, **resumed)
    asked = request.method == "GET" and request.url.path != "/"
    page = f"/log-ind?{urlencode({'til': request.url.path})}" if asked else "/log-ind"
    return RedirectResponse(page, status_code=303)
