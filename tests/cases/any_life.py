"""Leads a case of any definition from its first minute to its end through the real verbs, by some chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from handlepligt.cases.approve_close import approve_close
from handlepligt.cases.ask_to_close import ask_to_close
from handlepligt.cases.case_state import definition_of, state_of
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.link_person import link_person
from handlepligt.cases.people import leader_of, owners_of, resolve
from handlepligt.cases.press_acute import press_acute
from handlepligt.cases.skip_step import skip_step
from handlepligt.cases.tick_item import tick_item
from handlepligt.domain.vocabulary import StaffRole
from handlepligt.errors import HandlepligtError
from models import Case, CaseStep, Staff, SubCase
from models.session import reading
from protocols.definition import Definition
from protocols.engine import checklist_of, ends, modality
from protocols.invented_answers import Draw
from protocols.invented_case import InventedCase
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.kinds.step import Modality
from protocols.roles import Holder, Raiser
from protocols.state import AnswerValue, CaseState, StepState, StepStatus
from tests.cases.acting import Stage
from tests.cases.any_case import check_duty

MOST_ACTS = 400


@dataclass
class _Seen:
    """What drawing answers looks at in an invented case, of a real one."""

    state: CaseState
    now: datetime
    zone: ZoneInfo


class _Insisting(Draw):
    """Draws as ever, but for some questions that are always answered the same."""

    def __init__(self, definition: Definition, chance: Random, insists: Mapping[str, AnswerValue]) -> None:
        super().__init__(definition, chance)
        self.insists = insists

    def _answer(self, question: Question, case: InventedCase) -> AnswerValue:
        return self.insists.get(question.key) or super()._answer(question, case)


class Life:
    """One case, its people and what happens to it next. `chance` decides; the same chance, the same life.

    `insists` are questions that are always answered the same, so that a way is surely taken.
    """

    def __init__(
        self, stage: Stage, case: Case, chance: Random, insists: Mapping[str, AnswerValue] | None = None
    ) -> None:
        self.stage, self.case, self.chance = stage, case, chance
        self.way: list[str] = []
        self.refused: dict[str, str] = {}
        with reading(stage.engine) as session:
            self.draw = _Insisting(definition_of(session.get_one(Case, case.id)), chance, insists or {})

    @staticmethod
    def facts_for(definition: Definition, chance: Random, at: datetime) -> dict[str, Any]:
        """What a concern on this definition is raised with."""
        draw = Draw(definition, chance)
        # The name is no word of what is drawn, for a note may not hold the citizen's name.
        return {"citizen_name": "Amira Prøve", "birth_date": draw.birth_date(at), "facts": draw.facts(at)}

    @property
    def definition(self) -> Definition:
        return self.draw.definition

    def link_people(self, most: int = 2) -> None:
        """Links nobody, somebody or some of each relation."""
        for relation in self.definition.relations:
            for _ in range(self.chance.randrange(most + 1)):
                self.stage.do(
                    link_person,
                    by=self.keeper(),
                    case_id=self.case.id,
                    relation=relation,
                    name="Opdigtet Person",
                    facts=self.draw.person_facts(relation, self.stage.now),
                )
                self.check()

    def to_the_end(self) -> Case:
        """The closed case. Fails with the way so far when nothing more can be done, or too much was."""
        for _ in range(MOST_ACTS):
            self.check()
            if self.stage.case(self.case).closed_at is not None:
                self.lead_the_children()
                return self.stage.case(self.case)
            self.stage.later(timedelta(minutes=self.chance.randrange(1, 600)))
            if not (self._acute() or self._one_step() or self._close()):
                raise AssertionError(f"stuck: {self.refused} after {' -> '.join(self.way[-30:])}")
        raise AssertionError(f"no end in sight: {' -> '.join(self.way[-40:])}")

    def lead_the_children(self) -> None:
        """The cases raised from this one have lives and holders of their own; they are led to their ends."""
        raised = select(Case).join(SubCase, col(SubCase.case_id) == Case.id)
        for child in self.stage.rows(raised.where(SubCase.parent_case_id == self.case.id)):
            if child.closed_at is None:
                Life(self.stage, child, self.chance).to_the_end()

    def check(self) -> None:
        """Exactly one holder at every instant, of this case and of each raised from it."""
        with reading(self.stage.engine) as session:
            for case in session.exec(select(Case)):
                check_duty(session, case)
                assert case.closed_at is not None or case.next_due_at is not None

    def keeper(self) -> Staff:
        with reading(self.stage.engine) as session:
            return session.get_one(Staff, session.get_one(Case, self.case.id).keeper_id)

    def _acute(self) -> bool:
        interrupts = any(step.interrupts for step in self.definition.steps.values())
        if not interrupts or self.chance.random() > 0.05 or "acute" in self.way[-15:]:
            return False
        self.stage.do(press_acute, by=self.keeper(), case_id=self.case.id)
        self.way.append("acute")
        return True

    def _one_step(self) -> bool:
        # A step with a child behind it waits until that child's own life is over.
        waiting = select(CaseStep).where(CaseStep.case_id == self.case.id, col(CaseStep.settled_at).is_(None))
        rows = [row for row in self.stage.rows(waiting) if not self.definition.step(row.key).standing]
        self.chance.shuffle(rows)
        return any(self._settle(row) for row in rows)

    def _settle(self, row: CaseStep) -> bool:
        about = {"case_id": self.case.id, "step_key": row.key, "person": row.person}
        if self.definition.step(row.key).made_from.startswith("sub_protocols."):
            before = self.stage.step(self.case, row.key, row.round, row.person).settled_at
            self.lead_the_children()
            return before != self.stage.step(self.case, row.key, row.round, row.person).settled_at
        hands = self._hands(row)
        self.chance.shuffle(hands)
        for by in hands:
            for _ in range(12):
                try:
                    self._tick(row, by)
                    answers = self._answers(row, by)
                    self.stage.do(complete_step, by=by, answers=answers, **about)
                except HandlepligtError as error:
                    # A gate, another's turn, or an answer that is refused: another try, another hand.
                    self.refused[row.key] = f"{error!r} {getattr(error, 'problems', '')} by {by.name}"
                    continue
                self.way.append(f"{row.key}({_told(answers)})")
                return True
        if self._binding(row) is Modality.MUST:
            return False
        try:
            self.stage.do(skip_step, by=self.keeper(), reason="Ikke her.", **about)
        except HandlepligtError:
            return False
        self.way.append(f"{row.key} skipped")
        return True

    def _hands(self, row: CaseStep) -> list[Staff]:
        with reading(self.stage.engine) as session:
            case = session.get_one(Case, self.case.id)
            owners = owners_of(session, self.definition, row.key, case, self.stage.now)
        keeper = self.keeper()
        return [keeper, *(one for one in owners if one.id != keeper.id)]

    def _binding(self, row: CaseStep) -> Modality:
        with reading(self.stage.engine) as session:
            state = state_of(session, session.get_one(Case, self.case.id), self.stage.now)
        return modality(self.definition, row.key, state, row.person)

    def _tick(self, row: CaseStep, by: Staff) -> None:
        with reading(self.stage.engine) as session:
            state = state_of(session, session.get_one(Case, self.case.id), self.stage.now)
        for item in checklist_of(self.definition, row.key, state, person=row.person):
            if not item.is_ticked and (item.required or self.chance.random() < 0.5):
                about = {"case_id": self.case.id, "step_key": row.key, "person": row.person}
                self.stage.do(tick_item, by=by, item=item.key, done=True, **about)

    def _answers(self, row: CaseStep, by: Staff) -> dict[str, object]:
        with reading(self.stage.engine) as session:
            case = session.get_one(Case, self.case.id)
            state = state_of(session, case, self.stage.now)
            seen = _Seen(state, self.stage.now, ZoneInfo(self.definition.head.zone))
            round_ = StepState(row.key, row.round, StepStatus(row.status), row.opened_at, person=row.person)
            given = self.draw.answers(cast(InventedCase, seen), round_)
            for key, question in self.definition.step(row.key).questions.items():
                if question.type is QuestionType.PERSON and key in given:
                    given[key] = self._person(session, case, question, by)
                if question.type is QuestionType.DATETIME and key in given and self.chance.random() < 0.6:
                    # What may be agreed beforehand has in the end been held.
                    given[key] = (self.stage.now - timedelta(minutes=1)).isoformat()
        return given

    def _person(self, session: Session, case: Case, question: Question, by: Staff) -> object:
        for role in self.chance.sample(question.roles, len(question.roles)):
            people = resolve(session, self.definition, role, case, self.stage.now)
            is_self = isinstance(self.definition.roles[role].expression, Holder | Raiser)
            for one in people:
                if is_self or one.id != by.id:
                    return {"role": role, "staff": one.id}
        return {"role": question.roles[0], "staff": by.id}

    def _close(self) -> bool:
        with reading(self.stage.engine) as session:
            case = session.get_one(Case, self.case.id)
            allowed = ends(self.definition, state_of(session, case, self.stage.now))
            approver = _approver(session, case)
            seen = _Seen(
                state_of(session, case, self.stage.now), self.stage.now, ZoneInfo(self.definition.head.zone)
            )
        for end in allowed:
            answers = self.draw.fields(end.questions, cast(InventedCase, seen))
            given: dict[str, Any] = {"has_siblings": "no", "reason": "Opdigtet.", "answers": answers}
            try:
                request = self.stage.do(
                    ask_to_close, by=self.keeper(), case_id=self.case.id, end_key=end.key, **given
                )
            except HandlepligtError as error:
                self.refused[end.key] = repr(error)
                continue
            self.stage.do(approve_close, by=approver, request_id=request.id)
            self.way.append(end.key)
            return True
        return False


def _approver(session: Session, case: Case) -> Staff:
    """The case's leader; where that one has the duty, their deputy."""
    keeper, leader = session.get_one(Staff, case.keeper_id), leader_of(session, case)
    if keeper.role == StaffRole.LEADER and keeper.deputy_id is not None:
        return session.get_one(Staff, keeper.deputy_id)
    assert leader is not None
    return leader


def _told(answers: dict[str, object]) -> str:
    return ", ".join(f"{key}={value}" for key, value in answers.items() if isinstance(value, str))[:80]
