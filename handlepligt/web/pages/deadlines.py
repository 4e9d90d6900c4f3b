"""What is done about a deadline (frist): a leader has seen that it passed; it is lawfully made longer."""

from datetime import date, datetime

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from handlepligt.cases.acknowledge_escalation import acknowledge_escalation
from handlepligt.cases.extend_deadline import extend_deadline
from handlepligt.web.deps import Database, Looks, Now, OwnForm
from handlepligt.web.forms import Form, parse_day
from handlepligt.web.pages.acts import Act
from handlepligt.web.questions import read_moment
from models.session import writing

router = APIRouter()
_NO_DAY = "Skriv datoen som dag, måned og år, eller lad feltet stå tomt."


@router.post("/frister/{deadline_id}/set")
def seen(deadline_id: str, form: OwnForm, visitor: Looks, engine: Database, now: Now) -> Response:
    """A leader has seen that a deadline has passed; goes back to the page the button stood on."""
    with writing(engine) as session:
        acknowledge_escalation(session, deadline_id=deadline_id, by=visitor.staff, now=now)
    back = _page_of_case(form)
    return RedirectResponse(f"{back}?gemt=set", status_code=303)


@router.post("/sager/{reference}/frister/{deadline_id}/forlaeng")
def extend(deadline_id: str, act: Act) -> Response:
    """Makes a deadline longer, as far as the protocol allows or to an earlier end."""
    until, wrong = _until(act.form)
    said = (act.form.line("extend.why"), act.form.text("extend.note").strip())

    def verb(session: Session, case_id: str) -> None:
        extend_deadline(
            session,
            case_id=case_id,
            deadline_id=deadline_id,
            reason="\n".join(filter(None, said)) if said[0] else "",
            until=until,
            by=act.by,
            now=act.now,
        )

    fields = {"reason": "extend.why" if not said[0] else "extend.note"}
    problems = {"extend.until": wrong} if wrong else {}
    return act.carry_out(
        verb, name=f"extend:{deadline_id}", done="forlaenget", prefix="extend.", fields=fields,
        problems=problems,
    )  # fmt: skip


def _until(form: Form) -> tuple[date | datetime | None, str]:
    """The end that was typed: a day, an instant, or nothing; and what is wrong with it."""
    written = form.line("extend.until")
    if written:
        on = parse_day(written)
        return on, "" if on else _NO_DAY
    moment, wrong = read_moment(form, "extend.until")
    return (datetime.fromisoformat(moment) if moment else None), wrong


def _page_of_case(form: Form) -> str:
    reference = form.line("reference")
    known = len(reference) < 20 and reference.replace("-", "").isdigit() and reference.isascii()
    return f"/sager/{reference}" if known else "/"
