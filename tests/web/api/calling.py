"""Speaks to the API as a program would: one address, a token each, and a clock that the test moves."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from httpx import Response
from sqlalchemy import Engine
from sqlmodel import Session, func, select

from handlepligt.identity import make_token
from handlepligt.settings import Settings
from handlepligt.web.app import create_app
from models import AccessLogEntry, Staff
from models.session import reading, writing
from tests.house import House
from tests.make import MONDAY

NOTE = {
    "situation": "Hun er hos en veninde.",
    "risk": "Familien leder efter hende.",
    "next_action": "Ring til skolen kl. 9.",
    "avoid": "Ring ikke til hjemmet.",
}
CONCERN: dict[str, Any] = {
    "citizen": {"name": "Amira Opdigtet", "birth_date": "2009-05-01"},
    "summary": "Hun er bange for at komme hjem.",
}
MUST_ANSWER = "Spørgsmålet skal besvares."
NOT_ASKED = "Spørgsmålet stilles ikke"


class Clock:
    """The time of the installation. It moves a millisecond at each question, so that things have an order."""

    def __init__(self) -> None:
        self.at = MONDAY

    def now(self) -> datetime:
        self.at += timedelta(milliseconds=1)
        return self.at

    def later(self, length: timedelta) -> None:
        self.at += length


class Api:
    """The whole product over one database, spoken to by anybody of the house."""

    def __init__(self, engine: Engine, house: House, clock: Clock, data: Path) -> None:
        self.engine, self.house, self.clock = engine, house, clock
        self.app = create_app(Settings(data=data), engine)
        self.client = TestClient(self.app, raise_server_exceptions=False)
        self._tokens: dict[int, str] = {}

    def token(self, who: Staff) -> str:
        assert who.id is not None
        if who.id not in self._tokens:
            with writing(self.engine) as session:
                self._tokens[who.id] = make_token(session, who.id, "test", self.clock.at)
        return self._tokens[who.id]

    def ask(self, who: Staff, method: str, path: str, **more: Any) -> Response:
        headers = {"Authorization": f"Bearer {self.token(who)}"} | more.pop("headers", {})
        answer: Response = self.client.request(method, f"/api/v1{path}", headers=headers, **more)
        return answer

    def get(self, who: Staff, path: str, **params: Any) -> Response:
        return self.ask(who, "GET", path, params=params)

    def post(self, who: Staff, path: str, body: Any = None, *, key: str | None = None) -> Response:
        headers = {"Idempotency-Key": key} if key is not None else {}
        return self.ask(who, "POST", path, json=body, headers=headers)

    def did(self, who: Staff, path: str, body: Any = None, *, key: str | None = None) -> Any:
        """What came back from a write that must work."""
        answer = self.post(who, path, body, key=key)
        assert answer.status_code in (200, 201), (path, answer.status_code, answer.text)
        return answer.json()

    def saw(self, who: Staff, path: str, **params: Any) -> Any:
        """What came back from a read that must work."""
        answer = self.get(who, path, **params)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    def raised(self, who: Staff | None = None, **fields: Any) -> str:
        """The reference of a new case."""
        reference: str = self.did(who or self.house.mia, "/cases", CONCERN | fields)["reference"]
        return reference

    def complete(self, who: Staff, reference: str, key: str, **chosen: Any) -> Any:
        """Completes a step as a program that knows nothing of it can: plain answers, mended as told."""
        steps = self.saw(who, f"/cases/{reference}/steps")["items"]
        step = next(one for one in steps if one["key"] == key and one["settled_at"] is None)
        questions = {one["key"]: one for one in step["questions"]}
        plain = {name: self._plain(one) for name, one in questions.items()}
        answers = chosen | {
            name: plain[name]
            for name, one in questions.items()
            if name not in chosen and one["is_asked"] and one["is_required"]
        }
        for _ in range(5):
            answer = self.post(who, f"/cases/{reference}/steps/{key}/complete", {"answers": answers})
            if answer.status_code != 422:
                break
            for field, sentence in answer.json()["errors"].items():
                name = field.removeprefix("answers.")
                if sentence == MUST_ANSWER:
                    answers[name] = plain[name]
                elif sentence.startswith(NOT_ASKED):
                    del answers[name]
        assert answer.status_code == 200, (key, answer.status_code, answer.text)
        return answer.json()

    def _plain(self, question: dict[str, Any]) -> Any:
        if question["must_be"]:
            return question["must_be"]
        match question["type"]:
            case "yes_no" | "yes_no_unknown":
                return "no"
            case "choice":
                return next(iter(question["choices"]))
            case "choices":
                return [next(iter(question["choices"]))]
            case "date":
                return self.clock.at.date().isoformat()
            case "datetime":
                return self.clock.at.astimezone(UTC).isoformat()
            case "number":
                return 1
            case "contact":
                return question["contacts"][0]
            case "person":
                one = question["people"][0]
                return {"role": one["role"], "staff": one["staff"]}
            case _:
                return "Det gik godt."

    def ready_to_close(self, who: Staff | None = None, **fields: Any) -> str:
        """A case whose only open step is the last: nobody is concerned any more."""
        who = who or self.house.mia
        reference = self.raised(who, **({"facts": {"underretning_received": "no"}} | fields))
        self.complete(who, reference, "discuss", sparring_needed="no")
        self.complete(who, reference, "assess", still_concerned="no")
        self.complete(who, reference, "siblings", other_children="no")
        return reference

    def asked_to_close(self, who: Staff, reference: str, **fields: Any) -> str:
        """The id of a request to close."""
        body = {
            "end": "not_concerned",
            "reason": "Ingen fare længere.",
            "has_siblings": "no",
            "answers": {"closing_reason": "Ingen fare."},
        }
        request: str = self.did(who, f"/cases/{reference}/close-requests", body | fields)["id"]
        return request

    def offered(self, who: Staff, reference: str, to: str) -> str:
        """The id of an offer of the duty."""
        offer: str = self.did(who, f"/cases/{reference}/handovers", {"to": to, "note": NOTE})["id"]
        return offer

    def count(self, table: Any) -> int:
        with reading(self.engine) as session:
            return count_of(session, table)

    def looks(self) -> list[tuple[int | None, bool, str]]:
        """The access log: who, whether let in, through which face."""
        with reading(self.engine) as session:
            rows = session.exec(select(AccessLogEntry).order_by(AccessLogEntry.id)).all()  # type: ignore[arg-type]
            return [(row.staff_id, row.was_allowed, row.face) for row in rows]


def count_of(session: Session, table: Any) -> int:
    return session.exec(select(func.count()).select_from(table)).one()
