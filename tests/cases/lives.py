"""People who do things to cases at random, and what is looked at after each thing they do."""

from collections.abc import Callable
from datetime import UTC, timedelta
from random import Random
from typing import Any

from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
)
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from handlepligt.cases.case_state import definition_of, state_of, steps_of
from handlepligt.cases.people import owners_of, resolve
from handlepligt.cases.presence import set_aside_in
from handlepligt.cases.relations import relations_to
from handlepligt.errors import HandlepligtError, NotFoundError
from models import Case, Notification, SetAside, Staff
from models.session import reading, writing
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from tests.cases.acting import Rows, changes, dump, filled_in
from tests.cases.any_case import DENMARK, check_case
from tests.databases import empty
from tests.house import make_house
from tests.make import DAY, HOUR, MONDAY, make_staff


class SomeLives(RuleBasedStateMachine):
    """Several people, several cases, a clock; `act` is one request by one of them."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine, self.now, self.acts = engine, MONDAY, 0
        empty(engine)
        with writing(engine) as session:
            house = make_house(session)
            nora = make_staff(session, name="Nora Elm", team=house.nord, pool="under_18")
            # Whoever belongs to a pool may be offered a case of any team; Kim belongs to none.
            session.get_one(Staff, house.kim.id).pool = ""
            self.people = [
                house.mia, nora, house.otto, house.frida, house.lars, house.karin, house.hanne, house.kim,
                house.selma,
            ]  # fmt: skip
            self.kim, self.leaders = house.kim, (house.lars.id, house.karin.id)
        self.rows: Rows = dump(engine)
        self.related: dict[str, set[int]] = {}
        self.changed: set[Any] = set()
        self.wakes: dict[str, int] = {}
        self.told_before: dict[tuple[str, int], int] = {}

    # What the rules below are made of.

    def act(self, verb: Callable[..., Any], *, by: Staff | None, **given: Any) -> Any:
        """One request. A refusal changes nothing; the others are the product's promises, checked below."""
        before, refusal, result = self.rows, None, None
        try:
            with writing(self.engine) as session:
                who = {} if by is None else {"by": session.get_one(Staff, by.id)}
                result = verb(session, now=self.now, **who, **given)
        except HandlepligtError as error:
            refusal = error
        self.rows = dump(self.engine)
        added, gone = changes(before, self.rows)
        self.changed |= {value for rows in (*added.values(), *gone.values()) for row in rows for value in row}
        if refusal is None:
            assert by is not self.kim, f"Kim succeeded with {verb.__name__}"
            assert not {"case_event", "access_log", "notification"} & set(gone)
            return result
        left = sorted(row.__tablename__ for row in refusal.leaves_behind)  # type: ignore[attr-defined]
        assert gone == {}, f"{verb.__name__} was refused and changed {gone}"
        assert sorted(table for table, rows in added.items() for _ in rows) == left
        if by is self.kim:
            assert type(refusal) is NotFoundError, refusal
            assert str(refusal) == "no such case for this person"
            assert refusal.user_message == NotFoundError.user_message
            assert left == ["access_log"]
        return None

    def someone(self, rnd: Random, *likely: int | None) -> Staff:
        """Mostly one of the likely, sometimes anybody at all."""
        known = [one for one in self.people if one.id in likely]
        return rnd.choice(known) if known and rnd.random() < 0.8 else rnd.choice(self.people)

    def chosen_case(self, rnd: Random, *, closed: bool = False) -> Case:
        with reading(self.engine) as session:
            cases = list(session.exec(select(Case).order_by(col(Case.reference))))
        fitting = [case for case in cases if (case.closed_at is not None) == closed]
        return rnd.choice(fitting if fitting and rnd.random() < 0.9 else cases)

    def chosen(self, rnd: Random, table: Any, order: Any, status: str = "") -> Any:
        """One of the newest rows of a table, mostly one of that status; None when there is none."""
        with reading(self.engine) as session:
            rows = list(session.exec(select(table).order_by(col(order).desc()).limit(8)))
        fitting = [row for row in rows if status and row.status == status]
        return rnd.choice(fitting if fitting and rnd.random() < 0.85 else rows) if rows else None

    def holder(self, case: Case) -> Staff:
        """Whoever of the staff keeps the case now."""
        with reading(self.engine) as session:
            return session.get_one(Staff, session.get_one(Case, case.id).keeper_id)

    def case_of(self, case_id: str) -> Case:
        with reading(self.engine) as session:
            return session.get_one(Case, case_id)

    def has_cases(self) -> bool:
        return bool(self.wakes)

    def doer(self, case: Case, key: str) -> Staff:
        """Whoever does the step: its owner where it must be theirs, else the holder."""
        definition = definition_of(case)
        with reading(self.engine) as session:
            owners = owners_of(session, definition, key, session.get_one(Case, case.id), self.now)
        must_be_theirs = definition.step(key).not_same_person_as
        return owners[0] if owners and must_be_theirs else self.holder(case)

    def _rounds(self, case: Case) -> list[tuple[str, str]]:
        """The open rounds: which step, and about whom."""
        with reading(self.engine) as session:
            rows = steps_of(session, case)
        return [(one.key, one.person) for one in rows if one.settled_at is None]

    def _answers(
        self, rnd: Random, case: Case, key: str, chosen: dict[str, Any], person: str = ""
    ) -> dict[str, Any]:
        with reading(self.engine) as session:
            definition, state = definition_of(case), state_of(session, case, self.now)

            def answer(question: Question) -> Any:
                if question.key in chosen:
                    return chosen[question.key]
                if not question.required and (chosen or rnd.random() < 0.5):
                    return None
                return self._valid(rnd, question, session, case)

            return filled_in(definition, key, state, {}, answer, person)

    def _valid(self, rnd: Random, question: Question, session: Session, case: Case) -> Any:
        if question.must_be:
            return question.must_be
        match question.type:
            case QuestionType.TEXT | QuestionType.LONG_TEXT:
                return rnd.choice(
                    ["Det gik godt.", "Æøå – 😟\nlinje to"[: 8 if question.type == "text" else None]]
                )
            case QuestionType.DATE:
                ahead = [0, 1, 14, 200] if question.sets.next_followup else [-400, -3, 0, 30]
                days = rnd.choice(ahead if question.looks_ahead else [-400, -3, -1, 0])
                return (self.now.astimezone(DENMARK).date() + timedelta(days=days)).isoformat()
            case QuestionType.DATETIME:
                return (self.now - rnd.choice([timedelta(0), HOUR, 3 * DAY])).astimezone(UTC).isoformat()
            case QuestionType.NUMBER:
                return rnd.choice([0, 1, 17])
            case QuestionType.CONTACT:
                return rnd.choice(question.contacts)
            case QuestionType.PERSON:
                meant = [
                    {"role": role, "staff": one.id}
                    for role in question.roles
                    for one in resolve(session, definition_of(case), role, case, self.now)
                ]
                return rnd.choice(meant)
            case QuestionType.CHOICES:
                return [key for key in question.choices if rnd.random() < 0.2]
        return rnd.choice(list(question.choices))

    # The promises.

    @invariant()
    def every_promise_holds(self) -> None:
        with reading(self.engine) as session:
            said = session.exec(select(Notification.case_id, Notification.staff_id)).all()
            told = set(said)
            for one in session.exec(select(SetAside)).all():
                pair = (one.case_id, one.staff_id)
                heard = self.told_before.setdefault(pair, said.count(pair))
                assert said.count(pair) == heard, "somebody set aside was told of the case"
            for case in session.exec(select(Case)).all():
                if case.id not in self.changed:
                    continue
                check_case(session, case, self.now)
                aside = set_aside_in(session, case)
                related = {
                    one.id for one in self.people if one.id and relations_to(session, case, one, self.now)
                }
                assert self.kim.id not in related
                assert not related & aside
                # Somebody whose offer was taken back is told so, and has no relation any more.
                known = self.related.get(case.id, set()) | related
                strangers = {staff for about, staff in told if about == case.id} - known
                assert not strangers, f"{strangers} were told about a case they have nothing to do with"
                self.related[case.id] = known
                assert case.wake >= self.wakes.get(case.id, 1)
                assert case.wake >= case.seen
                self.wakes[case.id] = case.wake
        self.changed = set()
