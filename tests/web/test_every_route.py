"""Every address of the product that names a case or a part of one: not yours looks like not there."""

from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlmodel import select
from starlette.testclient import TestClient

from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.link_person import link_person
from handlepligt.cases.offer_handover import offer_handover
from handlepligt.identity import make_token
from handlepligt.settings import Settings
from handlepligt.web import api
from handlepligt.web.app import create_app
from handlepligt.web.pages import ROUTERS
from models import Case, CloseRequest, Deadline, HandoverOffer, LinkedPerson
from models.session import writing
from tests.cases.acting import NOTE, Stage
from tests.web.conftest import Browser, OpenBrowser

CANARIES = ("Kanarie Borgersen", "Kanariens bekymring", "Kanarie Søskende")
MISSING = {"reference": "2026-999999"}
REASON = {"reason": "Nej."}
# What a program sends to each address; none may be missing here.
BODIES: dict[str, Any] = {
    "/cases/{reference}/acute": {},
    "/cases/{reference}/calls": {"contact": "hotline", "outcome": "busy"},
    "/cases/{reference}/followups": {"on": "2027-01-01"},
    "/cases/{reference}/siblings": {"reference": "2026-000001"},
    "/cases/{reference}/handovers": {"to": "otto", "note": NOTE},
    "/cases/{reference}/close-requests": {"end": "over", "has_siblings": "no"} | REASON,
    "/cases/{reference}/reopen": REASON,
    "/cases/{reference}/steps/{key}/complete": {"answers": {}},
    "/cases/{reference}/steps/{key}/skip": REASON,
    "/cases/{reference}/steps/{key}/ticks": {"item": "papers"},
    "/cases/{reference}/steps/{key}/take-up": {},
    "/cases/{reference}/people": {"relation": "sibling", "name": "Samir"},
    "/cases/{reference}/fact-corrections": {"fact": "at_home", "value": "no"} | REASON,
    "/cases/{reference}/forms/{question}/lift": {"band": "high"} | REASON,
    "/cases/{reference}/bypasses": {"role": "boss", "reason": "absent"},
    "/cases/{reference}/migrations": {"to_version": "2026-1"} | REASON,
    "/people/{person_id}/correct": {"facts": {"in_danger": "no"}} | REASON,
    "/people/{person_id}/unlink": REASON,
    "/deadlines/{deadline_id}/acknowledge": {},
    "/deadlines/{deadline_id}/extend": REASON,
    "/handovers/{offer_id}/accept": {},
    "/handovers/{offer_id}/reject": REASON,
    "/handovers/{offer_id}/revoke": {},
    "/close-requests/{request_id}/approve": {},
    "/close-requests/{request_id}/withdraw": {},
}
# Addresses of other rooms, whose own tests say who may: a protocol's name, a message's, a migration's.
ELSEWHERE = (
    "/protocols", "/reports", "/me/", "/migrations", "/protocol-versions", "/protokol", "/svartider",
    "/flytninger", "/opsaetning",
)  # fmt: skip


@dataclass(frozen=True)
class Address:
    """One address with one method; `filled` puts the parts of the path in."""

    method: str
    path: str

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")

    def filled(self, parts: dict[str, str]) -> str:
        return self.path.format(**parts)


def addresses() -> list[Address]:
    routers = [*((router, "") for router in ROUTERS), *((part.router, api.PREFIX) for part in api._PARTS)]
    return [
        Address(method, prefix + route.path)
        for router, prefix in routers
        for route in router.routes
        if isinstance(route, APIRoute) and "{" in route.path and not route.path.startswith(ELSEWHERE)
        for method in sorted(route.methods)
    ]


ADDRESSES = addresses()


@pytest.fixture
def parts(stage: Stage, family_case: Case) -> dict[str, str]:
    """The parts of every path, of a case that has one of each: person, offer, request and deadline."""
    mia = stage.house.mia
    case = stage.raised(track="family", citizen_name=CANARIES[0], summary=CANARIES[1])
    stage.complete(case, "talk", by=mia, worried="no")
    stage.do(link_person, by=mia, case_id=case.id, relation="sibling", name=CANARIES[2])
    answers = {"over_why": "Ingen fare."}
    stage.do(
        ask_to_close, by=mia, case_id=case.id, end_key="over", reason="x", has_siblings="no", answers=answers
    )
    stage.do(offer_handover, by=mia, case_id=case.id, note=NOTE, to_id=stage.house.otto.id)

    def id_of(table: Any) -> str:
        return str(stage.rows(select(table.id).where(table.case_id == case.id))[0])

    return {
        "reference": case.reference,
        "key": "examine",
        "fact": "at_home",
        "question": "risk",
        "person_id": id_of(LinkedPerson),
        "deadline_id": id_of(Deadline),
        "offer_id": id_of(HandoverOffer),
        "request_id": id_of(CloseRequest),
    }


def unknown(parts: dict[str, str]) -> dict[str, str]:
    """The same, of nothing that is there."""
    ids = {name: "0" * 32 for name in parts if name.endswith("_id")}
    return parts | MISSING | ids


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda one: f"{one.method} {one.path}")
def test_what_is_not_yours_answers_like_what_is_not_there(
    open_browser: OpenBrowser, stage: Stage, parts: dict[str, str], address: Address
) -> None:
    if address.is_api:
        app = create_app(Settings(), stage.engine)
        with writing(stage.engine) as session:
            token = make_token(session, stage.house.kim.id or 0, "test", stage.now)
        client = TestClient(app, headers={"Authorization": f"Bearer {token}"})
        body = BODIES[address.path.removeprefix("/api/v1")] if address.method == "POST" else None

        def asked(path: str) -> Any:
            return client.request(address.method, path, json=body)
    else:
        browser: Browser = open_browser("kim")

        def asked(path: str) -> Any:
            if address.method == "GET":
                return browser.client.get(path)
            return browser.post(path, round="1", reason="Nej.")

    hidden, missing = asked(address.filled(parts)), asked(address.filled(unknown(parts)))

    assert hidden.status_code == 404, hidden.text
    assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)
    assert not [word for word in CANARIES if word in hidden.text]


def test_the_addresses_of_what_a_kernel_can_do_are_among_them() -> None:
    pages = {one.path for one in ADDRESSES if not one.is_api}

    assert {
        "/sager/{reference}/personer",
        "/sager/{reference}/personer/{person_id}/ret",
        "/sager/{reference}/oplysninger/{fact}",
        "/sager/{reference}/skemaer/{question}",
        "/sager/{reference}/uden-om",
        "/sager/{reference}/frister/{deadline_id}/forlaeng",
        "/sager/{reference}/trin/{key}/hak",
    } <= pages
    posts = {one.path.removeprefix("/api/v1") for one in ADDRESSES if one.is_api and one.method == "POST"}
    assert posts == set(BODIES)
