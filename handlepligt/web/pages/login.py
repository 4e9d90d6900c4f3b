"""Log-in and log-out with local accounts."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import Engine
from starlette.responses import RedirectResponse, Response

from handlepligt import clock, identity
from handlepligt.web import auth
from handlepligt.web.deps import AnyForm, Chosen, Database, MayLook, OwnForm
from handlepligt.web.forms import Form
from handlepligt.web.rendering import render
from models.session import reading, writing

router = APIRouter()
# Each check takes 19 MiB and a core: a burst of log-ins waits in line instead of filling the memory.
_CHECKS_AT_ONCE = asyncio.Semaphore(4)


@router.get("/log-ind")
def show(request: Request, visitor: MayLook, til: Annotated[str, Query(max_length=200)] = "") -> Response:
    """The log-in page; somebody who is logged in already goes on."""
    if visitor is not None:
        return RedirectResponse(_local(til), status_code=303)
    return _page(request, to=_local(til))


@router.post("/log-ind")
async def log_in(request: Request, form: AnyForm, engine: Database, settings: Chosen) -> Response:
    """Lets in who proves to be who they say, after a wait that grows with the failures before."""
    source = request.client.host if request.client else ""
    username, to = form.line("username")[:200], _local(form.text("to"))
    delay = await run_in_threadpool(_delay, engine, username, source)
    await asyncio.sleep(delay)
    try:
        async with _CHECKS_AT_ONCE:
            started = await run_in_threadpool(_log_in, request, engine, form, username, source)
    except identity.LogInRefusedError as error:
        return _page(
            request, to=to, username=username, problem=error.user_message, status=401, resume=_kept(form)
        )
    if form.line("resume_path") and started.replaced_own:
        response: Response = await run_in_threadpool(_resume, request, form, started.secret)
    else:
        response = RedirectResponse(to, status_code=303)
    auth.set_cookie(response, settings, started.secret)
    return response


@router.post("/log-ud")
def log_out(request: Request, form: OwnForm, engine: Database, settings: Chosen) -> Response:
    """Ends the session here and in the browser."""
    with writing(engine) as session:
        identity.end_session(session, auth.secret_of(request), now=clock.now())
    response = RedirectResponse("/log-ind", status_code=303)
    auth.clear_cookie(response, settings)
    return response


def _delay(engine: Engine, username: str, source: str) -> float:
    with reading(engine) as session:
        return identity.delay_before_answer(
            session, username=username, source=source, now=clock.now()
        ).total_seconds()


def _log_in(
    request: Request, engine: Engine, form: Form, username: str, source: str
) -> identity.StartedSession:
    with writing(engine) as session:
        return identity.log_in(
            session,
            username=username,
            passphrase=form.text("passphrase"),
            source=source,
            now=clock.now(),
            replaces=auth.secret_of(request),
        )


def _page(
    request: Request,
    *,
    to: str,
    username: str = "",
    problem: str = "",
    status: int = 200,
    resume: tuple[str, list[tuple[str, str]]] = ("", []),
) -> Response:
    context = {"visitor": None, "to": to, "username": username, "problem": problem}
    kept = {"resume_path": resume[0], "resume": resume[1]}
    return render(request, "login/show.html", {**context, **kept}, status=status)


def _kept(form: Form) -> tuple[str, list[tuple[str, str]]]:
    """Where a form was on its way when its session had ended, and what stood in it."""
    fields = form.under("resume.").items()
    path = form.line("resume_path")
    return (path if _local(path) == path else "/"), [(name, one) for name, found in fields for one in found]


def _resume(request: Request, form: Form, secret: str) -> Response:
    """What was typed before the session ended, to be sent on with the token of the new one.

    Only to the one whose session it was: what one person typed is not for the next at the machine.
    """
    path, fields = _kept(form)
    visitor = auth.visitor_of(request, secret)
    context = {"visitor": visitor, "resume_path": path, "resume": fields}
    return render(request, "login/resume.html", context)


def _local(to: str) -> str:
    # Only a path of our own: "//elsewhere" and "/\\elsewhere" lead a browser to another host.
    is_path = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable() and "\\" not in to
    return to if is_path and not to.startswith("/log-") else "/"
