"""Does a write once for each Idempotency-Key: the same request with the same key gets the same answer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Header, Request
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select
from starlette.responses import Response

from handlepligt import clock
from handlepligt.errors import ConflictError
from handlepligt.web.api.callers import Work, as_json
from handlepligt.web.api.problems import TokenRefusedError
from models import AnsweredWrite, Staff
from models.session import writing

LONGEST_KEY = 200
_ATTEMPTS = 5
_UNANSWERED = 0

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=LONGEST_KEY,
        pattern=r"^[\x21-\x7e]+$",
        description="Choose a new one for each act and repeat it when you repeat the request: the act is "
        "done once, and the repeated request gets the first answer.",
    ),
]


class KeyReusedError(ConflictError):
    """The key was used for another request."""

    user_message = "Nøglen i Idempotency-Key er allerede brugt til noget andet. Vælg en ny."


class _TakenError(Exception):
    """A request with the same key finished while this one began."""


@dataclass(frozen=True)
class Write:
    """One write of one member of staff; `fingerprint` says what is asked."""

    engine: Engine
    staff_id: int
    key: str | None
    fingerprint: str

    def once(self, work: Work, *, status: int = 200) -> Response:
        """Does `work` in one transaction with its stored answer, or gives the answer it got before.

        Only what was done is stored: a refused request may be mended and sent again with its key.
        Raises KeyReusedError when the key belongs to another request, and what `work` raises.
        """
        for _ in range(_ATTEMPTS):
            try:
                return self._attempt(work, status)
            except _TakenError:
                continue
        raise ConflictError("the same request goes on elsewhere")

    def _attempt(self, work: Work, status: int) -> Response:
        with writing(self.engine) as session:
            by = session.get(Staff, self.staff_id)
            if by is None or not by.is_active:
                raise TokenRefusedError("the token's owner left a moment ago")
            # Read here and not before: a request that waited for another one acts after it.
            now = clock.now()
            stored = self._answered(session)
            if stored is not None:
                return as_json(stored.body, stored.status)
            kept = self._reserve(session, now)
            body = work(session, by, now).model_dump_json()
            if kept is not None:
                kept.status, kept.body = status, body
                session.add(kept)
        return as_json(body, status)

    def _answered(self, session: Session) -> AnsweredWrite | None:
        if self.key is None:
            return None
        stored = session.exec(
            select(AnsweredWrite).where(
                AnsweredWrite.staff_id == self.staff_id, AnsweredWrite.key == self.key
            )
        ).first()
        if stored is not None and stored.request_hash != self.fingerprint:
            raise KeyReusedError("the key was used for another request")
        return stored

    def _reserve(self, session: Session, now: datetime) -> AnsweredWrite | None:
        """Takes the key before anything is done, so that an equal request waits here until this one ends."""
        if self.key is None:
            return None
        kept = AnsweredWrite(
            staff_id=self.staff_id,
            key=self.key,
            request_hash=self.fingerprint,
            status=_UNANSWERED,
            body_sealed=b"",
            at=now,
        )
        kept.body = ""
        session.add(kept)
        try:
            session.flush()
        except IntegrityError as error:
            raise _TakenError from error
        return kept


def _write(request: Request, idempotency_key: Key = None) -> Write:
    staff: Staff = request.state.caller
    assert staff.id is not None
    return Write(request.app.state.engine, staff.id, idempotency_key, request.state.fingerprint)


Writes = Annotated[Write, Depends(_write)]
