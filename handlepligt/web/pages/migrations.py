"""Moves of cases between versions (flytninger): what each would do, proposed, approved, refused, undone."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from sqlalchemy import Engine
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from handlepligt.domain.access import HouseAction
from handlepligt.errors import (
    ConflictError,
    HandlepligtError,
    InvalidInputError,
    NotFoundError,
    RefusedByRuleError,
)
from handlepligt.protocol_versions.approve_migration import approve_migration
from handlepligt.protocol_versions.proposals import (
    look_at_move,
    propose_migration,
    waiting_migration,
    withdraw_migration,
)
from handlepligt.protocol_versions.undo_migration import undo_migration
from handlepligt.protocol_versions.view_move import view_move
from handlepligt.protocol_versions.view_versions import case_id_named, cases_on_other_versions
from handlepligt.web.auth import Visitor
from handlepligt.web.deps import Database, Looks, Now, OwnForm
from handlepligt.web.errors import status_of
from handlepligt.web.forms import Field
from handlepligt.web.rendering import render
from models import CaseMigration
from models.session import writing
from protocols.loader import library
from protocols.problems import UnknownDefinitionError

router = APIRouter(prefix="/flytninger")
FACE = "web"
MOST_AT_ONCE = 50
NOTICES = {
    "foreslaaet": "Flytningen er foreslået. En leder for sagen skal godkende den.",
    "godkendt": "Sagen er flyttet. Handlepligten er uændret.",
    "afvist": "Forslaget er taget af bordet. Sagen bliver på sin version.",
    "fortrudt": "Flytningen er fortrudt. Trin og frister er, som de var.",
}


@router.get("")
def choose(
    request: Request, visitor: Looks, engine: Database, now: Now, arbejdsgang: str = "", til: str = "",
    foreslaaet: int = 0,
) -> Response:  # fmt: skip
    """The open cases on other versions of a protocol, each with what the move would do."""
    return _several(request, visitor, engine, now, arbejdsgang, til, proposed=foreslaaet)


@router.post("")
def propose_several(request: Request, form: OwnForm, visitor: Looks, engine: Database, now: Now) -> Response:
    """Proposes the move of each case that was chosen; one that cannot be moved does not stop the others."""
    key, version, done = form.line("arbejdsgang"), form.line("til"), 0
    refused: list[str] = []
    for reference in form.many("sag")[:MOST_AT_ONCE]:
        try:
            with writing(engine) as session:
                case_id = case_id_named(session, reference, by=visitor.staff, now=now, face=FACE)
                propose_migration(
                    session, case_id=case_id, to_version=version, reason=form.text("reason"),
                    by=visitor.staff, now=now,
                )  # fmt: skip
            done += 1
        except InvalidInputError as error:
            refused = [error.user_message]
            break
        except (ConflictError, RefusedByRuleError) as error:
            refused.append(f"{reference}: {error.user_message}")
    if not form.many("sag"):
        refused = ["Vælg mindst én sag."]
    if refused:
        return _several(
            request, visitor, engine, now, key, version, chosen=form.many("sag"), reason=form.text("reason"),
            sentences=tuple(refused), proposed=done, status=422,
        )  # fmt: skip
    return RedirectResponse(f"/flytninger?arbejdsgang={key}&til={version}&foreslaaet={done}", status_code=303)


@router.get("/{reference}")
def show(
    request: Request,
    reference: str,
    visitor: Looks,
    engine: Database,
    now: Now,
    til: str = "",
    gemt: str = "",
) -> Response:
    """One case: the proposal that waits, or what a chosen version would do."""
    return _one(request, reference, visitor, engine, now, version=til, notice=NOTICES.get(gemt, ""))


@router.post("/{reference}")
def propose(
    request: Request, reference: str, form: OwnForm, visitor: Looks, engine: Database, now: Now
) -> Response:
    """Proposes that the case goes on under another version."""
    version, reason = form.line("til"), form.text("reason")

    def verb(session: Session, case_id: str) -> None:
        propose_migration(
            session, case_id=case_id, to_version=version, reason=reason, by=visitor.staff, now=now
        )

    return _carried_out(request, reference, visitor, engine, now, verb, "foreslaaet", version, reason)


@router.post("/{reference}/godkend")
def approve(
    request: Request, reference: str, form: OwnForm, visitor: Looks, engine: Database, now: Now
) -> Response:
    """Moves the case as it was shown."""

    def verb(session: Session, case_id: str) -> None:
        migration_id = _of_case(session, form.line("forslag"), case_id)
        approve_migration(
            session, migration_id=migration_id, by=visitor.staff, now=now, seen=form.line("set") or "-"
        )

    return _carried_out(request, reference, visitor, engine, now, verb, "godkendt")


@router.post("/{reference}/afvis")
def refuse(
    request: Request, reference: str, form: OwnForm, visitor: Looks, engine: Database, now: Now
) -> Response:
    """Turns the proposal down, or takes it back."""

    def verb(session: Session, case_id: str) -> None:
        migration_id = _of_case(session, form.line("forslag"), case_id)
        withdraw_migration(session, migration_id=migration_id, by=visitor.staff, now=now)

    return _carried_out(request, reference, visitor, engine, now, verb, "afvist")


@router.post("/{reference}/fortryd")
def undo(
    request: Request, reference: str, form: OwnForm, visitor: Looks, engine: Database, now: Now
) -> Response:
    """Takes the case back to the version it came from."""

    def verb(session: Session, case_id: str) -> None:
        migration_id = _of_case(session, form.line("forslag"), case_id)
        undo_migration(session, migration_id=migration_id, by=visitor.staff, now=now)

    return _carried_out(request, reference, visitor, engine, now, verb, "fortrudt")


def _carried_out(
    request: Request,
    reference: str,
    visitor: Visitor,
    engine: Engine,
    now: datetime,
    verb: Any,
    done: str,
    version: str = "",
    reason: str = "",
) -> Response:
    try:
        with writing(engine) as session:
            verb(session, case_id_named(session, reference, by=visitor.staff, now=now, face=FACE))
    except (InvalidInputError, ConflictError, RefusedByRuleError) as error:
        return _one(
            request, reference, visitor, engine, now, version=version, reason=reason, error=error,
            status=status_of(error),
        )  # fmt: skip
    return RedirectResponse(f"/flytninger/{reference}?gemt={done}", status_code=303)


def _of_case(session: Session, migration_id: str, case_id: str) -> str:
    """The id, when it is of this case; an id nobody has otherwise."""
    row = session.get(CaseMigration, migration_id) if "\x00" not in migration_id else None
    return migration_id if row is not None and row.case_id == case_id else ""


def _several(
    request: Request,
    visitor: Visitor,
    engine: Engine,
    now: datetime,
    key: str,
    version: str,
    *,
    chosen: tuple[str, ...] = (),
    reason: str = "",
    sentences: tuple[str, ...] = (),
    proposed: int = 0,
    status: int = 200,
) -> Response:
    if not (visitor.may(HouseAction.PROPOSE_MIGRATIONS) or visitor.may(HouseAction.SEE_BOARD)):
        raise NotFoundError("not for this role")
    try:
        definition = library().get(key, version)
    except UnknownDefinitionError as error:
        raise NotFoundError(str(error)) from None
    with writing(engine) as session:
        found = cases_on_other_versions(session, key, version, by=visitor.staff, limit=MOST_AT_ONCE)
        rows = [
            (
                *look_at_move(
                    session, case_id=case.id, to_version=version, by=visitor.staff, now=now, face=FACE
                ),
                waiting_migration(session, case),
            )
            for case in found
        ]
    context = {
        "definition": definition,
        "now": now,
        "rows": rows,
        "is_cut": len(rows) == MOST_AT_ONCE,
        "chosen": chosen,
        "field": Field("reason", "Hvorfor skal sagerne flyttes?", "long_text", value=reason, required=True),
        "sentences": sentences,
        "proposed": proposed,
    }
    return render(request, "migrations/choose.html", context, status=status)


def _one(
    request: Request,
    reference: str,
    visitor: Visitor,
    engine: Engine,
    now: datetime,
    *,
    version: str = "",
    reason: str = "",
    notice: str = "",
    error: HandlepligtError | None = None,
    status: int = 200,
) -> Response:
    with writing(engine) as session:
        case_id = case_id_named(session, reference, by=visitor.staff, now=now, face=FACE)
        view = view_move(session, case_id=case_id, version=version, by=visitor.staff, now=now, face=FACE)
    problems = error.problems if isinstance(error, InvalidInputError) else {}
    context = {
        "view": view,
        "now": now,
        "field": Field(
            "reason", "Hvorfor skal sagen flyttes?", "long_text", value=reason, required=True,
            problem=problems.get("reason", ""),
        ),
        "sentence": error.user_message if error else "",
        "notice_text": notice,
    }  # fmt: skip
    return render(request, "migrations/show.html", context, status=status)
