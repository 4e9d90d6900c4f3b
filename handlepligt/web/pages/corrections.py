"""What is set right in a case afterwards: a fact from the intake, what a form came to, a role gone past."""

from datetime import datetime, timedelta

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from handlepligt.cases.bypass_role import bypass_role
from handlepligt.cases.correct_fact import correct_fact
from handlepligt.cases.definitions import definition_of
from handlepligt.cases.fact_values import facts_of_case
from handlepligt.cases.override_form import override_form
from handlepligt.web.fact_fields import read_fact
from handlepligt.web.pages.acts import Act
from handlepligt.web.questions import read_moment
from models import Case

router = APIRouter(prefix="/sager/{reference}")
_MINUTE = timedelta(minutes=1)


@router.post("/oplysninger/{fact}")
def fact(fact: str, act: Act) -> Response:
    """Corrects one fact from the intake."""

    def verb(session: Session, case_id: str) -> None:
        case = session.get(Case, case_id)
        asked = facts_of_case(definition_of(case)).get(fact) if case else None
        typed = act.form.line("fact.value")
        correct_fact(
            session,
            case_id=case_id,
            fact=fact,
            value=read_fact(asked, typed) if asked else typed,
            reason=act.form.text("fact.reason"),
            by=act.by,
            now=act.now,
        )

    fields = {"fact": "fact.value"}
    return act.carry_out(verb, name=f"fact:{fact}", done="oplysning", prefix="fact.", fields=fields)


@router.post("/skemaer/{question}")
def lift(question: str, act: Act) -> Response:
    """Lifts what a form came to."""

    def verb(session: Session, case_id: str) -> None:
        override_form(
            session,
            case_id=case_id,
            question=question,
            person=act.form.line("person"),
            band=act.form.line("lift.band"),
            reason=act.form.text("lift.reason"),
            by=act.by,
            now=act.now,
        )

    fields, name = {"question": "lift.band"}, f"lift:{act.form.line('row')}"
    return act.carry_out(verb, name=name, done="haevet", prefix="lift.", fields=fields)


@router.post("/uden-om")
def bypass(act: Act) -> Response:
    """Goes past a role, so that the next in the row is asked."""
    moment, wrong = read_moment(act.form, "bypass.tried_at")
    tried_at = datetime.fromisoformat(moment) if moment else None

    def verb(session: Session, case_id: str) -> None:
        case = session.get(Case, case_id)
        bypass_role(
            session,
            case_id=case_id,
            role=act.form.line("bypass.role"),
            reason=act.form.line("bypass.reason"),
            tried_at=_not_before(tried_at, case.received_at) if tried_at and case else tried_at,
            note=act.form.text("bypass.note"),
            by=act.by,
            now=act.now,
        )

    problems = {"bypass.tried_at": wrong} if wrong else {}
    return act.carry_out(verb, name="bypass", done="uden-om", prefix="bypass.", problems=problems)


def _not_before(tried_at: datetime, received_at: datetime) -> datetime:
    """The field shows whole minutes: a try in the minute of the receipt does not lie before it."""
    return received_at if timedelta(0) < received_at - tried_at < _MINUTE else tried_at
