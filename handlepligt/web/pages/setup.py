"""The one-time link by which one person chooses a passphrase; the first makes the first administrator."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from handlepligt import clock, identity
from handlepligt.errors import InvalidInputError
from handlepligt.web import auth
from handlepligt.web.deps import AnyForm, Chosen, Database
from handlepligt.web.forms import EMPTY, Field, Form, by_name
from handlepligt.web.rendering import render
from models import Staff
from models.session import reading, writing

router = APIRouter()


@router.get("/opsaetning/{secret}")
def show(request: Request, secret: str, engine: Database) -> Response:
    """The page behind the link, for as long as the link can be used."""
    return _page(request, secret, engine, EMPTY, {})


@router.post("/opsaetning/{secret}")
def choose(request: Request, secret: str, form: AnyForm, engine: Database, settings: Chosen) -> Response:
    """Takes the link, sets the passphrase and logs its owner in."""
    now = clock.now()
    problems: dict[str, str] = {}
    if form.text("passphrase") != form.text("again"):
        problems["again"] = "De to adgangssætninger er ikke ens. Skriv den samme begge steder."
    try:
        with writing(engine) as session:
            if problems:
                identity.setup_link_of(session, secret, now=now)
                raise InvalidInputError(problems=problems)
            staff = identity.use_setup_link(
                session,
                secret,
                passphrase=form.text("passphrase"),
                now=now,
                username=form.line("username"),
                name=form.line("name"),
            )
            started = identity.start_session(session, staff, now=now, replaces=auth.secret_of(request))
    except InvalidInputError as error:
        return _page(request, secret, engine, form, error.problems)
    response = RedirectResponse("/", status_code=303)
    auth.set_cookie(response, settings, started.secret)
    return response


def _page(request: Request, secret: str, engine: Database, form: Form, problems: dict[str, str]) -> Response:
    with reading(engine) as session:
        link = identity.setup_link_of(session, secret, now=clock.now())
        staff = session.get(Staff, link.staff_id) if link.staff_id is not None else None
    fields = _fields(form, problems, is_new=staff is None)
    context = {
        "visitor": None,
        "for_username": staff.username if staff else "",
        "fields": fields,
        "named": by_name(fields),
        "problems": problems,
    }
    return render(request, "login/setup.html", context, status=422 if problems else 200)


def _fields(form: Form, problems: dict[str, str], *, is_new: bool) -> list[Field]:
    def field(name: str, label: str, kind: str = "text", help: str = "", autocomplete: str = "off") -> Field:
        return Field(
            name,
            label,
            kind,
            value=form.text(name),
            help=help,
            required=True,
            problem=problems.get(name, ""),
            longest=identity.LONGEST_PASSPHRASE if kind == "password" else 120,
            autocomplete=autocomplete,
        )

    chosen = [
        field("username", "Brugernavn", help="For eksempel dine initialer.", autocomplete="username"),
        field("name", "Navn", autocomplete="name"),
    ]
    rule = f"Mindst {identity.SHORTEST_PASSPHRASE} tegn. Fire tilfældige ord er lette at huske."
    return [
        *(chosen if is_new else []),
        field("passphrase", "Adgangssætning", "password", rule, "new-password"),
        field("again", "Adgangssætning igen", "password", autocomplete="new-password"),
    ]
