"""Raising a concern (ny bekymring): one screen, and nothing typed is ever lost."""

import hashlib
import secrets
from datetime import datetime

from fastapi import APIRouter, Request
from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select
from starlette.responses import RedirectResponse, Response

from handlepligt.cases.fact_values import facts_of_case
from handlepligt.cases.raise_concern import raise_concern
from handlepligt.domain import danish_time
from handlepligt.domain.access import HouseAction
from handlepligt.domain.cpr import age_on, birth_date_of, parse_cpr
from handlepligt.errors import InvalidInputError, NotAllowedError
from handlepligt.web.auth import Visitor
from handlepligt.web.deps import Database, Looks, Now, OwnForm
from handlepligt.web.errors import status_of
from handlepligt.web.fact_fields import fact_field, read_fact
from handlepligt.web.forms import EMPTY, Choice, Field, Form, by_name, parse_day
from handlepligt.web.questions import read_moment
from handlepligt.web.rendering import ZONE, local_day, local_time, render
from models import AnsweredWrite
from models.session import reading, writing
from protocols.definition import Definition
from protocols.loader import library

router = APIRouter(prefix="/bekymringer")
_FACTS = "fact."
_NO_DAY = "Skriv datoen som dag, måned og år, eller lad feltet stå tomt."


@router.get("")
def show(request: Request, visitor: Looks, now: Now) -> Response:
    """The empty form."""
    _check_role(visitor)
    return _page(request, visitor, now, EMPTY, {})


@router.post("/felter")
def redraw(request: Request, form: OwnForm, visitor: Looks, now: Now) -> Response:
    """The part of the form that follows from age and protocol, for htmx; writes nothing."""
    _check_role(visitor)
    context = {"groups": _groups(visitor, now, form, {})}
    return render(request, "concerns/_protocol.html", context)


@router.post("")
def save(request: Request, form: OwnForm, visitor: Looks, engine: Database, now: Now) -> Response:
    """Raises the concern once, however often the same form is sent."""
    _check_role(visitor)
    try:
        reference = _raise_once(engine, visitor, form, now)
    except IntegrityError:
        # The same form was sent twice at the same instant; the other one has been written by now.
        with reading(engine) as session:
            earlier = _earlier(session, visitor, form)
        if earlier is None:
            raise
        reference = earlier
    except InvalidInputError as error:
        return _page(request, visitor, now, form, _placed(error.problems), status=status_of(error))
    return RedirectResponse(f"/sager/{reference}?gemt=rejst", status_code=303)


def _raise_once(engine: Engine, visitor: Visitor, form: Form, now: datetime) -> str:
    received_at, problems = _received(form, now)
    written = form.line("birth_date")
    birth_date = parse_day(written)
    if written and birth_date is None:
        problems["birth_date"] = _NO_DAY
    with writing(engine) as session:
        earlier = _earlier(session, visitor, form)
        if earlier is not None:
            return earlier
        try:
            case = raise_concern(
                session,
                by=visitor.staff,
                now=now,
                citizen_name=form.text("citizen_name"),
                summary=form.text("summary"),
                cpr=form.line("cpr") or None,
                birth_date=birth_date,
                track=form.line("track") or None,
                received_at=received_at,
                facts=_facts(form, visitor, now),
                citizen_notes=form.text("citizen_notes"),
            )
        except InvalidInputError as error:
            problems = error.problems | problems
        if problems:
            # Leaving the block takes back what was written: a case with a wrong date is no case.
            raise InvalidInputError(problems=problems)
        if form.line("form_key"):
            session.add(_answered(visitor, form, case.reference, now))
        return case.reference


def _answered(visitor: Visitor, form: Form, reference: str, now: datetime) -> AnsweredWrite:
    row = AnsweredWrite(
        staff_id=visitor.staff.id or 0,
        key=_key(form),
        request_hash=hashlib.sha256(_key(form).encode()).hexdigest(),
        status=303,
        body_sealed=b"",
        at=now,
    )
    row.body = reference
    return row


def _earlier(session: Session, visitor: Visitor, form: Form) -> str | None:
    if not form.line("form_key"):
        return None
    row = session.exec(
        select(AnsweredWrite).where(
            AnsweredWrite.staff_id == visitor.staff.id, AnsweredWrite.key == _key(form)
        )
    ).first()
    return row.body if row else None


def _key(form: Form) -> str:
    return "form:" + hashlib.sha256(form.line("form_key").encode()).hexdigest()


def _check_role(visitor: Visitor) -> None:
    if not visitor.may(HouseAction.RAISE_CONCERN):
        raise NotAllowedError(
            "this role raises no concerns", user_message="Din rolle kan ikke rejse en bekymring."
        )


def _received(form: Form, now: datetime) -> tuple[datetime | None, dict[str, str]]:
    if form.line("received_at.date") == local_day(now) and form.line("received_at.time") == local_time(now):
        return None, {}
    moment, wrong = read_moment(form, "received_at")
    if wrong:
        return None, {"received_at": wrong}
    return (datetime.fromisoformat(moment) if moment else None), {}


def _placed(problems: dict[str, str]) -> dict[str, str]:
    known = {"citizen_name", "summary", "citizen_notes", "cpr", "birth_date", "track", "received_at", "team"}
    return {(key if key in known else _FACTS + key): sentence for key, sentence in problems.items()}


def _facts(form: Form, visitor: Visitor, now: datetime) -> dict[str, object]:
    definition = _definition(form, visitor, now)
    asked = facts_of_case(definition) if definition else {}
    typed = {key: form.line(_FACTS + key) for key in asked}
    return {key: read_fact(asked[key], value) for key, value in typed.items() if value}


def _definition(form: Form, visitor: Visitor, now: datetime) -> Definition | None:
    """The protocol chosen in the form, else the one that fits the person and the age."""
    shelf = library()
    fitting = shelf.suggest(_age(form, now), visitor.staff.role)
    chosen = form.line("track")
    key = chosen if chosen in fitting else (fitting[0] if fitting else "")
    return shelf.latest(key) if key else None


def _age(form: Form, now: datetime) -> int | None:
    try:
        cpr = form.line("cpr")
        born = birth_date_of(parse_cpr(cpr)) if cpr else parse_day(form.line("birth_date"))
        return age_on(born, danish_time.in_zone(now, ZONE).date()) if born else None
    except InvalidInputError:
        return None


def _page(
    request: Request,
    visitor: Visitor,
    now: datetime,
    form: Form,
    problems: dict[str, str],
    *,
    status: int = 200,
) -> Response:
    citizen, concern = _citizen_fields(form, problems), _concern_fields(form, problems, now)
    groups = _groups(visitor, now, form, problems)
    context = {
        "groups": groups,
        "problems": problems,
        "form_key": form.line("form_key") or secrets.token_urlsafe(16),
        "citizen": citizen,
        "concern": concern,
        "named": by_name([*citizen, *concern, *groups]),
    }
    return render(request, "concerns/new.html", context, status=status)


def _citizen_fields(form: Form, problems: dict[str, str]) -> list[Field]:
    def field(name: str, label: str, kind: str = "text", help: str = "", *, required: bool = False) -> Field:
        return Field(
            name,
            label,
            kind,
            value=form.text(name),
            help=help,
            required=required,
            problem=problems.get(name, ""),
            longest=200,
        )

    return [
        field("citizen_name", "Borgerens navn", required=True),
        field("cpr", "CPR-nummer", help="Ti cifre. Lad feltet stå tomt, hvis du ikke kender det."),
        field(
            "birth_date",
            "Fødselsdato",
            "date",
            "Kun når du ikke har CPR-nummeret. Er alderen ukendt, følges den strengeste arbejdsgang.",
        ),
    ]


def _concern_fields(form: Form, problems: dict[str, str], now: datetime) -> list[Field]:
    received = (
        form.text("received_at.date") or local_day(now),
        form.text("received_at.time") or local_time(now),
    )
    return [
        Field(
            "summary",
            "Hvad er du bekymret for?",
            "long_text",
            value=form.text("summary"),
            help="Skriv det vigtigste: hvad du har set eller hørt, hvornår, og af hvem.",
            required=True,
            problem=problems.get("summary", ""),
            longest=20_000,
        ),
        Field(
            "received_at",
            "Hvornår fik I kendskab til bekymringen?",
            "datetime",
            values=received,
            help="Alle frister regnes herfra.",
            required=True,
            problem=problems.get("received_at", ""),
        ),
        Field(
            "citizen_notes",
            "Andet, man skal vide om borgeren",
            "long_text",
            value=form.text("citizen_notes"),
            help="For eksempel tolkebehov. Skriv ikke telefonnummer eller adresse.",
            problem=problems.get("citizen_notes", ""),
            longest=20_000,
        ),
    ]


def _groups(visitor: Visitor, now: datetime, form: Form, problems: dict[str, str]) -> list[Field]:
    """The protocols this person may follow for this age, and the facts the first choice asks for."""
    shelf = library()
    fitting = [shelf.latest(key) for key in shelf.suggest(_age(form, now), visitor.staff.role)]
    definition = _definition(form, visitor, now)
    fields = [
        Field(
            "track",
            "Arbejdsgang",
            "radio",
            value=definition.key if definition else "",
            choices=tuple(Choice(one.key, one.title) for one in fitting),
            help="Foreslået efter din rolle og borgerens alder.",
            required=True,
            problem=problems.get("track", ""),
        )
    ]
    for fact in facts_of_case(definition).values() if definition else ():
        name = _FACTS + fact.key
        fields.append(fact_field(fact, name, form.text(name), problems))
    return fields
