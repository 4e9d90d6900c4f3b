"""The API's own description is right, whole, and served by the product."""

from typing import Any

from fastapi.routing import APIRoute
from jsonschema import Draft202012Validator

from handlepligt.web import api as face
from tests.web.api.calling import Api

ROUTES = {
    "POST /cases",
    "GET /cases",
    "GET /cases/{reference}",
    "GET /cases/{reference}/steps",
    "POST /cases/{reference}/steps/{key}/complete",
    "POST /cases/{reference}/steps/{key}/skip",
    "POST /cases/{reference}/steps/{key}/ticks",
    "POST /cases/{reference}/steps/{key}/take-up",
    "GET /cases/{reference}/people",
    "POST /cases/{reference}/people",
    "POST /people/{person_id}/correct",
    "POST /people/{person_id}/unlink",
    "GET /cases/{reference}/sub-cases",
    "POST /cases/{reference}/fact-corrections",
    "POST /cases/{reference}/forms/{question}/lift",
    "GET /cases/{reference}/bypasses",
    "POST /cases/{reference}/bypasses",
    "POST /deadlines/{deadline_id}/extend",
    "POST /cases/{reference}/acute",
    "POST /cases/{reference}/calls",
    "POST /cases/{reference}/handovers",
    "GET /handovers/{offer_id}",
    "POST /handovers/{offer_id}/accept",
    "POST /handovers/{offer_id}/reject",
    "POST /handovers/{offer_id}/revoke",
    "GET /cases/{reference}/duty",
    "POST /cases/{reference}/followups",
    "POST /cases/{reference}/close-requests",
    "POST /close-requests/{request_id}/approve",
    "POST /close-requests/{request_id}/withdraw",
    "POST /cases/{reference}/reopen",
    "POST /cases/{reference}/siblings",
    "POST /deadlines/{deadline_id}/acknowledge",
    "GET /cases/{reference}/events",
    "GET /reports",
    "GET /reports/{key}",
    "GET /protocols",
    "GET /protocols/{key}/{version}",
    "GET /protocols/{key}/drawing.svg",
    "GET /protocols/versions",
    "POST /protocols/versions",
    "GET /protocols/versions/{version_id}",
    "POST /protocols/versions/{version_id}/publish",
    "POST /protocols/versions/{version_id}/withdraw",
    "POST /protocols/versions/{version_id}/discard",
    "GET /cases/{reference}/migrations",
    "POST /cases/{reference}/migrations",
    "POST /migrations/{migration_id}/approve",
    "POST /migrations/{migration_id}/withdraw",
    "POST /migrations/{migration_id}/undo",
    "GET /contacts/now",
    "GET /me",
    "GET /me/inbox",
    "POST /me/inbox/{message_id}/read",
    "GET /healthz",
    "GET /readyz",
}


def _document(api: Api) -> dict[str, Any]:
    document: dict[str, Any] = api.client.get("/api/v1/openapi.json").json()
    return document


def _operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path.removeprefix('/api/v1')}": operation
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }


def test_every_route_is_described_and_no_other(api: Api) -> None:
    assert set(_operations(_document(api))) == ROUTES


def test_every_reference_leads_somewhere_and_every_schema_is_one(api: Api) -> None:
    document = _document(api)

    references: set[str] = set()
    waiting: list[Any] = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            references |= {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    schemas = document["components"]["schemas"]
    assert document["openapi"].startswith("3.1")
    assert {one.removeprefix("#/components/schemas/") for one in references} <= set(schemas)
    for schema in schemas.values():
        Draft202012Validator.check_schema(schema)
    numbers = [operation["operationId"] for operation in _operations(document).values()]
    assert len(numbers) == len(set(numbers))


def test_every_write_takes_a_key_and_every_route_but_health_a_token(api: Api) -> None:
    for name, operation in _operations(_document(api)).items():
        headers = {one["name"] for one in operation.get("parameters", []) if one["in"] == "header"}
        assert ("Idempotency-Key" in headers) == name.startswith("POST"), name
        assert ("security" in operation) == (name not in ("GET /healthz", "GET /readyz")), name
        if "security" in operation:
            said = operation["responses"]
            assert {"401", "404", "422"} <= set(said)
            assert "application/problem+json" in said["404"]["content"]


def test_what_is_answered_is_what_is_described(api: Api) -> None:
    document = _document(api)
    operations = _operations(document)
    mia, lars, reference = api.house.mia, api.house.lars, api.raised()
    asked = {
        "GET /cases": (mia, "/cases"),
        "GET /cases/{reference}": (mia, f"/cases/{reference}"),
        "GET /cases/{reference}/steps": (mia, f"/cases/{reference}/steps"),
        "GET /cases/{reference}/events": (mia, f"/cases/{reference}/events"),
        "GET /cases/{reference}/people": (mia, f"/cases/{reference}/people"),
        "GET /cases/{reference}/bypasses": (mia, f"/cases/{reference}/bypasses"),
        "GET /cases/{reference}/sub-cases": (mia, f"/cases/{reference}/sub-cases"),
        "GET /cases/{reference}/duty": (mia, f"/cases/{reference}/duty"),
        "GET /reports/{key}": (lars, "/reports/open_cases"),
        "GET /protocols/{key}/{version}": (mia, "/protocols/professional/2026-1"),
        "GET /contacts/now": (mia, "/contacts/now?track=professional"),
        "GET /me": (mia, "/me"),
        "GET /me/inbox": (lars, "/me/inbox"),
    }

    for name, (who, path) in asked.items():
        schema = operations[name]["responses"]["200"]["content"]["application/json"]["schema"]
        whole = schema | {"components": document["components"]}
        Draft202012Validator(whole).validate(api.ask(who, "GET", path).json())


def test_problems_are_what_is_described(api: Api) -> None:
    document = _document(api)
    schema = document["components"]["schemas"]["Problem"] | {"components": document["components"]}
    mia = api.house.mia

    for answer in (
        api.post(mia, "/cases", {}),
        api.get(mia, "/cases/2026-000001"),
        api.client.get("/api/v1/me"),
        api.get(mia, "/nowhere"),
    ):
        Draft202012Validator(schema).validate(answer.json())
        assert answer.json()["status"] == answer.status_code


def test_the_description_loads_nothing_from_elsewhere(api: Api) -> None:
    answer = api.client.get("/api/v1/openapi.json")

    assert "http" not in answer.text.replace("HTTPBearer", "").replace('"type":"http"', "")
    assert api.client.get("/api/v1/docs").status_code == 404
    assert api.client.get("/docs").status_code == 404


def test_health_is_told_without_a_token_at_both_addresses(api: Api) -> None:
    for path in ("/healthz", "/api/v1/healthz"):
        assert api.client.get(path).json() == {"status": "ok"}
    assert api.client.get("/api/v1/readyz").json()["database"]
    assert api.client.get("/readyz").status_code == api.client.get("/api/v1/readyz").status_code


def test_every_described_route_is_guarded_by_the_token(api: Api) -> None:
    paths = [
        (method, route.path)
        for part in face._PARTS
        for route in part.router.routes
        if isinstance(route, APIRoute)
        for method in route.methods
    ]

    assert len(paths) == len(ROUTES) - 2
    for method, path in paths:
        assert api.client.request(method, f"/api/v1{path}").status_code == 401, path
