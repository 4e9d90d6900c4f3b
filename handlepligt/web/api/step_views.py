"""Makes the answers about steps: each round as its reader may see it, whether they see the case or not."""

from datetime import datetime

from sqlmodel import Session

from handlepligt.cases.case_state import definition_of, state_of, steps_of
from handlepligt.cases.second_look import hidden_from
from handlepligt.cases.take_up_again import rounds_to_take_up
from handlepligt.cases.view_own_steps import view_own_steps
from handlepligt.cases.view_steps import OpenStep, open_step_view
from handlepligt.web.api.directory import Directory
from handlepligt.web.api.step_replies import Candidate, ItemReply, OwnStep, QuestionReply, StepReply
from models import Case, CaseStep, Staff
from protocols.definition import Definition
from protocols.engine import Item
from protocols.kinds.question import Kind as Question
from protocols.rounds import is_beyond


def steps_for(session: Session, case: Case, by: Staff, now: datetime) -> list[StepReply]:
    """Every round of every step, for somebody who sees the whole case."""
    definition, rows, people = definition_of(case), steps_of(session, case), Directory(session)
    state = state_of(session, case, now, steps=rows)
    hidden = hidden_from(session, case, definition, rows, by=by, now=now)
    again = rounds_to_take_up(definition, state, rows)
    replies: list[StepReply] = []
    for row in rows:
        drawn = None
        if row.settled_at is None and row.key in definition.steps:
            drawn = open_step_view(session, case, definition, state, row, now, by=by)
        reply = _step(people, definition, row, drawn, is_hidden=row.id in hidden)
        replies.append(reply.model_copy(update={"may_be_taken_up": row.id in again}))
    return replies


def own_steps_for(session: Session, case: Case, by: Staff, now: datetime) -> list[StepReply]:
    """The open rounds that are `by`'s to do, for somebody who sees nothing else of the case."""
    own, people = view_own_steps(session, case, by=by, now=now), Directory(session)
    return [_step(people, own.definition, one.row, one, is_hidden=False) for one in own.open_steps]


def own_step(session: Session, case: Case, row: CaseStep) -> OwnStep:
    """A step that the reader settled."""
    step = definition_of(case).steps.get(row.key)
    return OwnStep(
        key=row.key,
        title=step.title if step else row.key,
        round=row.round,
        status=row.status,
        settled_at=row.settled_at,
        answers=Directory(session).with_names(row.answers),
        reason=row.reason,
        person=row.person or None,
    )


def _step(
    people: Directory, definition: Definition, row: CaseStep, drawn: OpenStep | None, *, is_hidden: bool
) -> StepReply:
    step = definition.steps.get(row.key)
    return StepReply(
        key=row.key,
        title=step.title if step else row.key,
        what=step.what if step else "",
        round=row.round,
        is_beyond=step is not None and is_beyond(step, row.round),
        status=row.status,
        modality=drawn.modality if drawn else None,
        opened_at=row.opened_at,
        due_at=row.due_at,
        settled_at=row.settled_at,
        settled_by=people.person(row.settled_by_id),
        questions=[_question(people, drawn, one) for one in drawn.questions] if drawn else [],
        cautions=list(drawn.cautions) if drawn else [],
        legal_references=list(drawn.references) if drawn else [],
        answers={} if is_hidden else people.with_names(row.answers),
        reason="" if is_hidden else row.reason,
        person=row.person or None,
        may_act=drawn.may_act and not drawn.is_done_elsewhere if drawn else False,
        may_be_taken_up=False,
        is_hidden=is_hidden,
        waits_for=drawn.waits_for or None if drawn else None,
        paused_by=list(drawn.paused_by) if drawn else [],
        items=[_item(one) for one in drawn.items] if drawn else [],
        warnings=list(drawn.warnings) if drawn else [],
    )


def _item(item: Item) -> ItemReply:
    return ItemReply(
        key=item.key,
        text=item.text,
        is_required=item.required,
        ticked_at=item.ticked_at,
        who=item.action.who if item.action else None,
        by=item.action.by if item.action else None,
    )


def _question(people: Directory, drawn: OpenStep, question: Question) -> QuestionReply:
    candidates = drawn.people.get(question.key, ())
    people.learn(number for _, number, _ in candidates)
    found = [(role, people.somebody(number)) for role, number, _ in candidates]
    return QuestionReply(
        key=question.key,
        ask=question.ask,
        help=question.help,
        type=question.type,
        choices=question.choices,
        is_required=question.required,
        is_asked=question.key in drawn.asked,
        asked_when=str(question.asked_when) if question.asked_when else None,
        must_be=question.must_be or None,
        people=[Candidate(role=role, staff=one.username, name=one.name) for role, one in found],
        contacts=list(question.contacts),
        form=question.form or None,
    )
