"""Every error is told in Danish, under the name of the field it is about."""

import json
from typing import Annotated, Any

import pytest
from fastapi.exceptions import RequestValidationError
from pydantic import AwareDatetime, BaseModel, Field, ValidationError
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException

from handlepligt.errors import (
    ConflictError,
    HandlepligtError,
    InvalidInputError,
    NotFoundError,
    RefusedByRuleError,
)
from handlepligt.web.api.problems import (
    TokenRefusedError,
    TooMuchError,
    UnreadableBodyError,
    WrongContentTypeError,
    fields_named,
    problem_of,
    sentences,
)
from handlepligt.web.errors import STATUS
from models.sealing import SealBrokenError


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (UnreadableBodyError(), 400),
        (TokenRefusedError(), 401),
        (NotFoundError(), 404),
        (ConflictError(), 409),
        (RefusedByRuleError("r", user_message="Nej."), 409),
        (TooMuchError(), 413),
        (WrongContentTypeError(), 415),
        (InvalidInputError(problems={"a": "Ret a."}), 422),
        (RequestValidationError([]), 422),
        (SealBrokenError(), 500),
        (OperationalError("SELECT 'Amira'", {}, Exception("Amira")), 503),
        (HTTPException(405), 405),
        (HTTPException(418), 418),
    ],
)
def test_each_error_has_its_status_and_a_danish_detail(error: Exception, status: int) -> None:
    answer = problem_of(error)

    assert answer.status_code == status
    assert answer.media_type == "application/problem+json"
    assert b'"detail":"' in answer.body
    assert b"Amira" not in bytes(answer.body)


def test_the_pages_and_the_api_share_one_table() -> None:
    for kind, status in STATUS:
        if issubclass(kind, HandlepligtError) and kind not in (RefusedByRuleError, HandlepligtError):
            assert problem_of(kind()).status_code == status


def test_an_error_that_is_ours_bears_a_number_to_ask_about() -> None:
    assert b'"incident":"' in bytes(problem_of(SealBrokenError("citizen.name does not open")).body)
    assert b"citizen" not in bytes(problem_of(SealBrokenError("citizen.name does not open")).body)


class _Everything(BaseModel, extra="forbid"):
    text: Annotated[str, Field(min_length=2, max_length=3, pattern="^x")] = "xx"
    number: Annotated[int, Field(ge=1, le=5)] = 1
    inner: dict[str, int] = {}
    at: AwareDatetime | None = None


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"text": 1}, "text", "Skriv en tekst."),
        ({"text": "x"}, "text", "Feltet skal udfyldes."),
        ({"text": "xxxx"}, "text", "Teksten må højst være på 3 tegn."),
        ({"text": "yy"}, "text", "Værdien har ikke den rigtige form."),
        ({"number": 0}, "number", "Tallet skal mindst være 1."),
        ({"number": 6}, "number", "Tallet må højst være 5."),
        ({"number": "two"}, "number", "Skriv et helt tal."),
        ({"number": 1.5}, "number", "Skriv et helt tal."),
        ({"inner": []}, "inner", "Her skal stå et objekt med felter."),
        ({"inner": {"a": "b"}}, "inner.a", "Skriv et helt tal."),
        ({"at": "x"}, "at", "Værdien kan ikke bruges."),
        ({"more": 1}, "more", "Feltet findes ikke."),
        ({"m" * 5000: 1}, "m" * 100, "Feltet findes ikke."),
    ],
)
def test_what_does_not_fit_a_schema_is_said_in_danish(
    given: dict[str, Any], field: str, sentence: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        _Everything.model_validate(given)
    found = [error | {"loc": ("body", *error["loc"])} for error in caught.value.errors()]

    assert sentences(found) == {field: sentence}


def test_problems_are_renamed_and_what_the_error_leaves_behind_is_kept() -> None:
    error = InvalidInputError(problems={"citizen_name": "A", "weather": "B"})
    error.leaves_behind.append("a row")

    with (
        pytest.raises(InvalidInputError) as caught,
        fields_named({"citizen_name": "citizen.name"}, others_under="facts."),
    ):
        raise error

    assert caught.value.problems == {"citizen.name": "A", "facts.weather": "B"}
    assert caught.value.leaves_behind == ["a row"]


def test_a_request_that_does_not_fit_its_schema_has_one_sentence_over_the_fields() -> None:
    missing = [{"type": "missing", "loc": ("body", field), "ctx": {}} for field in ("citizen", "summary")]

    body = json.loads(bytes(problem_of(RequestValidationError(missing)).body))

    assert body["detail"] == "Nogle af felterne skal rettes."
    assert body["errors"] == {"citizen": "Feltet mangler.", "summary": "Feltet mangler."}
