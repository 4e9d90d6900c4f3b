"""Acts a case out: people do things to it one after the other, at a clock that the test moves."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handlepligt.cases.accept_handover import accept_handover
from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.case_state import definition_of, state_of
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.offer_handover import offer_handover
from handlepligt.cases.people import resolve
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.errors import HandlepligtError
from models import (
    Case,
    CaseEvent,
    CaseStep,
    CloseRequest,
    Deadline,
    DutyHolding,
    HandoverOffer,
    Notification,
    Row,
    Staff,
    Team,
)
from models.session import reading, writing
from protocols.definition import Definition
from protocols.engine import questions_for
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.state import CaseState
from tests.house import House
from tests.make import MONDAY, make_staff

NOTE = {
    "situation": "Hun er hos en veninde.",
    "risk": "Familien leder efter hende.",
    "next_action": "Ring til skolen kl. 9.",
    "avoid": "Ring ikke til hjemmet.",
}
CHILD, ADULT = date(2009, 5, 1), date(2001, 5, 1)
Rows = dict[str, set[tuple[Any, ...]]]


class Stage:
    """One database, its people and the time. `do` is one request: a session, a verb, a commit."""

    def __init__(self, engine: Engine, house: House) -> None:
        self.engine, self.house, self.now = engine, house, MONDAY

    def later(self, length: timedelta) -> datetime:
        self.now += length
        return self.now

    def do(self, verb: Callable[..., Any], *, by: Staff, **given: Any) -> Any:
        with writing(self.engine) as session:
            return verb(session, by=session.get_one(Staff, by.id), now=self.now, **given)

    def refused(
        self, kind: type[HandlepligtError], verb: Callable[..., Any], *, by: Staff, **given: Any
    ) -> Any:
        """The error; the database is as it was but for what a refusal leaves behind."""
        before = dump(self.engine)
        with pytest.raises(HandlepligtError) as caught:
            self.do(verb, by=by, **given)
        error = caught.value
        assert isinstance(error, kind), repr(error)
        left: dict[str, int] = {}
        for row in error.leaves_behind:
            left[row.__tablename__] = left.get(row.__tablename__, 0) + 1  # type: ignore[attr-defined]
        added, gone = changes(before, dump(self.engine))
        assert gone == {}
        assert {table: len(rows) for table, rows in added.items()} == left
        assert set(left) <= {"access_log", "case_event"}
        return error

    # What tests do most often, with the rest filled in.

    def raised(self, *, by: Staff | None = None, **given: Any) -> Case:
        given = {"citizen_name": "Amira Opdigtet", "summary": "Hun er bange.", "birth_date": CHILD} | given
        case: Case = self.do(raise_concern, by=by or self.house.mia, **given)
        return case

    def complete(self, case: Case, step_key: str, *, by: Staff, person: str = "", **answers: Any) -> CaseStep:
        """Completes the open round, each question not named answered with the first answer that can be."""
        given = self.answers(case, step_key, person=person, **answers)
        step: CaseStep = self.do(
            complete_step, by=by, case_id=case.id, step_key=step_key, answers=given, person=person
        )
        return step

    def answers(self, case: Case, step_key: str, *, person: str = "", **chosen: Any) -> dict[str, Any]:
        with reading(self.engine) as session:
            return plain_answers(session, session.get_one(Case, case.id), step_key, self.now, chosen, person)

    def hand_over(self, case: Case, *, by: Staff, to: Staff) -> HandoverOffer:
        offer = self.do(offer_handover, by=by, case_id=case.id, note=NOTE, to_id=to.id)
        accepted: HandoverOffer = self.do(accept_handover, by=to, offer_id=offer.id)
        return accepted

    def close(
        self, case: Case, *, by: Staff, leader: Staff, end: str = "not_concerned", **given: Any
    ) -> Case:
        request = self.ask(case, by=by, end=end, **given)
        closed: Case = self.do(approve_close, by=leader, request_id=request.id)
        return closed

    def ask(self, case: Case, *, by: Staff, end: str = "not_concerned", **given: Any) -> CloseRequest:
        answers = {"closing_reason": "Ingen fare."}
        if end == "help_in_place":
            answers["closing_help"] = "En kontaktperson."
        given = {"has_siblings": "no", "reason": "Ingen fare længere.", "answers": answers} | given
        request: CloseRequest = self.do(ask_to_close, by=by, case_id=case.id, end_key=end, **given)
        return request

    def ready_to_close(self, *, by: Staff | None = None, **given: Any) -> Case:
        """A case whose only open step is the last: nobody is concerned any more."""
        by = by or self.house.mia
        given = {"facts": {"underretning_received": "no"}} | given
        case = self.raised(by=by, **given)
        self.complete(case, "discuss", by=by, sparring_needed="no")
        self.complete(case, "assess", by=by, still_concerned="no")
        self.complete(case, "siblings", by=by, other_children="no")
        return case

    def colleague(self) -> Staff:
        """Nora, an adviser for children beside Mia."""
        with writing(self.engine) as session:
            team = session.get_one(Team, self.house.nord.id)
            return make_staff(session, name="Nora Elm", team=team, pool="under_18")

    # What is there now.

    def case(self, case: Case) -> Case:
        with reading(self.engine) as session:
            return session.get_one(Case, case.id)

    def open_steps(self, case: Case) -> list[str]:
        return [step.key for step in self.steps(case) if step.settled_at is None]

    def steps(self, case: Case) -> list[CaseStep]:
        return self._all(select(CaseStep).where(CaseStep.case_id == case.id).order_by(col(CaseStep.sequence)))

    def step(self, case: Case, key: str, round_: int = 1, person: str = "") -> CaseStep:
        wanted = (key, round_, person)
        return next(step for step in self.steps(case) if (step.key, step.round, step.person) == wanted)

    def events(self, case: Case) -> list[CaseEvent]:
        return self._all(
            select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(col(CaseEvent.number))
        )

    def kinds(self, case: Case) -> list[str]:
        return [event.kind for event in self.events(case)]

    def deadlines(self, case: Case) -> dict[tuple[str, int], Deadline]:
        rows = self._all(select(Deadline).where(Deadline.case_id == case.id))
        return {(row.key, row.step_round): row for row in rows}

    def holdings(self, case: Case) -> list[DutyHolding]:
        return self._all(
            select(DutyHolding).where(DutyHolding.case_id == case.id).order_by(col(DutyHolding.since))
        )

    def told(self, message: str) -> set[int]:
        """Ids of the staff for whom such a message has been queued."""
        return set(self._all(select(Notification.staff_id).where(Notification.message == message)))

    def rows(self, query: Any) -> list[Any]:
        return self._all(query)

    def _all(self, query: Any) -> list[Any]:
        with reading(self.engine) as session:
            return list(session.exec(query).all())


def dump(engine: Engine) -> Rows:
    """Every row of every table, as the driver gives it."""
    with engine.connect() as connection:
        return {
            table.name: {tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{table.name}"')}
            for table in Row.metadata.sorted_tables
        }


def changes(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """What was added and what went away, by table."""
    added = {name: rows for name in after if (rows := after[name] - before[name])}
    gone = {name: rows for name in before if (rows := before[name] - after[name])}
    return added, gone


def plain_answers(
    session: Session, case: Case, step_key: str, now: datetime, chosen: Mapping[str, Any], person: str = ""
) -> dict[str, Any]:
    """Answers that can be used: those chosen, and the plainest to everything else that must be answered."""
    definition, state = definition_of(case), state_of(session, case, now)
    return filled_in(
        definition, step_key, state, chosen, lambda one: plain(session, definition, case, one, now), person
    )


def filled_in(
    definition: Definition,
    step_key: str,
    state: CaseState,
    chosen: Mapping[str, Any],
    answer: Callable[[Question], Any],
    person: str = "",
) -> dict[str, Any]:
    """Answers question after question, for what is asked depends on what was answered above."""
    given: dict[str, Any] = dict(chosen)
    for key in definition.step(step_key).questions:
        asked = {one.key: one for one in questions_for(definition, step_key, state, given, person)}
        if key not in given and key in asked:
            value = answer(asked[key])
            if value is not None:
                given[key] = value
    return given


def plain(session: Session, definition: Definition, case: Case, question: Question, now: datetime) -> Any:
    """The plainest answer: no, the first choice, a word, today; None where the question may be left."""
    if question.must_be:
        return question.must_be
    if not question.required:
        return None
    match question.type:
        case QuestionType.YES_NO | QuestionType.YES_NO_UNKNOWN:
            return "no"
        case QuestionType.CHOICE:
            return next(iter(question.choices))
        case QuestionType.CHOICES:
            return [next(iter(question.choices))]
        case QuestionType.TEXT | QuestionType.LONG_TEXT:
            return "Det gik godt."
        case QuestionType.DATE:
            return now.date().isoformat()
        case QuestionType.DATETIME:
            return now.astimezone(UTC).isoformat()
        case QuestionType.NUMBER:
            return 1
        case QuestionType.CONTACT:
            return question.contacts[0]
        case QuestionType.PERSON:
            return next(
                {"role": role, "staff": one.id}
                for role in question.roles
                for one in resolve(session, definition, role, case, now)
            )
