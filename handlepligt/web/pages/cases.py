"""The page of one case (sag), and the short one for whoever took part earlier."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from fastapi import APIRouter, Request
from markupsafe import Markup
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.responses import Response

from handlepligt.cases.fact_values import facts_of_case
from handlepligt.cases.log_call import OUTCOMES
from handlepligt.cases.queries import Look, look_at_case
from handlepligt.cases.view_case import age_in_words, view_case
from handlepligt.cases.view_own_steps import view_own_steps
from handlepligt.cases.view_part import view_own_part
from handlepligt.cases.view_steps import OpenStep, named
from handlepligt.domain.access import Action
from handlepligt.domain.deadlines import Basis
from handlepligt.domain.vocabulary import CaseStatus, DeadlineStatus
from handlepligt.web.auth import Visitor
from handlepligt.web.case_forms import case_forms
from handlepligt.web.deps import Database, Looks, Now
from handlepligt.web.due import due_mark
from handlepligt.web.forms import EMPTY, NO_PROBLEMS, Form, Problems, by_name
from handlepligt.web.questions import step_fields
from handlepligt.web.rendering import render
from models import Case
from models.session import reading, writing
from protocols.definition import Definition
from protocols.drawing import as_list, draw

router = APIRouter()
NOTICES = {
    "rejst": "Bekymringen er rejst, og du har handlepligten.",
    "trin": "Trinnet er gemt.",
    "sprunget": "Trinnet er noteret som ikke relevant.",
    "taget-op": "Trinnet er åbent igen.",
    "opkald": "Opkaldet er noteret.",
    "opfoelgning": "Næste opfølgning er gemt.",
    "tilbudt": "Handlepligten er tilbudt. Du har den, indtil nogen har accepteret.",
    "trukket": "Tilbuddet er trukket tilbage. Du har fortsat handlepligten.",
    "myndighed": "Det er noteret, at en anden myndighed har overtaget handlepligten.",
    "accepteret": "Du har nu handlepligten i sagen.",
    "lukning": "Lederen er bedt om at godkende, at sagen lukkes. Du har handlepligten imens.",
    "lukning-trukket": "Ønsket om at lukke sagen er trukket tilbage.",
    "lukket": "Sagen er lukket.",
    "genaabnet": "Sagen er åben igen.",
    "soeskende": "De to sager er knyttet sammen.",
    "set": "Det er noteret, at du har set overskridelsen.",
    "person": "Personen er tilknyttet sagen.",
    "person-rettet": "Oplysningerne om personen er rettet.",
    "person-fjernet": "Personen er ikke længere tilknyttet sagen.",
    "oplysning": "Oplysningen er rettet.",
    "haevet": "Vurderingen er hævet.",
    "uden-om": "Det er noteret. Den næste i rækken spørges i stedet.",
    "forlaenget": "Fristen er forlænget.",
}


@router.get("/sager/{reference}")
def show(
    request: Request, reference: str, visitor: Looks, engine: Database, now: Now, gemt: str = ""
) -> Response:
    """The case, after the look has been written down."""
    return case_page(request, reference, visitor, engine, now, notice=NOTICES.get(gemt, ""))


def case_page(
    request: Request,
    reference: str,
    visitor: Visitor,
    engine: Engine,
    now: datetime,
    *,
    typed: Form = EMPTY,
    given: dict[str, dict[str, object]] | None = None,
    problems: Problems = NO_PROBLEMS,
    active: str = "",
    notice: str = "",
    status: int = 200,
) -> Response:
    """The page; `typed` is what stands in the form named `active`, with what is wrong with it."""
    look = record_look(engine, reference, visitor, now)
    with reading(engine) as session:
        case = session.get_one(Case, look.case.id)
        shown: dict[str, object] = {
            "problems": problems,
            "active": active,
            "typed": typed,
            "notice_text": notice,
            "now": now,
            "due_mark": due_mark,
        }
        if not look.is_whole:
            shown |= _part(session, look, visitor, now, typed, given, problems, active)
            return render(request, "cases/part.html", shown, status=status)
        view = view_case(session, case, by=visitor.staff, now=now, typed=given)
        forms = case_forms(view, typed, problems.by_field, now, active=active)
        shown |= {
            "view": view,
            "first_to_do": _first_to_do(view.open_steps),
            "fact_keys": list(facts_of_case(view.definition)),
            "age": age_in_words(view.state, view.state.birth_date),
            "forms": forms,
            "named": by_name(
                field for name in sorted(forms, key=lambda name: name != active) for field in forms[name]
            ),
            "status_words": CaseStatus(case.status).danish,
            "basis_words": lambda basis: Basis(basis).danish,
            "deadline_words": lambda status: DeadlineStatus(status).danish,
            "role_title": partial(named, view.definition),
            "outcomes": tuple(OUTCOMES.items()),
            "drawing": Markup(draw(view.definition, state=view.state)),  # noqa: S704 - it escapes every text
            "listed": as_list(view.definition, state=view.state),
            "lost": _lost(active, typed, view.definition, [step.slot for step in view.open_steps]),
        }
        return render(request, "cases/show.html", shown, status=status)


def _part(
    session: Session,
    look: Look,
    visitor: Visitor,
    now: datetime,
    typed: Form,
    given: dict[str, dict[str, object]] | None,
    problems: Problems,
    active: str,
) -> dict[str, object]:
    """What whoever does not see the whole case sees: the steps they are to do, and what they once wrote."""
    case = session.get_one(Case, look.case.id)
    own = view_own_steps(session, case, by=visitor.staff, now=now, typed=given)
    forms = {
        name: step_fields(
            step,
            own.definition,
            typed if name == active else EMPTY,
            problems.by_field if name == active else {},
            now,
        )
        for step in own.open_steps
        if (name := f"step:{step.slot}")
    }
    return {
        "view": None,
        "own": own,
        "first_to_do": _first_to_do(own.open_steps),
        "part": view_own_part(session, case, visitor.staff) if look.may(Action.SEE_OWN_PART) else None,
        "forms": forms,
        "named": by_name(
            field for name in sorted(forms, key=lambda name: name != active) for field in forms[name]
        ),
        "role_title": partial(named, own.definition),
        "lost": _lost(active, typed, own.definition, [step.slot for step in own.open_steps]),
    }


def record_look(engine: Engine, reference: str, visitor: Visitor, now: datetime, action: str = "") -> Look:
    """Writes the look down, committed before anything is shown. Raises as `look_at_case` does."""
    more = {"action": action} if action else {}
    with writing(engine) as session:
        return look_at_case(session, reference=reference, by=visitor.staff, now=now, face="web", **more)


def case_id_of(engine: Engine, reference: str) -> str:
    """The opaque id behind a reference; an id nobody has when there is no such case.

    The verbs then refuse both alike, and write the refusal down.
    """
    with reading(engine) as session:
        return session.exec(select(Case.id).where(Case.reference == reference)).first() or ""


def _first_to_do(steps: Iterable[OpenStep]) -> str:
    """The round whose form stands open when the page is opened: the most pressing that the reader can do."""
    return next((one.slot for one in steps if one.can_be_done), "")


def _lost(active: str, typed: Form, definition: Definition, open_keys: list[str]) -> list[tuple[str, str]]:
    """What somebody typed into a step that another has settled meanwhile, so that it can be copied."""
    slot = active.removeprefix("step:")
    if not active.startswith("step:") or slot in open_keys:
        return []
    step = definition.steps.get(slot.partition(":")[0])
    questions = step.questions if step else {}
    lines: list[tuple[str, str]] = []
    for question in questions.values():
        values = typed.under(f"q.{question.key}")
        words = [question.choices.get(one, one) for found in values.values() for one in found if one]
        if words:
            lines.append((question.ask, ", ".join(words)))
    return lines
