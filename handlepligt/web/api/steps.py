"""The steps of a case: what is asked in them, and settling them."""

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.case_state import definition_of, state_of, steps_of
from handlepligt.cases.chronicle import own_part
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.second_look import hidden_from
from handlepligt.cases.skip_step import skip_step
from handlepligt.cases.view_steps import OpenStep, open_step_view
from handlepligt.domain.access import Action
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.directory import Directory
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.problems import fields_named
from handlepligt.web.api.receipts import case_id_of, look, receipt
from handlepligt.web.api.replies import Candidate, OwnSteps, QuestionReply, StepReceipt, StepReply, Steps
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import Answers, Reason
from handlepligt.web.api.whole_case import own_step
from models import Case, CaseStep, Staff
from protocols.definition import Definition
from protocols.kinds.question import Kind as Question

router = APIRouter(route_class=ApiRoute, tags=["steps"])


@router.get("/cases/{reference}/steps", response_model=Steps | OwnSteps)
def list_steps(reference: str, asks: Asks) -> Response:
    """Every round of every step, the open ones with their questions. The look is on record."""

    def work(session: Session, by: Staff, now: datetime) -> Steps | OwnSteps:
        looked = look(session, reference, by=by, now=now, action=Action.SEE_CASE, or_own_part=True)
        case = looked.case
        if not looked.is_whole:
            part = own_part(session, case, by)
            return OwnSteps(
                reference=case.reference, items=[own_step(session, case, row) for row in part.steps]
            )
        return _steps(session, case, by, now)

    return asks.looks(work)


def _steps(session: Session, case: Case, by: Staff, now: datetime) -> Steps:
    definition, rows, people = definition_of(case), steps_of(session, case), Directory(session)
    state = state_of(session, case, now, steps=rows)
    hidden = hidden_from(session, case, definition, rows, by=by, now=now)
    items: list[StepReply] = []
    for row in rows:
        drawn = None
        if row.settled_at is None and row.key in definition.steps:
            drawn = open_step_view(session, case, definition, state, row, now, by=by)
        items.append(_step(people, definition, row, drawn, is_hidden=row.id in hidden))
    return Steps(reference=case.reference, items=items)


def _step(
    people: Directory, definition: Definition, row: CaseStep, drawn: OpenStep | None, *, is_hidden: bool
) -> StepReply:
    step = definition.steps.get(row.key)
    return StepReply(
        key=row.key,
        title=step.title if step else row.key,
        what=step.what if step else "",
        round=row.round,
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
        reason=row.reason,
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
    )


@router.post("/cases/{reference}/steps/{key}/complete", response_model=StepReceipt)
def complete(reference: str, key: str, body: Answers, write: Writes) -> Response:
    """Completes the open round of a step; what follows opens in the same instant."""

    def work(session: Session, by: Staff, now: datetime) -> StepReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.COMPLETE_STEP)
        with fields_named(others_under="answers."):
            answers = Directory(session).with_numbers(body.answers)
            step = complete_step(session, case_id=case_id, step_key=key, by=by, now=now, answers=answers)
        return _receipt(session, step)

    return write.once(work)


@router.post("/cases/{reference}/steps/{key}/skip", response_model=StepReceipt)
def skip(reference: str, key: str, body: Reason, write: Writes) -> Response:
    """Marks the open round of a step as not applicable, where the protocol allows it."""

    def work(session: Session, by: Staff, now: datetime) -> StepReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.COMPLETE_STEP)
        step = skip_step(session, case_id=case_id, step_key=key, by=by, now=now, reason=body.reason)
        return _receipt(session, step)

    return write.once(work)


def _receipt(session: Session, step: CaseStep) -> StepReceipt:
    return StepReceipt(
        key=step.key,
        round=step.round,
        status=step.status,
        settled_at=step.settled_at,
        case=receipt(session, session.get_one(Case, step.case_id)),
    )
