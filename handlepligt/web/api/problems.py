"""Says every error of the API as a problem document (RFC 9457) with a Danish detail."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from handlepligt.errors import HandlepligtError, InvalidInputError, RefusedByRuleError
from handlepligt.web.errors import PAGES, NotLoggedInError, sentence_of, status_of
from handlepligt.web.guard import record_incident
from protocols.problems import DefinitionRefused

MEDIA_TYPE = "application/problem+json"
_LONGEST_FIELD = 100


class TokenRefusedError(NotLoggedInError):
    """No token, or one that is unknown, expired, revoked or whose owner does not work here any more."""

    user_message = "Adgangsnøglen mangler, er udløbet eller er trukket tilbage. Bed om en ny."


class UnreadableBodyError(HandlepligtError):
    """The body is not JSON."""

    user_message = "Det, der blev sendt, er ikke gyldig JSON."


class WrongContentTypeError(HandlepligtError):
    """The body says that it is something else than JSON."""

    user_message = "Send JSON, og skriv Content-Type: application/json."


class TooMuchError(HandlepligtError):
    """The body is larger than anything the API takes."""

    user_message = PAGES[413][1]


# What only a program can do wrong; everything else is in the table that pages and API share.
_STATUS: Mapping[type[Exception], int] = {
    UnreadableBodyError: 400,
    WrongContentTypeError: 415,
    TooMuchError: 413,
    DefinitionRefused: 422,
}
_TITLES = {415: "Forkert format"}

HANDLED = (HandlepligtError, RequestValidationError, HTTPException, DBAPIError)


def problem_of(error: Exception) -> JSONResponse:
    """The answer to an error that one of the routes raised."""
    if isinstance(error, RequestValidationError):
        error = InvalidInputError(problems=sentences(error.errors()))
        # Many short sentences say nothing without the names of their fields.
        error.user_message = InvalidInputError.user_message
    if isinstance(error, HTTPException):
        return _document(error.status_code, PAGES.get(error.status_code, PAGES[400])[1])
    status = _STATUS.get(type(error), status_of(error))
    more: dict[str, object] = {}
    if isinstance(error, InvalidInputError):
        more["errors"] = error.problems
    if isinstance(error, DefinitionRefused):
        more["problems"] = [{**asdict(problem), "user_message": problem.danish} for problem in error.problems]
    if isinstance(error, RefusedByRuleError):
        more["rule"] = error.rule
        if error.reference:
            more["reference"] = error.reference
    if status >= 500:
        more["incident"] = record_incident(error)
    answer = _document(status, sentence_of(error), **more)
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="handlepligt"'
    return answer


def _document(status: int, detail: str, **more: object) -> JSONResponse:
    title = _TITLES[status] if status in _TITLES else PAGES.get(status, PAGES[400])[0]
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE)


@contextmanager
def fields_named(names: Mapping[str, str] | None = None, *, others_under: str = "") -> Iterator[None]:
    """Inside it, problems with fields are told under the names that the body of the request gives them.

    The use cases name fields in their own way; `others_under` is put before every name not in `names`.
    """
    try:
        yield
    except InvalidInputError as error:
        known = names or {}
        error.problems = {
            known.get(field, f"{others_under}{field}"): sentence for field, sentence in error.problems.items()
        }
        raise


def sentences(errors: Sequence[Any]) -> dict[str, str]:
    """A Danish sentence for each field that does not fit its schema."""
    return {_field(error["loc"]): _sentence(error["type"], error.get("ctx", {})) for error in errors}


def _field(place: Sequence[str | int]) -> str:
    # The first word says where it stood: body, query or header. A body that is no object has no field.
    return ".".join(str(part) for part in place[1:])[:_LONGEST_FIELD] or str(place[0])


def _sentence(kind: str, context: Mapping[str, Any]) -> str:
    if kind == "value_error":
        return str(context["error"])
    form, needed = _SENTENCES.get(kind, ("Værdien kan ikke bruges.", ()))
    return form.format(*(context.get(name, "") for name in needed))


_SENTENCES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "missing": ("Feltet mangler.", ()),
    "extra_forbidden": ("Feltet findes ikke.", ()),
    "string_type": ("Skriv en tekst.", ()),
    "string_unicode": ("Teksten indeholder tegn, der ikke kan gemmes. Skriv den uden dem.", ()),
    "string_too_short": ("Feltet skal udfyldes.", ()),
    "string_too_long": ("Teksten må højst være på {} tegn.", ("max_length",)),
    "string_pattern_mismatch": ("Værdien har ikke den rigtige form.", ()),
    "int_type": ("Skriv et helt tal.", ()),
    "int_parsing": ("Skriv et helt tal.", ()),
    "int_from_float": ("Skriv et helt tal.", ()),
    "int_parsing_size": ("Tallet er for stort.", ()),
    "greater_than_equal": ("Tallet skal mindst være {}.", ("ge",)),
    "less_than_equal": ("Tallet må højst være {}.", ("le",)),
    "literal_error": ("Vælg en af disse: {}.", ("expected",)),
    "dict_type": ("Her skal stå et objekt med felter.", ()),
    "too_long": ("Der må højst være {}.", ("max_length",)),
    "model_type": ("Her skal stå et objekt med felter.", ()),
    "model_attributes_type": ("Her skal stå et objekt med felter.", ()),
}
