"""The steps of a case as a page shows them: forms for the open ones, answers of the settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session, select

from handlepligt.cases.answer_words import AnswerLine, answer_lines
from handlepligt.cases.definitions import settled_under
from handlepligt.cases.override_form import may_lift_filling
from handlepligt.cases.people import resolve
from handlepligt.cases.rounds import may_settle
from handlepligt.domain.vocabulary import StepStatus
from models import Case, CaseStep, LinkedPerson, Staff
from protocols.definition import Definition
from protocols.engine import (
    ContactNow,
    Item,
    checklist_of,
    contacts_now,
    modality,
    pausing,
    questions_for,
    warnings,
)
from protocols.kinds.question import Kind as Question
from protocols.kinds.question import QuestionType
from protocols.kinds.step import Kind as Step
from protocols.kinds.step import Modality
from protocols.rounds import is_beyond
from protocols.state import CaseState

_HIDDEN = "Svarene vises, når du selv har vurderet."


@dataclass(frozen=True)
class OpenStep:
    """An open round with all that is needed to draw its form.

    `asked` are the questions asked under what is given so far; `people` the choices of each question
    that asks for a person, as (role, staff id, label). `whose` says which linked person it is about.
    `waits_for` is whoever acts instead, `paused_by` the titles of what goes first; `warnings` are advice to
    whoever completes it now. `may_act`: the reader may do it, `needs_own_hand`: only its owner may.
    """

    row: CaseStep
    step: Step
    modality: Modality
    asked: frozenset[str]
    people: Mapping[str, tuple[tuple[str, int, str], ...]]
    contacts: tuple[ContactNow, ...]
    cautions: tuple[str, ...]
    references: tuple[str, ...]
    owner: str
    deciders: tuple[str, ...]
    whose: str = ""
    waits_for: str = ""
    paused_by: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    warnings: tuple[str, ...] = ()
    may_act: bool = False
    needs_own_hand: bool = False
    is_done_elsewhere: bool = False
    # The questions whose form the reader may lift while filling it in.
    liftable: frozenset[str] = frozenset()
    # Questions with only the choices that are offered now.
    narrowed: Mapping[str, Question] = field(default_factory=dict)

    @property
    def slot(self) -> str:
        """The round among those that are open, see `slot_of`."""
        return slot_of(self.row)

    @property
    def reckoned_rounds(self) -> int:
        """How many rounds the protocol reckons with, when this is one more than that; else 0."""
        most = self.step.repeats.at_most if self.step.repeats else None
        return most or 0 if is_beyond(self.step, self.row.round) else 0

    @property
    def may_be_skipped(self) -> bool:
        """Whether it can be marked as not applicable."""
        return self.modality is not Modality.MUST

    @property
    def can_be_done(self) -> bool:
        """Whether the reader can do it as the case stands."""
        is_free = not self.paused_by and not self.is_done_elsewhere
        return self.may_act and is_free and self.modality is not Modality.MUST_NOT

    @property
    def questions(self) -> tuple[Question, ...]:
        """Every question of the step, those asked now with the choices offered now."""
        return tuple(self.narrowed.get(key, one) for key, one in self.step.questions.items())


@dataclass(frozen=True)
class SettledStep:
    """A round that is done or not applicable."""

    row: CaseStep
    title: str
    status: str
    by: str
    answers: tuple[AnswerLine, ...]
    reason: str
    whose: str = ""
    may_be_taken_up: bool = False


def slot_of(row: CaseStep) -> str:
    """What tells an open round from the others: its key and, where there are several, the person's id."""
    return f"{row.key}:{row.person}" if row.person else row.key


def open_step_view(
    session: Session,
    case: Case,
    definition: Definition,
    state: CaseState,
    row: CaseStep,
    now: datetime,
    given: Mapping[str, object] | None = None,
    *,
    by: Staff,
) -> OpenStep:
    """One open round for `by`; `given` is what has been typed into its form so far."""
    step = definition.step(row.key)
    person = row.person
    asked = questions_for(definition, step.key, state, dict(given or {}), person)  # type: ignore[arg-type]
    return OpenStep(
        row=row,
        step=step,
        modality=modality(definition, step.key, state, person),
        asked=frozenset(question.key for question in asked),
        narrowed={question.key: question for question in asked},
        people={
            question.key: _people(session, definition, question, case, now)
            for question in step.questions.values()
            if question.type is QuestionType.PERSON
        },
        contacts=tuple(
            found
            for found in contacts_now(definition, age=state.age, at=now)
            if found.contact.key in step.contacts
        ),
        cautions=tuple(definition.cautions[key].text for key in step.cautions),
        references=tuple(
            words
            for key in step.legal_references
            if (words := definition.legal_references[key].danish) is not None
        ),
        owner=named(definition, step.owner),
        deciders=tuple(
            f"{decision.title}: {', '.join(definition.roles[role].title for role in decision.by)}"
            for decision in step.decisions.values()
        ),
        whose=whose(session, definition, person),
        waits_for=named(definition, step.waits_for),
        paused_by=tuple(one.title for one in pausing(definition, state, step.key)),
        items=checklist_of(definition, step.key, state, person=person),
        warnings=warnings(definition, state, step.key, person=person),
        may_act=may_settle(session, case, definition, row, by=by, now=now),
        needs_own_hand=bool(step.not_same_person_as) and step.owner in definition.roles,
        # A case of its own answers it when it closes.
        is_done_elsewhere=step.key in definition.sub_protocols,
        liftable=frozenset(
            question.key
            for question in step.questions.values()
            if question.type is QuestionType.FORM
            and may_lift_filling(session, case, definition, definition.forms[question.form], by=by, now=now)
        ),
    )


def settled_step_view(
    session: Session,
    definition: Definition,
    row: CaseStep,
    names: Mapping[int, str],
    *,
    is_hidden: bool = False,
    may_be_taken_up: bool = False,
) -> SettledStep:
    """One settled round in the words of its time; `names` are those of staff by id.

    With `is_hidden` the answers are kept from the reader, who is to assess the same without knowing them.
    """
    definition = settled_under(definition, row)
    step = definition.steps.get(row.key)
    is_told = row.answers_sealed and row.status == StepStatus.DONE and not is_hidden
    answers = row.answers if is_told else {}
    return SettledStep(
        row=row,
        title=step.title if step else row.key,
        status=StepStatus(row.status).danish,
        by=names.get(row.settled_by_id or 0, "Systemet"),
        answers=answer_lines(session, definition, step.questions if step else {}, answers),
        reason=_HIDDEN if is_hidden else row.reason if row.reason_sealed else "",
        whose=whose(session, definition, row.person),
        may_be_taken_up=may_be_taken_up,
    )


def _people(
    session: Session, definition: Definition, question: Question, case: Case, now: datetime
) -> tuple[tuple[str, int, str], ...]:
    return tuple(
        (role, person.id or 0, f"{person.name} ({definition.roles[role].title.lower()})")
        for role in question.roles
        for person in resolve(session, definition, role, case, now)
    )


def whose(session: Session, definition: Definition, person_id: str) -> str:
    """The name and relation of a linked person, also of one who is no longer linked; "" for the citizen."""
    person = session.get(LinkedPerson, person_id) if person_id else None
    if person is None:
        return ""
    relation = definition.relations.get(person.relation)
    return f"{person.name} ({relation.title.lower() if relation else person.relation})"


def named(definition: Definition, name: str) -> str:
    """The title of a contact or role, or the text itself where somebody outside is only named."""
    known = definition.contacts.get(name) or definition.roles.get(name)
    return known.title if known else name


def names_of(session: Session) -> dict[int, str]:
    """The names of all staff by id; a house has hundreds at most."""
    return {key: name for key, name in session.exec(select(Staff.id, Staff.name)) if key is not None}
