"""The steps of a case: what is asked in them, ticking their checklists, and settling them."""

from datetime import datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.chronicle import own_part
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.relations import relations_to
from handlepligt.cases.skip_step import skip_step
from handlepligt.cases.take_up_again import take_up_again
from handlepligt.cases.tick_item import tick_item
from handlepligt.domain.access import Action, is_allowed
from handlepligt.web.api.callers import Asks
from handlepligt.web.api.directory import Directory
from handlepligt.web.api.idempotency import Writes
from handlepligt.web.api.problems import fields_named
from handlepligt.web.api.receipts import case_id_of, look, receipt
from handlepligt.web.api.replies import StepReceipt
from handlepligt.web.api.route import ApiRoute
from handlepligt.web.api.schemas import Answers, Skip, TakeUp, Tick
from handlepligt.web.api.step_replies import OwnSteps, Steps
from handlepligt.web.api.step_views import own_step, own_steps_for, steps_for
from models import Case, CaseStep, Staff

router = APIRouter(route_class=ApiRoute, tags=["steps"])


@router.get("/cases/{reference}/steps", response_model=Steps | OwnSteps)
def list_steps(reference: str, asks: Asks) -> Response:
    """Every round of every step, the open ones with their questions. The look is on record."""

    def work(session: Session, by: Staff, now: datetime) -> Steps | OwnSteps:
        looked = look(session, reference, by=by, now=now, action=Action.SEE_CASE, or_own_part=True)
        case = looked.case
        if looked.is_whole:
            return Steps(reference=case.reference, items=steps_for(session, case, by, now))
        return OwnSteps(
            reference=case.reference,
            items=[own_step(session, case, row) for row in own_part(session, case, by).steps],
            open=own_steps_for(session, case, by, now),
        )

    return asks.looks(work)


@router.post("/cases/{reference}/steps/{key}/complete", response_model=StepReceipt)
def complete(reference: str, key: str, body: Answers, write: Writes) -> Response:
    """Completes the open round of a step; what follows opens in the same instant."""

    def work(session: Session, by: Staff, now: datetime) -> StepReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.COMPLETE_OWN_STEP)
        with fields_named(others_under="answers."):
            answers = Directory(session).with_numbers(body.answers)
            step = complete_step(
                session, case_id=case_id, step_key=key, person=body.person, by=by, now=now, answers=answers
            )
        return _receipt(session, step, by, now)

    return write.once(work)


@router.post("/cases/{reference}/steps/{key}/ticks", response_model=StepReceipt)
def tick(reference: str, key: str, body: Tick, write: Writes) -> Response:
    """Ticks an item of the open round's checklist, or takes the tick away."""

    def work(session: Session, by: Staff, now: datetime) -> StepReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.COMPLETE_OWN_STEP)
        step = tick_item(
            session,
            case_id=case_id,
            step_key=key,
            person=body.person,
            item=body.item,
            done=body.done,
            by=by,
            now=now,
        )
        return _receipt(session, step, by, now)

    return write.once(work)


@router.post("/cases/{reference}/steps/{key}/skip", response_model=StepReceipt)
def skip(reference: str, key: str, body: Skip, write: Writes) -> Response:
    """Marks the open round of a step as not applicable, where the protocol allows it."""

    def work(session: Session, by: Staff, now: datetime) -> StepReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.COMPLETE_STEP)
        step = skip_step(
            session, case_id=case_id, step_key=key, person=body.person, by=by, now=now, reason=body.reason
        )
        return _receipt(session, step, by, now)

    return write.once(work)


@router.post("/cases/{reference}/steps/{key}/take-up", response_model=StepReceipt)
def take_up(reference: str, key: str, body: TakeUp, write: Writes) -> Response:
    """Opens one more round of a settled step, where the protocol allows it: a consent can be withdrawn."""

    def work(session: Session, by: Staff, now: datetime) -> StepReceipt:
        case_id = case_id_of(session, reference, by=by, now=now, action=Action.COMPLETE_STEP)
        step = take_up_again(session, case_id=case_id, step_key=key, person=body.person, by=by, now=now)
        return _receipt(session, step, by, now)

    return write.once(work)


def _receipt(session: Session, step: CaseStep, by: Staff, now: datetime) -> StepReceipt:
    case = session.get_one(Case, step.case_id)
    sees_case = is_allowed(Action.SEE_CASE, relations_to(session, case, by, now))
    return StepReceipt(
        key=step.key,
        round=step.round,
        person=step.person or None,
        status=step.status,
        settled_at=step.settled_at,
        case=receipt(session, case) if sees_case else None,
    )
