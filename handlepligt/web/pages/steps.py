"""The forms of a case's steps (trin): saved, ticked off, marked not relevant, redrawn while filled in."""

from collections.abc import Callable

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.case_state import definition_of
from handlepligt.cases.complete_step import complete_step
from handlepligt.cases.open_case import lock_case
from handlepligt.cases.rounds import StepNotOpenError, open_round
from handlepligt.cases.skip_step import skip_step
from handlepligt.cases.take_up_again import take_up_again
from handlepligt.cases.tick_item import tick_item
from handlepligt.cases.view_case import CaseView, view_case
from handlepligt.cases.view_own_steps import OwnSteps, view_own_steps
from handlepligt.errors import NotFoundError
from handlepligt.web.forms import Form
from handlepligt.web.pages.acts import Act
from handlepligt.web.pages.cases import record_look
from handlepligt.web.questions import PREFIX, given_so_far, read_questions, step_fields
from handlepligt.web.rendering import render
from models import Case
from models.session import reading
from protocols.kinds.question import Kind as Question

router = APIRouter(prefix="/sager/{reference}/trin/{key}")


class StepSettledMeanwhileError(StepNotOpenError):
    """The form is of a round that somebody else has settled."""

    user_message = (
        "En anden har gemt trinnet, mens du skrev. Intet af dit er gemt. Det, du skrev, står herunder, "
        "så du kan kopiere det."
    )


@router.post("")
def save(key: str, act: Act) -> Response:
    """Completes the step, or shows the form again with everything that was typed."""
    look = record_look(act.engine, act.reference, act.visitor, act.now)
    questions = _questions(look.case, key)
    answers, problems = read_questions(questions, PREFIX, act.form)
    person = act.form.line("person")

    def verb(session: Session, case_id: str) -> None:
        _same_round(session, case_id, key, act.form)
        complete_step(
            session, case_id=case_id, step_key=key, person=person, by=act.by, now=act.now, answers=answers
        )

    slot = _slot(key, act.form)
    return act.carry_out(
        verb,
        name=f"step:{slot}",
        prefix=PREFIX,
        done="trin",
        problems=problems,
        given={slot: given_so_far(questions, answers)},
    )


@router.post("/hak")
def tick(key: str, act: Act) -> Response:
    """Ticks an item of the step's checklist, or takes the tick away; what is typed in the form stays."""
    look = record_look(act.engine, act.reference, act.visitor, act.now)
    questions = _questions(look.case, key)
    answers, _ = read_questions(questions, PREFIX, act.form)
    item, _, done = act.form.line("tick").rpartition(":")

    def verb(session: Session, case_id: str) -> None:
        _same_round(session, case_id, key, act.form)
        tick_item(
            session,
            case_id=case_id,
            step_key=key,
            person=act.form.line("person"),
            item=item,
            done=done == "on",
            by=act.by,
            now=act.now,
        )

    slot = _slot(key, act.form)
    given = {slot: given_so_far(questions, answers)}
    return act.carry_out(verb, name=f"step:{slot}", done="", stays="Hakket er gemt.", given=given)


@router.post("/ikke-relevant")
def skip(key: str, act: Act) -> Response:
    """Marks the step as not relevant, with a reason."""

    def verb(session: Session, case_id: str) -> None:
        _same_round(session, case_id, key, act.form)
        skip_step(
            session,
            case_id=case_id,
            step_key=key,
            person=act.form.line("person"),
            by=act.by,
            now=act.now,
            reason=act.form.text("skip.reason"),
        )

    return act.carry_out(
        verb,
        name=f"skip:{_slot(key, act.form)}",
        prefix="skip.",
        done="sprunget",
    )


@router.post("/tag-op")
def take_up(key: str, act: Act) -> Response:
    """Opens a settled step once more, such as a consent that is to be withdrawn."""

    def verb(session: Session, case_id: str) -> None:
        person = act.form.line("person")
        take_up_again(session, case_id=case_id, step_key=key, person=person, by=act.by, now=act.now)

    return act.carry_out(verb, name=f"step:{_slot(key, act.form)}", done="taget-op")


@router.post("/felter")
def redraw(key: str, act: Act) -> Response:
    """The fields of the form as they are under what has been typed; for htmx."""
    look = record_look(act.engine, act.reference, act.visitor, act.now)
    questions = _questions(look.case, key)
    answers, _ = read_questions(questions, PREFIX, act.form)
    with reading(act.engine) as session:
        case = session.get_one(Case, look.case.id)
        slot = _slot(key, act.form)
        typed = {slot: given_so_far(questions, answers)}
        # Whoever sees one step only must not have the fields of another drawn for them.
        looked_at: Callable[..., CaseView | OwnSteps] = view_case if look.is_whole else view_own_steps
        view = looked_at(session, case, by=act.by, now=act.now, typed=typed)
        step = next((one for one in view.open_steps if one.slot == slot), None)
        if step is None:
            raise StepNotOpenError(f"step {key} is not open")
        context = {"fields": step_fields(step, view.definition, act.form, {}, act.now)}
        return render(act.request, "cases/_fields.html", context)


def _questions(case: Case, key: str) -> tuple[Question, ...]:
    step = definition_of(case).steps.get(key)
    if step is None:
        raise NotFoundError(f"no step {key[:60]!r}")
    return tuple(step.questions.values())


def _slot(key: str, form: Form) -> str:
    """What the page calls the round: its key and, where it is about a linked person, whose it is."""
    person = form.line("person")
    return f"{key}:{person}" if person else key


def _same_round(session: Session, case_id: str, key: str, form: Form) -> None:
    # A step that comes back is open again under the same key: a stale form must not settle the new round.
    case = lock_case(session, case_id)
    try:
        row = open_round(session, case, definition_of(case), key, form.line("person"), may_stand=True)
    except StepNotOpenError as error:
        raise StepSettledMeanwhileError(str(error)) from None
    if form.line("round") != str(row.round):
        raise StepSettledMeanwhileError(f"round {row.round} of {key} is open, the form is of another")
